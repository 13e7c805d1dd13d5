"""Heatmap volumes as parameter-free modules: what an ActionModel puts in front of its network."""

from __future__ import annotations

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn

from posecube.representation.buffers import MIN_CONFIDENCE, Combine
from posecube.representation.joint_volume import render_joint_volume
from posecube.representation.limb_volume import render_limb_volume
from posecube.skeleton.layout import SkeletonLayout


class VolumeSpec(BaseModel):
    """What a heatmap volume shows.

    Attributes:
        shows: One channel a joint, or one a limb; or "grey": all joints added up in one channel, as the contrastive
            training's report has them.
        sigma_px: Spread of the Gaussian in map pixels.
        combine: How people who meet in a channel are combined: published weights saw the maximum, the paper's text adds
            up.
        min_confidence: Joints below it draw nothing; pyskl leaves out those below 0.001, MMAction2 below 0.0001.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    spaces: ClassVar[tuple[str, ...]] = ("map",)  # of the clip, in which it finds the joints

    kind: Literal["volume"] = "volume"
    shows: Literal["joints", "limbs", "grey"] = "joints"
    sigma_px: float = Field(default=0.6, gt=0.0)
    combine: Combine = "max"
    min_confidence: float = Field(default=MIN_CONFIDENCE, ge=0.0)

    def num_channels(self, layout: SkeletonLayout) -> int:
        return {"joints": layout.num_joints, "limbs": layout.num_limbs, "grey": 1}[self.shows]


class HeatmapVolume(nn.Module):
    """Coordinates to a joint or limb volume; has no parameters and draws on the device of its input.

    While evaluating without gradients it draws into one buffer again and again, so what it returned last is overwritten
    by the next call.

    Args:
        size_hw: Height and width of the map.
        test_size_hw: The same for evaluation mode, where it is another one.
    """

    def __init__(
        self,
        spec: VolumeSpec,
        layout: SkeletonLayout,
        *,
        size_hw: tuple[int, int],
        test_size_hw: tuple[int, int] | None = None,
    ) -> None:
        super().__init__()
        self.spec = spec
        self.train_size_hw = size_hw
        self.test_size_hw = test_size_hw or size_hw
        self.layout = layout
        self._buffer: Tensor | None = None

    @property
    def size_hw(self) -> tuple[int, int]:
        """Height and width that the next volume will have."""
        return self.train_size_hw if self.training else self.test_size_hw

    def forward(
        self,
        keypoints_xy: Float[Tensor, "N M T V 2"],
        confidence: Float[Tensor, "N M T V"],
        *,
        mirrored: bool = False,
    ) -> Float[Tensor, "N V T H W"]:
        """Draw clips.

        Args:
            mirrored: The joints are mirrored ones: draw what they were mirrored from, and mirror its pixels. Published
                tests do so; as spots are cut by truncating toward zero, it is not quite what drawing them gives.
        """
        if mirrored:
            last = keypoints_xy.new_tensor([self.size_hw[1] - 1, 0.0])
            keypoints_xy = last + keypoints_xy * keypoints_xy.new_tensor([-1.0, 1.0])
        keeps_buffer = not self.training and not torch.is_grad_enabled()
        out = self._fitting_buffer(confidence) if keeps_buffer else None
        options = {**self.spec.model_dump(exclude={"kind", "shows"}), "size_hw": self.size_hw, "mirrored": mirrored}
        if self.spec.shows != "limbs":
            volume = render_joint_volume(keypoints_xy, confidence, out=out, **options)
        else:
            limbs = _ends_mirrored(self.layout) if mirrored else self.layout.limbs
            volume = render_limb_volume(keypoints_xy, confidence, limbs=limbs, out=out, **options)
        self._buffer = volume if keeps_buffer else None
        return volume.sum(dim=1, keepdim=True) if self.spec.shows == "grey" else volume

    def _fitting_buffer(self, confidence: Float[Tensor, "N M T V"]) -> Tensor | None:
        """The last volume if the next one has its shape, type and place."""
        buffer = self._buffer
        if buffer is None or buffer.dtype != confidence.dtype or buffer.device != confidence.device:
            return None
        if buffer.is_inference() and not torch.is_inference_mode_enabled():
            return None  # torch lets nobody write into it any more
        num_clips, _, num_frames, num_joints = confidence.shape
        channels = self.layout.num_limbs if self.spec.shows == "limbs" else num_joints
        return buffer if buffer.shape == (num_clips, channels, num_frames, *self.size_hw) else None


def _ends_mirrored(layout: SkeletonLayout) -> tuple[tuple[int, int], ...]:
    """Limbs that begin where their mirror images do: one shorter than a pixel is drawn as its first joint."""
    images = [layout.limbs[limb] for limb in layout.limb_mirror]
    return tuple((layout.joint_mirror[first], layout.joint_mirror[last]) for first, last in images)
