"""Crowded clips of the studio with everybody's exact joints and ids, bystanders too, for measuring a tracker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float32, UInt8
from numpy import ndarray

from posecube.skeleton.layouts import COCO17
from posecube.video.frame import Frame
from posecube_studio.clip import render_take
from posecube_studio.conditions import find_conditions
from posecube_studio.take import Take, plan_take
from posecube_studio.truth import below_skin, is_seen

ACTIONS = ("walk", "handshake", "run", "hug", "jumping_jacks", "push", "throw", "turn")
SIZE_HW = (256, 456)


@dataclass(frozen=True)
class Crowd:
    """One clip; a person's number is the first index.

    Attributes:
        keypoints_xy: Of performers, then bystanders; exact where hidden too. (M, T, 17, 2)
        is_seen: Joints that the camera sees. (M, T, 17)
    """

    name: str
    fps: float
    images: UInt8[ndarray, "T H W 3"]
    keypoints_xy: Float32[ndarray, "M T 17 2"]
    is_seen: Bool[ndarray, "M T 17"]

    def frames(self) -> Iterator[Frame]:
        """As a video gives them."""
        return (Frame(index, index / self.fps, image) for index, image in enumerate(self.images))


def render_crowds(
    actions: Sequence[str] = ACTIONS, *, seeds: Sequence[int] = (0, 1), bystanders: int = 4, num_frames: int = 64,
    fps: int = 15,
) -> Iterator[Crowd]:  # fmt: skip
    """Each action in the studio's crowded conditions, by somebody else each time, with more bystanders."""
    conditions = replace(find_conditions("crowded"), bystanders=bystanders)
    for seed in seeds:
        for index, action in enumerate(actions):
            take = plan_take(
                action, subject=2 * index + seed, view=(index + seed) % 3, seed=seed, num_frames=num_frames,
                size_hw=SIZE_HW, fps=fps, conditions=conditions,
            )  # fmt: skip
            yield _rendered(take)


def _rendered(take: Take) -> Crowd:
    people = (*take.performers, *take.bystanders)
    joints_m = np.stack([person.posture.joints(COCO17) for person in people])
    below_m = below_skin(COCO17) * np.array([person.person.shape.height_m for person in people])[:, None]
    images, points, seen = [], [], []
    for index, (lens, picture) in enumerate(zip(take.lenses, render_take(take), strict=True)):
        points_xy, depth_m = lens.project(joints_m[:, index])
        images.append(picture.image)
        points.append(points_xy.astype(np.float32))
        seen.append(is_seen(points_xy, depth_m, below_m, picture))
    name = f"{take.action} {take.seed}"
    return Crowd(name, float(take.fps), np.stack(images), np.stack(points, axis=1), np.stack(seen, axis=1))
