"""Draw people onto a frame: their skeletons, the subject's left in blue and right in orange."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from jaxtyping import Float, UInt8
from numpy import ndarray

from posecube.errors import UserError
from posecube.skeleton.layout import SkeletonLayout
from posecube.video.drawing.panel import BLACK, WHITE, Color

_SIDE_COLORS: dict[str, Color] = {"left": (56, 189, 248), "right": (251, 146, 60), "centre": (236, 240, 245)}
_FAINTEST = 0.05  # below this confidence a joint is not drawn
_OPAQUE = 0.97  # above this confidence blending would not be seen
_FARTHEST = 2  # a joint more frame sides than this outside is an error: drawing toward it would only mislead
_SHIFT = 4  # OpenCV takes coordinates in 1/16 pixel: skeletons then move smoothly

Point = tuple[float, float]


@dataclass(frozen=True)
class DrawnPerson:
    """One person of a frame.

    Attributes:
        keypoints_xy: Pixels of the image drawn on. (V, 2)
        confidence: Opacity of each joint, in [0, 1]; 0 draws nothing. (V,)
        id: Number on the tag, which also chooses the tag's colour.
        label: Name of the action, None where none is known.
        score: In [0, 1], shown in percent.
        count: Repetitions until now, None where none are counted.
    """

    keypoints_xy: Float[ndarray, "V 2"]
    confidence: Float[ndarray, " V"]
    id: int
    label: str | None = None
    score: float | None = None
    count: int | None = None


def draw_skeletons(
    image_rgb: UInt8[ndarray, "H W 3"], people: Sequence[DrawnPerson], *, layout: SkeletonLayout
) -> None:
    """Draw limbs and joints into the given image, the most certain last.

    A limb is as opaque as the less certain of its joints. Lines grow with the frame, and are thinner on small people.

    Raises:
        UserError: If a person's joints are not those of the layout.
    """
    for person in people:
        _check(person, layout)
        points, opacity = drawable(person, image_rgb.shape)
        if opacity.any():
            thickness = _thickness(points[opacity > 0], image_rgb.shape)
            points, opacity = _with_neck(points, opacity, layout)
            _draw_skeleton(image_rgb, points.tolist(), opacity.tolist(), thickness, layout)


def _check(person: DrawnPerson, layout: SkeletonLayout) -> None:
    shapes = np.shape(person.keypoints_xy), np.shape(person.confidence)
    if shapes != ((layout.num_joints, 2), (layout.num_joints,)):
        raise UserError(
            f"person {person.id}: layout {layout.name} needs keypoints ({layout.num_joints}, 2) and confidence "
            f"({layout.num_joints},), got {shapes[0]} and {shapes[1]}"
        )


def drawable(person: DrawnPerson, shape: tuple[int, ...]) -> tuple[ndarray, ndarray]:
    """Finite float64 coordinates, and the opacity of each joint: 0 where it is not to be drawn."""
    points = np.asarray(person.keypoints_xy, dtype=np.float64)
    opacity = np.clip(np.nan_to_num(np.asarray(person.confidence, dtype=np.float64)), 0, 1)
    sides = np.array([shape[1], shape[0]], dtype=np.float64)
    near = np.all(np.abs(points - sides / 2) < (0.5 + _FARTHEST) * sides, axis=1)  # NaN is not near
    return np.where(near[:, None], points, 0.0), np.where(near & (opacity >= _FAINTEST), opacity, 0.0)


def _thickness(seen: Float[ndarray, "n 2"], shape: tuple[int, ...]) -> int:
    """Line width in pixels: for the frame's size, less for small people."""
    extent = float(np.ptp(seen, axis=0).max())
    return max(1, round(min(max(min(shape[:2]) / 210, 1.5), max(1.5, extent / 45))))


def _draw_skeleton(
    image: UInt8[ndarray, "H W 3"], points: list[Point], opacity: list[float], thickness: int, layout: SkeletonLayout
) -> None:
    limbs = [(min(opacity[first], opacity[second]), first, second, side) for first, second, side in _limbs(layout)]
    for strength, first, second, side in sorted(limbs):
        if strength > 0:
            _draw_limb(image, points[first], points[second], _SIDE_COLORS[side], thickness, strength)
    for strength, joint in sorted(zip(opacity[: layout.num_joints], range(layout.num_joints), strict=True)):
        if strength > 0:
            name = layout.joints[joint]
            radius = thickness * (0.8 if name.endswith(("_eye", "_ear")) else 1.25)
            _draw_joint(image, points[joint], _SIDE_COLORS[_side(name)], radius, strength)


