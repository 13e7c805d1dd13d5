"""A take becomes pictures: the figure and its prop drawn frame by frame, and which joints the camera sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from jaxtyping import Float32, UInt8
from numpy import ndarray

from posecube.skeleton import SkeletonSequence, find_layout
from posecube.studio.body import BONES, SIDES
from posecube.studio.conditions import GOOD_CONDITIONS, Conditions
from posecube.studio.figure import dress
from posecube.studio.paint import make_paint
from posecube.studio.render import Picture, Renderer, ShadowMap
from posecube.studio.scene import find_place, paint_backing
from posecube.studio.solid import Solid, SolidTable
from posecube.studio.take import Take, plan_take

HIDDEN_CONFIDENCE = 0.5  # of a joint inside the picture that something stands before
_COCO17 = find_layout("coco17")
_NTU25 = find_layout("ntu25")
_FURNITURE_GAP_M = 0.6

# How deep a joint lies below its own surface at most, as a share of the body's height.
_DEPTH_BELOW_SKIN = {"nose": 0.02, "eye": 0.025, "ear": 0.025, "shoulder": 0.052, "elbow": 0.038, "wrist": 0.032,
                     "hip": 0.085, "knee": 0.048, "ankle": 0.042}  # fmt: skip


@dataclass(frozen=True)
class Clip:
    """A rendered clip with its exact truth.

    Attributes:
        depth_m: Distance along the camera's axis through each pixel's centre, infinite where there is nothing; None if
            it was not asked for.
        keypoints_xy: COCO-17, pixels, exact also where hidden. (M, T, 17, 2)
        confidence: 1 where the joint is seen, 0.5 where something hides it, 0 outside of the picture. (M, T, 17)
        keypoints_3d: NTU-25 in metres, camera axes as a Kinect gives them: x right, y up, z away. (M, T, 25, 3)
        focal_px: Focal length; the principal point is `center_xy`.
    """

    images: UInt8[ndarray, "T H W 3"]
    depth_m: Float32[ndarray, "T H W"] | None
    keypoints_xy: Float32[ndarray, "M T 17 2"]
    confidence: Float32[ndarray, "M T 17"]
    keypoints_3d: Float32[ndarray, "M T 25 3"]
    label: str
    fps: Fraction
    subject: int
    view: int
    seed: int
    focal_px: float
    center_xy: tuple[float, float]

    def sequence(self, *, label: int | None = None) -> SkeletonSequence:
        """The 2D joints as other stages take them.

        Args:
            label: Index of the action among the classes in use.
        """
        return SkeletonSequence(
            self.keypoints_xy,
            self.confidence,
            _COCO17,
            (self.images.shape[1], self.images.shape[2]),
            fps=self.fps,
            label=label,
            name=f"{self.label}_s{self.subject:03d}_v{self.view}_r{self.seed}",
        )


def render_clip(
    action: str,
    *,
    subject: int = 0,
    view: int = 0,
    seed: int = 0,
    num_frames: int | None = None,
    size_hw: tuple[int, int] = (360, 270),
    fps: Fraction | float = 30,
    depth: bool = False,
    variety: float = 1.0,
    conditions: Conditions = GOOD_CONDITIONS,
) -> Clip:
    """Render one labelled clip; the same arguments give the same pixels, joints and depth.

    See `plan_take` for the arguments.

    Raises:
        ValueError: If there is no such action, or a number is out of its range.
    """
    take = plan_take(
        action, subject=subject, view=view, seed=seed, num_frames=num_frames, size_hw=size_hw, fps=fps, variety=variety,
        conditions=conditions,
    )  # fmt: skip
    images = np.empty((take.num_frames, *size_hw, 3), dtype=np.uint8)
    depths = np.empty((take.num_frames, *size_hw), dtype=np.float32) if depth else None
    confidence = np.empty(take.keypoints_xy.shape[:3], dtype=np.float32)
    for index, picture in enumerate(film(take)):
        images[index] = picture.image
        confidence[:, index] = see_joints(take, index, picture)
        if depths is not None:
            depths[index] = picture.depth_m
    return Clip(
        images, depths, take.keypoints_xy, confidence, take.keypoints_3d, action, take.fps, subject, view, seed,
        take.lenses[0].scale, take.lenses[0].center_xy,
    )  # fmt: skip


def film(take: Take) -> Iterator[Picture]:
    """The frames of a take, one after the other; memory does not grow with their number."""
    lens = take.lenses[0]
    joints = np.concatenate([performer.posture.joints(_NTU25) for performer in take.performers], axis=1)
    place = find_place(take.backdrop, lens)
    away = lens.project(joints)[1]
    backing = paint_backing(
        place, lens, props=take.prop.still, near_m=float(away.max()) + _FURNITURE_GAP_M, rng=take.rng("backdrop")
    )
    low, high = joints.min(axis=(0, 1)), joints.max(axis=(0, 1))
    radius = float(np.linalg.norm(high - low) / 2) + 0.9
    shadows = ShadowMap(place.light, (low + high) / 2, radius)
    renderer = Renderer(lens, place.light, backing, shadows, make_paint(take.performers[0].person.shape.height_m))
    names, origins, rotations = _frames(take)
    table = SolidTable(_solids(take), names)
    rng = take.rng("grain")
    for index in range(take.num_frames):
        placed = table.place(origins[index], rotations[index])
        yield renderer.draw(placed, contacts_m=joints[index], rng=rng)


def see_joints(take: Take, index: int, picture: Picture) -> Float32[ndarray, "M 17"]:
    """Confidence of the joints of one frame, from whether a surface lies before them."""
    height, width = picture.depth_m.shape
    pixels = np.rint(take.keypoints_xy[:, index]).astype(np.int64)
    depth = take.joint_depth_m[:, index]
    inside = ((pixels >= 0) & (pixels < [width, height])).all(axis=-1) & (depth > 0)
    x, y = np.moveaxis(np.where(inside[..., None], pixels, 0), -1, 0)
    tall = np.array([performer.person.shape.height_m for performer in take.performers])
    below = np.array([_below_skin(name) for name in _COCO17.joints]) * tall[:, None]
    seen = picture.depth_m[y, x] > depth - below
    return np.where(inside, np.where(seen, 1.0, HIDDEN_CONFIDENCE), 0.0).astype(np.float32)


def _below_skin(joint: str) -> float:
    part = joint
    for side in SIDES:
        part = part.removeprefix(f"{side}_")
    return _DEPTH_BELOW_SKIN[part]


def _solids(take: Take) -> list[Solid]:
    """Everyone's solids on the frames of `_frames`, then the prop's."""
    solids: list[Solid] = []
    for index, performer in enumerate((*take.performers, *take.bystanders)):
        body = dress(performer.person, grip=performer.grip)
        solids += [replace(solid, frame=f"{index}.{solid.frame}") for solid in body]
    return [*solids, *take.prop.solids]


def _frames(take: Take) -> tuple[list[str], ndarray, ndarray]:
    """Everyone's bones, "0.pelvis" and so on, and the prop's frames, stacked."""
    people = [performer.posture for performer in (*take.performers, *take.bystanders)]
    names = [f"{index}.{bone}" for index in range(len(people)) for bone in BONES]
    origins = [posture.origins_m for posture in people] + [at[:, None] for at, _ in take.prop.frames.values()]
    rotations = [posture.rotations for posture in people] + [axes[:, None] for _, axes in take.prop.frames.values()]
    return [*names, *take.prop.frames], np.concatenate(origins, axis=1), np.concatenate(rotations, axis=1)
