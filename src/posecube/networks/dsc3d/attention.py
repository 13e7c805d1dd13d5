"""Skeleton attention: each joint's heatmap takes in those of the joints that matter to it.

The paper's equation 4 multiplies by the skeleton twice, so what its heads make can only be a matrix that mixes joints;
sizes that it leaves open are our reading, see the layer.
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

_FIRST_MIX = 1e-3  # spread of the mixing weights at first: training begins at the network without attention


class SkeletonAttention(nn.Module):
    """A heatmap volume to one of the same shape: s' = attn · s + s.

    Each joint is described by its volume, averaged to a small grid, and by an embedding of its own. Ten heads compare
    joints; their (V, V) maps lie side by side and W^O, (10 V, V), makes one matrix of them.

    Args:
        num_heads: The paper's M.
        head_channels: Width d_k of a head's queries and keys.
        grid: What a volume is averaged to along (time, height, width); of one frame where ``per_frame``.
        per_frame: Mix each frame by a matrix of its own instead of the whole clip by one.

    Source: DSC3D section III.D, equation 4. The averaged grid, the joint embedding and the small first weights are
    ours: no size of a volume divides by 10 heads, and attention over its pixels would have 10^8 weights.
    """

    def __init__(
        self,
        *,
        num_joints: int = 17,
        num_heads: int = 10,
        head_channels: int = 32,
        grid: tuple[int, int, int] = (4, 7, 7),
        per_frame: bool = False,
    ) -> None:
        super().__init__()
        self.num_heads = num_heads
        self.grid = grid
        self.per_frame = per_frame
        num_values = grid[1] * grid[2] * (1 if per_frame else grid[0])
        self.norm = nn.LayerNorm(num_values)
        self.joint_embedding = nn.Parameter(torch.zeros(num_joints, num_values))
        self.queries = nn.Linear(num_values, num_heads * head_channels, bias=False)
        self.keys = nn.Linear(num_values, num_heads * head_channels, bias=False)
        self.mix = nn.Linear(num_heads * num_joints, num_joints, bias=False)
        nn.init.normal_(self.joint_embedding, std=0.02)
        nn.init.normal_(self.mix.weight, std=_FIRST_MIX)

    def forward(self, volume: Float[Tensor, "N V T H W"]) -> Float[Tensor, "N V T H W"]:
        if not self.per_frame:
            attention = self.attention(F.adaptive_avg_pool3d(volume, self.grid).flatten(2))
            return volume + torch.einsum("nij,njthw->nithw", attention, volume)
        grids = F.adaptive_avg_pool3d(volume, (volume.shape[2], *self.grid[1:]))
        attention = self.attention(grids.permute(0, 2, 1, 3, 4).flatten(3))
        return volume + torch.einsum("ntij,njthw->nithw", attention, volume)

    def attention(self, described: Float[Tensor, "*N V D"]) -> Float[Tensor, "*N V V"]:
        """The matrix that mixes joints: row i says what joint i takes in of the others."""
        joints = self.norm(described) + self.joint_embedding
        queries, keys = (self._by_head(of_all(joints)) for of_all in (self.queries, self.keys))
        maps = torch.softmax(queries @ keys.transpose(-2, -1) / queries.shape[-1] ** 0.5, dim=-1)
        return self.mix(maps.transpose(-3, -2).flatten(-2))

    def _by_head(self, values: Float[Tensor, "*N V HD"]) -> Float[Tensor, "*N H V D"]:
        return values.unflatten(-1, (self.num_heads, -1)).transpose(-3, -2)
