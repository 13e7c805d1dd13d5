"""Coordinates as graph networks read them: joints or bones; whether positions or motion, the ClipSpec has decided.

The published streams are joint, bone, joint motion and bone motion. A bone is a difference of two joints and motion
a difference of two frames, so the order of the two does not matter: a bone of motions is the motion of a bone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict
from torch import Tensor, nn

from posecube.errors import UserError
from posecube.skeleton.layout import SkeletonLayout
from posecube.skeleton.layouts import COCO17, H36M17


class StreamSpec(BaseModel):
    """What a graph network, or a transformer, reads of the joints.

    Attributes:
        shows: Joints, or bones: each joint from the one nearer to the body's centre.
        with_confidence: Append the confidence as a further channel, as published networks on 2D joints read it.
        confidence_order: Whose confidence that is: each joint's own, or with "coco17", for layout h36m17, that of
            COCO's joint of the same number, as MotionBERT's published weights for actions saw it. Eyes and ears have
            the head's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    spaces: ClassVar[tuple[str, ...]] = (
        "image",
        "square",
        "body",
        "upright",
    )  # of the clip, in which it finds the joints

    kind: Literal["streams"] = "streams"
    shows: Literal["joints", "bones"] = "joints"
    with_confidence: bool = False
    confidence_order: Literal["joints", "coco17"] = "joints"

    def num_channels(self, num_axes: int) -> int:
        """C of the network's input for joints of so many axes."""
        return num_axes + self.with_confidence


class SkeletonStreams(nn.Module):
    """Coordinates to a graph network's input; has no parameters.

    Raises:
        UserError: If confidences are asked for in the order of COCO's joints and the layout is not Human3.6M's.
    """

    def __init__(self, spec: StreamSpec, layout: SkeletonLayout) -> None:
        super().__init__()
        self.spec = spec
        self.parents = layout.bone_parents
        self.confidence_of = None if spec.confidence_order == "joints" else in_coco_order(layout)

    def forward(
        self, keypoints: Float[Tensor, "N M T V C"], confidence: Float[Tensor, "N M T V"]
    ) -> Float[Tensor, "N M T V D"]:
        if self.spec.shows == "bones":
            keypoints, confidence = bones_of(keypoints, confidence, parents=self.parents)
        if self.confidence_of is not None:
            confidence = confidence[..., self.confidence_of]
        if self.spec.with_confidence:
            keypoints = torch.cat([keypoints, confidence[..., None]], dim=-1)
        return keypoints


def in_coco_order(layout: SkeletonLayout) -> list[int]:
    """For each joint of COCO's, in order, the one of Human3.6M's layout whose confidence stands for it.

    Raises:
        UserError: If the layout is another one.
    """
    if layout.name != H36M17.name:
        raise UserError(f"confidence_order 'coco17' is for layout {H36M17.name}, got {layout.name}: choose 'joints'")
    return [layout.index(joint if joint in layout.joints else "head") for joint in COCO17.joints]


def bones_of(
    keypoints: Float[Tensor, "*N M T V C"], confidence: Float[Tensor, "*N M T V"], *, parents: Sequence[int]
) -> tuple[Float[Tensor, "*N M T V C"], Float[Tensor, "*N M T V"]]:
    """Each joint from its parent, and the mean confidence of the two; where one is missing, nothing.

    Args:
        parents: ``SkeletonLayout.bone_parents``; a joint that is its own parent gives 0.

    Source: the bone stream of two-stream graph networks (Shi et al., 2019), channels as in public code. There a missing
    joint at (0, 0) still makes a bone; here it makes none.
    """
    parents = list(parents)
    is_whole = (confidence > 0) & (confidence[..., parents] > 0)
    bones = (keypoints - keypoints[..., parents, :]) * is_whole[..., None]
    return bones, (confidence + confidence[..., parents]) / 2 * is_whole
