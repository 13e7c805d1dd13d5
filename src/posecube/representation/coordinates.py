"""Raw coordinates as the channels of a clip of one pixel, for networks that read volumes."""

from __future__ import annotations

from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict
from torch import Tensor, nn

from posecube.skeleton.layout import SkeletonLayout


class CoordinateSpec(BaseModel):
    """Pixels on the map, two channels a joint of each person; nothing is drawn.

    Source: the contrastive training's report, section III.A: "pure skeletons"; its code has two people, the first one
    twice where there is one, and no confidences.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    spaces: ClassVar[tuple[str, ...]] = ("map",)  # of the clip, in which it finds the joints

    kind: Literal["coordinates"] = "coordinates"

    def num_channels(self, layout: SkeletonLayout, *, max_people: int) -> int:
        return 2 * layout.num_joints * max_people


class CoordinateChannels(nn.Module):
    """Coordinates to a volume of one pixel a frame; has no parameters.

    Someone who is absent from the whole clip stands where the first person does; missing joints lie at the origin.
    """

    def forward(
        self, keypoints_xy: Float[Tensor, "N M T V 2"], confidence: Float[Tensor, "N M T V"]
    ) -> Float[Tensor, "N C T 1 1"]:
        is_absent = (confidence == 0).flatten(2).all(dim=2)[:, :, None, None, None]
        seen = keypoints_xy * (confidence > 0)[..., None]
        people = torch.where(is_absent, seen[:, :1], seen)
        return people.permute(0, 1, 3, 4, 2).flatten(1, 3)[..., None, None]
