"""A take becomes pictures: the figure and its prop drawn frame by frame, and which joints the camera sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from jaxtyping import Float, Float32, UInt8
from numpy import ndarray

from posecube.skeleton import SkeletonSequence, find_layout
from posecube.video.darkness import expose
from posecube_studio.backdrop import Place
from posecube_studio.conditions import GOOD_CONDITIONS, Conditions
from posecube_studio.depth_sensor import kinect_depth
from posecube_studio.lens import Lens
from posecube_studio.light import ShadowMap
from posecube_studio.motion_blur import blur
from posecube_studio.raycast import Surface, cast
from posecube_studio.render import RenderedFrame, draw
from posecube_studio.scene import Backdrop, choose_furniture, find_place
from posecube_studio.stage import Stage
from posecube_studio.take import Rig, Take, plan_take
from posecube_studio.truth import optical_flow, scene_flow, see_joints

_COCO17 = find_layout("coco17")
_REACH_M = 0.9


@dataclass(frozen=True)
class RenderedClip:
    """A rendered clip with its exact truth.

    Attributes:
        depth_m: Exact distance along the camera's axis through each pixel's centre, infinite where there is nothing;
            None if it was not asked for.
        measured_depth_m: The same as the sensor of the conditions gives it; a Kinect gives 0 where it sees nothing.
        keypoints_xy: COCO-17, pixels, exact also where hidden. (M, T, 17, 2)
        confidence: 1 where the joint is seen, 0.5 where something hides it, 0 outside of the picture. (M, T, 17)
        keypoints_3d: NTU-25 in metres, camera axes x right, y up, z away. (M, T, 25, 3)
        lenses: The camera in each frame: place, axes, focal length, principal point.
        flow_m: Motion of the surface point at each pixel's centre until the next frame, see `truth.scene_flow`; None if
            it was not asked for.
    """

    images: UInt8[ndarray, "T H W 3"]
    depth_m: Float32[ndarray, "T H W"] | None
    measured_depth_m: Float32[ndarray, "T H W"] | None
    flow_m: Float32[ndarray, "T-1 H W 3"] | None
    keypoints_xy: Float32[ndarray, "M T 17 2"]
    confidence: Float32[ndarray, "M T 17"]
    keypoints_3d: Float32[ndarray, "M T 25 3"]
    label: str
    fps: Fraction
    subject: int
    view: int
    seed: int
    lenses: tuple[Lens, ...]

    @property
    def focal_px(self) -> float:
        return self.lenses[0].scale

    @property
    def center_xy(self) -> tuple[float, float]:
        return self.lenses[0].center_xy

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
    flow: bool = False,
    variety: float = 1.0,
    conditions: Conditions = GOOD_CONDITIONS,
    rig: Rig = "usual",
) -> RenderedClip:
    """Render one labelled clip; the same arguments give the same pixels, joints and depth.

    See `plan_take` for the arguments.

    Raises:
        UserError: If there is no such action, or a number is out of its range.
    """
    take = plan_take(
        action, subject=subject, view=view, seed=seed, num_frames=num_frames, size_hw=size_hw, fps=fps, variety=variety,
        conditions=conditions, rig=rig,
    )  # fmt: skip
    count = take.num_frames
    images = np.empty((count, *size_hw, 3), dtype=np.uint8)
    depths, measured = (np.empty((count, *size_hw), dtype=np.float32) if depth else None for _ in range(2))
    flows = np.empty((count - 1, *size_hw, 3), dtype=np.float32) if flow else None
    confidence = np.empty(take.keypoints_xy.shape[:3], dtype=np.float32)
    for index, picture in enumerate(render_take(take, flow=flow)):
        images[index] = picture.image
        confidence[:, index] = see_joints(take, index, picture)
        if depths is not None and measured is not None:
            depths[index], measured[index] = picture.depth_m, picture.measured_depth_m
        if flows is not None and picture.flow_m is not None:
            flows[index] = picture.flow_m
    return RenderedClip(
        images=images, depth_m=depths, measured_depth_m=measured, flow_m=flows, keypoints_xy=take.keypoints_xy,
        confidence=confidence, keypoints_3d=take.keypoints_3d, label=action, fps=take.fps, subject=subject, view=view,
        seed=seed, lenses=take.lenses,
    )  # fmt: skip


def render_take(take: Take, *, flow: bool = False) -> Iterator[RenderedFrame]:
    """The frames of a take, one after the other; memory does not grow with their number.

    Args:
        flow: Whether pictures get their scene flow.
    """
    stage = Stage(take)
    place, backdrop = _build(take, stage)
    shadows = ShadowMap(place.light, *_extent(stage.joints_m))
    conditions, grain, kinect = take.conditions, take.rng("grain"), take.rng("kinect")
    for index, lens in enumerate(take.lenses):
        placed, backing = stage.place(index), backdrop.seen_by(lens)
        colour = draw(
            placed, lens, backing, light=place.light, shadow=shadows.see(placed), painter=stage.painter,
            contacts_m=stage.joints_m[:, index].reshape(-1, 3),
        )  # fmt: skip
        exact = cast(placed, lens, behind=backing.depth_m)
        if conditions.shutter > 0 and take.num_frames > 1:
            colour = blur(colour, _streaks(take, stage, exact, index), shutter=conditions.shutter)
        depth_m = exact.depth.astype(np.float32)
        measured_m = depth_m
        if conditions.kinect_depth:
            measured_m = kinect_depth(
                depth_m, focal_px=lens.scale, rng=kinect, reflectance=stage.reflectance[exact.solid]
            )
        flow_m = _flow(take, stage, exact, index, index + 1) if flow and index + 1 < take.num_frames else None
        image = expose(colour, dark=conditions.dark, noise=conditions.noise, rng=grain)
        yield RenderedFrame(image, depth_m, measured_m, exact.solid, stage.persons[exact.solid], flow_m)


def _flow(take: Take, stage: Stage, exact: Surface, index: int, other: int) -> Float32[ndarray, "H W 3"]:
    """Scene flow from one frame to another."""
    lenses = (take.lenses[index], take.lenses[other])
    return scene_flow(exact.depth, exact.solid, lenses, (stage.place(index), stage.place(other)))


def _streaks(take: Take, stage: Stage, exact: Surface, index: int) -> Float32[ndarray, "H W 2"]:
    """Optical flow to the next frame; the last one goes on as it came."""
    other, sign = (index + 1, 1) if index + 1 < take.num_frames else (index - 1, -1)
    flow = _flow(take, stage, exact, index, other)
    pixels = sign * optical_flow(exact.depth, flow, take.lenses[index], take.lenses[other])
    most = max(take.size_hw) / 2
    return np.clip(pixels, -most, most)


def _build(take: Take, stage: Stage) -> tuple[Place, Backdrop]:
    """The place in its light, and what stands still in it."""
    lens = take.lenses[0]
    # All cameras of a rig film one scene in one light; a single camera has a photographer's.
    shared = take.rig == "arc"
    place = find_place(
        take.backdrop, turned_to=None if shared else lens, rng=take.scene_rng("place") if shared else None
    )
    people = stage.joints_m
    furniture = choose_furniture(
        place, lens, actors_m=people[: len(take.performers)].reshape(-1, 3), everyone_m=people.reshape(-1, 3)
    )
    backdrop = Backdrop(place, take.lenses, furniture=furniture, shadowing=stage.still, rng=take.scene_rng("backdrop"))
    return place, backdrop


def _extent(points_m: Float[ndarray, "*N 3"]) -> tuple[Float[ndarray, " 3"], float]:
    """Middle and radius of a ball that holds all people, with what they hold at arm's length."""
    flat = points_m.reshape(-1, 3)
    low, high = flat.min(axis=0), flat.max(axis=0)
    return (low + high) / 2, float(np.linalg.norm(high - low) / 2) + _REACH_M