def _draw_limb(
    image: UInt8[ndarray, "H W 3"], start: Point, end: Point, color: Color, thickness: int, opacity: float
) -> None:
    """A line with a thin dark edge, which keeps it visible on any background."""
    edge = thickness + 2 * max(1, round(thickness / 4))

    def stroke(layer: ndarray, left: int, top: int) -> None:
        first, second = _fixed(start, left, top), _fixed(end, left, top)
        cv2.line(layer, first, second, BLACK, edge, cv2.LINE_AA, _SHIFT)
        cv2.line(layer, first, second, color, thickness, cv2.LINE_AA, _SHIFT)

    _blend(image, (start, end), edge, opacity, stroke)


def _draw_joint(image: UInt8[ndarray, "H W 3"], centre: Point, color: Color, radius: float, opacity: float) -> None:
    rings = ((radius + max(1.0, radius / 4), BLACK), (radius, color), (radius * 0.45, WHITE))

    def stroke(layer: ndarray, left: int, top: int) -> None:
        place = _fixed(centre, left, top)
        for size, shade in rings:
            cv2.circle(layer, place, max(1, round(size * (1 << _SHIFT))), shade, cv2.FILLED, cv2.LINE_AA, _SHIFT)

    _blend(image, (centre, centre), radius + 2, opacity, stroke)


def _blend(
    image: UInt8[ndarray, "H W 3"],
    ends: tuple[Point, Point],
    margin: float,
    opacity: float,
    stroke: Callable[[ndarray, int, int], None],
) -> None:
    """Draw with an opacity, touching only the part of the image around the stroke."""
    (x1, y1), (x2, y2) = ends
    left, top = max(0, int(min(x1, x2) - margin) - 1), max(0, int(min(y1, y2) - margin) - 1)
    right, bottom = max(0, int(max(x1, x2) + margin) + 2), max(0, int(max(y1, y2) + margin) + 2)
    part = image[top:bottom, left:right]
    if part.size == 0:
        return
    if opacity > _OPAQUE:
        stroke(part, left, top)
        return
    layer = part.copy()
    stroke(layer, left, top)
    part[...] = cv2.addWeighted(layer, opacity, part, 1 - opacity, 0)


def _fixed(point: Point, left: int, top: int) -> tuple[int, int]:
    return round((point[0] - left) * (1 << _SHIFT)), round((point[1] - top) * (1 << _SHIFT))


@lru_cache(maxsize=16)
def _limbs(layout: SkeletonLayout) -> tuple[tuple[int, int, str], ...]:
    """The limbs to draw, with their side.

    A layout without a neck gets one, as joint number V: lines from the head to each shoulder look like a funnel.
    """
    limbs = list(layout.limbs_by_name)
    index = {joint: number for number, joint in enumerate(layout.joints)}
    if _needs_neck(layout):
        index["neck"] = layout.num_joints
        head = _head(layout)
        limbs = [limb for limb in limbs if not (head in limb and any(end.endswith("_shoulder") for end in limb))]
        limbs.append((head, "neck"))
        for pair in (("left_shoulder", "right_shoulder"), ("left_hip", "right_hip")):
            if set(pair) <= index.keys() and pair not in limbs and pair[::-1] not in limbs:
                limbs.append(pair)
    return tuple((index[first], index[second], _limb_side(first, second)) for first, second in limbs)


def _with_neck(points: ndarray, opacity: ndarray, layout: SkeletonLayout) -> tuple[ndarray, ndarray]:
    if not _needs_neck(layout):
        return points, opacity
    shoulders = [layout.index("left_shoulder"), layout.index("right_shoulder")]
    return np.vstack([points, points[shoulders].mean(axis=0)]), np.append(opacity, opacity[shoulders].min())


@lru_cache(maxsize=16)
def _needs_neck(layout: SkeletonLayout) -> bool:
    joints = set(layout.joints)
    return not joints & {"neck", "thorax"} and {"left_shoulder", "right_shoulder", _head(layout)} <= joints


def _head(layout: SkeletonLayout) -> str:
    return "head" if "head" in layout.joints else "nose"


def _side(joint: str) -> str:
    return "left" if joint.startswith("left_") else "right" if joint.startswith("right_") else "centre"


def _limb_side(first: str, second: str) -> str:
    sides = {_side(first), _side(second)} - {"centre"}
    return sides.pop() if len(sides) == 1 else "centre"
