"""A take becomes pictures: the figure and its prop drawn frame by frame, and which joints the camera sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from jaxtyping import Float, Float32, UInt8
from numpy import ndarray

from posecube.skeleton import SkeletonSequence, find_layout
from posecube.studio.backdrop import Place
from posecube.studio.conditions import GOOD_CONDITIONS, Conditions
from posecube.studio.light import ShadowMap
from posecube.studio.raycast import cast
from posecube.studio.render import Picture, draw
from posecube.studio.scene import Backdrop, choose_furniture, find_place
from posecube.studio.stage import Stage
from posecube.studio.take import Take, plan_take
from posecube.studio.truth import scene_flow, see_joints

_COCO17 = find_layout("coco17")
_REACH_M = 0.9


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


def film(take: Take, *, flow: bool = False) -> Iterator[Picture]:
    """The frames of a take, one after the other; memory does not grow with their number.

    Args:
        flow: Whether pictures get their scene flow.
    """
    stage = Stage(take)
    place, backdrop = _build(take, stage)
    shadows = ShadowMap(place.light, *_extent(stage.joints_m))
    rng = take.rng("grain")
    for index, lens in enumerate(take.lenses):
        placed, backing = stage.place(index), backdrop.seen_by(lens)
        colour = draw(
            placed, lens, backing, light=place.light, shadow=shadows.see(placed), painter=stage.painter,
            contacts_m=stage.joints_m[:, index].reshape(-1, 3),
        )  # fmt: skip
        exact = cast(placed, lens, behind=backing.depth_m)
        after = index + 1
        flow_m = None
        if flow and after < take.num_frames:
            views = (lens, take.lenses[after])
            flow_m = scene_flow(exact.depth, exact.solid, views, (placed, stage.place(after)))
        image = _expose(colour, take.conditions.noise, rng)
        person = stage.persons[exact.solid]
        yield Picture(image, exact.depth.astype(np.float32), exact.solid, person, flow_m)


def _build(take: Take, stage: Stage) -> tuple[Place, Backdrop]:
    """The place in its light, and what stands still in it."""
    lens = take.lenses[0]
    # All cameras of a rig film one scene in one light; a single camera has a photographer's.
    place = find_place(take.backdrop, turned_to=None if take.rig == "arc" else lens)
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


def _expose(colour: Float32[ndarray, "H W 3"], noise: float, rng: np.random.Generator) -> UInt8[ndarray, "H W 3"]:
    """Linear light to the screen: a soft shoulder, then the square root that is nearly sRGB's curve; grain."""
    encoded = np.sqrt(colour * (1 + np.float32(0.12) * colour) / (1 + np.float32(0.42) * colour)) * np.float32(255)
    grain = rng.standard_normal(colour.shape[:2], dtype=np.float32)
    encoded += grain[..., None] * np.float32(255 * noise)
    return np.clip(encoded, 0, 255).astype(np.uint8)
