"""3D joints as three heatmap volumes: seen from the front, from the side and from above."""

from __future__ import annotations

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn

from posecube.representation.buffers import MIN_CONFIDENCE, Combine
from posecube.representation.joint_volume import render_joint_volume
from posecube.skeleton.layout import SkeletonLayout

PLANES = ((0, 1), (2, 1), (0, 2))  # (x, y), (z, y), (x, z): the axes that become the map's x and y
_LEAST_EXTENT_M = 0.5  # a clip of one joint, or of none, is not enlarged without end


class PlaneSpec(BaseModel):
    """Three joint volumes side by side in the channels, all at one scale.

    Attributes:
        size_hw: Height and width of each map.
        sigma_px: Spread of the Gaussian in map pixels.
        combine: How people who meet in a channel are combined.
        padding: Fraction by which the box around all joints of the clip is widened.
        min_confidence: Joints below it draw nothing.

    Source: PoseConv3D section 3.1, footnote 3: a 3D skeleton as three 2D ones, of (x, y), (y, z) and (x, z).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    spaces: ClassVar[tuple[str, ...]] = ("body", "upright")

    kind: Literal["planes"] = "planes"
    size_hw: tuple[int, int] = (56, 56)
    sigma_px: float = Field(default=0.6, gt=0.0)
    combine: Combine = "max"
    padding: float = Field(default=0.1, ge=0.0)
    min_confidence: float = Field(default=MIN_CONFIDENCE, ge=0.0)

    def num_channels(self, layout: SkeletonLayout) -> int:
        return len(PLANES) * layout.num_joints


class PlaneVolumes(nn.Module):
    """Metres to three volumes in one; has no parameters."""

    def __init__(self, spec: PlaneSpec) -> None:
        super().__init__()
        self.spec = spec

    def forward(
        self, keypoints: Float[Tensor, "N M T V 3"], confidence: Float[Tensor, "N M T V"]
    ) -> Float[Tensor, "N 3V T H W"]:
        """Draw clips; up is up in the front and side views, and away is down in the view from above."""
        scaled = self._on_maps(keypoints, confidence)
        options = self.spec.model_dump(exclude={"kind", "padding"})
        volumes = [render_joint_volume(scaled[..., list(axes)], confidence, **options) for axes in PLANES]
        return torch.cat(volumes, dim=1)

    def _on_maps(
        self, keypoints: Float[Tensor, "N M T V 3"], confidence: Float[Tensor, "N M T V"]
    ) -> Float[Tensor, "N M T V 3"]:
        """Pixels along each axis: the middle of the box of all seen joints lies in the middle of the maps."""
        seen = (confidence > 0)[..., None]
        inner = (1, 2, 3)
        low = keypoints.masked_fill(~seen, torch.inf).amin(dim=inner, keepdim=True)
        high = keypoints.masked_fill(~seen, -torch.inf).amax(dim=inner, keepdim=True)
        is_empty = low > high
        middle = torch.where(is_empty, 0.0, (low + high) / 2)
        extent = torch.where(is_empty, 0.0, high - low).amax(dim=-1, keepdim=True).clamp(min=_LEAST_EXTENT_M)
        height, width = self.spec.size_hw
        scale = (min(height, width) - 1) / (extent * (1 + self.spec.padding))
        upright = keypoints.new_tensor([1.0, -1.0, 1.0])  # a picture's y points down
        return (keypoints - middle) * scale * upright + keypoints.new_tensor([width - 1, height - 1, width - 1]) / 2
