"""DSC3D (dark skeleton 3D convolution): skeleton attention in front of a PoseConv3D network.

layer                                        output (C, T, H, W)
skeleton attention, 10 heads, residual        17  48 56 56        0.13 M parameters
PoseConv3D, SlowOnly if nothing else is said  see posec3d_slowonly
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Literal

from jaxtyping import Float
from pydantic import Field, NonNegativeInt
from torch import Tensor, nn

from posecube.errors import UserError
from posecube.networks.dsc3d.attention import SkeletonAttention
from posecube.networks.posec3d import PoseC3D, PoseC3DSpec, PoseSlowOnly, PoseSlowOnlySpec, PoseX3D, PoseX3DSpec
from posecube.networks.spec import NetworkSpec

BACKBONES: dict[str, type[nn.Module]] = {"slowonly": PoseSlowOnly, "c3d": PoseC3D, "x3d": PoseX3D}


class DSC3D(nn.Module):
    """Heatmap volume to logits.

    Args:
        num_joints: Input channels: joints, or limbs.
        backbone: A name of ``BACKBONES``.
        num_heads: Heads of the attention; 0 leaves it out.
        per_frame: Attention mixes each frame on its own.
        backbone_arguments: What the backbone's constructor takes.

    Raises:
        UserError: If there is no such backbone.

    Source: DSC3D section III; the paper's backbone is SlowOnly. Enhancement and denoising come before the network: see
    docs/dark-videos.md.
    """

    def __init__(
        self,
        *,
        num_classes: int,
        num_joints: int = 17,
        backbone: str = "slowonly",
        num_heads: int = 10,
        per_frame: bool = False,
        **backbone_arguments: Any,
    ) -> None:
        super().__init__()
        if backbone not in BACKBONES:
            raise UserError(f"unknown backbone {backbone!r}; known: {', '.join(BACKBONES)}")
        self.attention = (
            SkeletonAttention(num_joints=num_joints, num_heads=num_heads, per_frame=per_frame)
            if num_heads
            else nn.Identity()
        )
        self.backbone = BACKBONES[backbone](num_classes=num_classes, num_joints=num_joints, **backbone_arguments)

    def forward(self, volume: Float[Tensor, "N V T H W"]) -> Float[Tensor, "N K"]:
        return self.backbone(self.attention(volume))


class Dsc3dSpec(NetworkSpec):
    """Sizes of ``DSC3D``: its attention's, and those of the network behind."""

    module = DSC3D
    reads = "volume"

    name: Literal["dsc3d"] = "dsc3d"
    backbone: PoseSlowOnlySpec | PoseC3DSpec | PoseX3DSpec = Field(default=PoseSlowOnlySpec(), discriminator="name")
    num_heads: NonNegativeInt = 10
    per_frame: bool = False

    @property
    def arguments(self) -> dict[str, Any]:
        backbone = self.backbone.name.removeprefix("posec3d_")
        return super().arguments | {"backbone": backbone} | self.backbone.arguments

    @property
    def relative_width(self) -> Fraction:
        return self.backbone.relative_width
