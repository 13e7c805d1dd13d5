"""Painted people and a pose estimator that reads the paint: real tracking problems without a network.

A person is an upright rectangle of one colour. The estimator finds rectangles by colour, and in a region it takes the
colour that fills most of it: so a region whose person walks behind somebody else jumps to the one in front, as regions
of real estimators do. Paint survives H.264, so the same estimator reads video files.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np

from posecube.pose.estimators.regions import boxes_of_joints
from posecube.pose.types import FramePoses, Region
from posecube.skeleton.layouts import COCO17
from posecube.video.frame import Frame
from posecube.video.writer import VideoWriter

SIZE_HW = (120, 320)
PALETTE = ((230, 40, 40), (40, 60, 230), (40, 220, 40), (230, 220, 40))
# One appearance to any histogram; only an estimator of tolerance 1 tells them apart, as a network tells two bodies.
TWINS = ((200, 40, 40), (203, 40, 40), (206, 40, 40), (209, 40, 40))
_MIN_PIXELS = 60
_MIN_ASPECT = 0.18  # somebody of whom less than about half is in sight is not plausible
# Joints of a standing person as fractions of their box, in COCO's order.
_STANDING = np.array(
    [[.5, .08], [.55, .05], [.45, .05], [.6, .07], [.4, .07], [.8, .22], [.2, .22], [.95, .4], [.05, .4],
     [.98, .55], [.02, .55], [.7, .52], [.3, .52], [.72, .75], [.28, .75], [.74, .97], [.26, .97]], np.float32
)  # fmt: skip


@dataclass(frozen=True)
class Walker:
    """Somebody of one colour whose middle is a function of time; later walkers stand in front of earlier ones."""

    colour: int
    middle_xy: Callable[[float], tuple[float, float]]
    size_wh: tuple[int, int] = (24, 72)
    is_there: Callable[[float], bool] = lambda time_s: True


def standing(box_xyxy: Sequence[float]) -> np.ndarray:
    """COCO's joints of somebody who stands in a box."""
    left, top, right, bottom = box_xyxy
    return _STANDING * [right - left, bottom - top] + [left, top]


def walking(start_x: float, speed: float, y: float = 60.0) -> Callable[[float], tuple[float, float]]:
    """Motion along a line, in pixels and pixels a second."""
    return lambda time_s: (start_x + speed * time_s, y)


def frames_of(
    walkers: Sequence[Walker], num_frames: int, fps: float = 30.0, palette: Sequence[tuple[int, int, int]] = PALETTE
) -> Iterator[Frame]:
    """Paint a scene; the frame's index is written into a corner, for estimators with scripted faults."""
    for index in range(num_frames):
        image = np.full((*SIZE_HW, 3), 110, np.uint8)
        for walker in walkers:
            if walker.is_there(index / fps):
                (x, y), (width, height) = walker.middle_xy(index / fps), walker.size_wh
                left, top = round(x - width / 2), round(y - height / 2)
                image[max(top, 0) : max(top + height, 0), max(left, 0) : max(left + width, 0)] = palette[walker.colour]
        image[0, 0], image[0, 1] = index % 256, index // 256  # greys, which no walker has
        yield Frame(index, index / fps, image)


def write_video(path: Path, walkers: Sequence[Walker], num_frames: int = 20) -> Path:
    """Paint a scene into a video file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with VideoWriter(path, size_hw=SIZE_HW, fps=Fraction(30), crf=10) as writer:
        for frame in frames_of(walkers, num_frames):
            writer.write(frame.image_rgb)
    return path


@dataclass
class PaintedPose:
    """Reads painted people; may be told to overlook some and to see ghosts.

    Attributes:
        overlooks: Whether the search misses a colour in a frame.
        is_blind: Whether even an estimate at the right place sees nothing of a colour in a frame.
        ghosts: Boxes in which a search and an estimate see somebody who is not there, by frame.
    """

    name: str = "painted"
    overlooks: Callable[[int, int], bool] = lambda frame, colour: False
    is_blind: Callable[[int, int], bool] = lambda frame, colour: False
    ghosts: Callable[[int], list[tuple[float, float, float, float]]] = lambda frame: []
    palette: Sequence[tuple[int, int, int]] = PALETTE
    tolerance: int = 60
    num_searches: int = field(default=0)
    num_estimates: int = field(default=0)

    layout = COCO17

    def find_people(self, image_rgb: np.ndarray, *, thorough: bool = True) -> list[Region]:
        self.num_searches += 1
        frame = _frame_index(image_rgb)
        colours = [colour for colour in range(len(self.palette)) if not self.overlooks(frame, colour)]
        seen = [box for box in (self._box(image_rgb, colour) for colour in colours) if box is not None]
        return [self.region_of_box(box) for box in [*seen, *self.ghosts(frame)]]

    def estimate(self, image_rgb: np.ndarray, regions: Sequence[Region]) -> FramePoses:
        self.num_estimates += len(regions)
        boxes = [self._estimated(image_rgb, region) for region in regions]
        keypoints = np.zeros((len(regions), 17, 2), np.float32)
        confidence = np.zeros((len(regions), 17), np.float32)
        for row, box in enumerate(boxes):
            if box is not None:
                keypoints[row] = standing(box)
                confidence[row] = 0.9
        score = np.array([0.0 if box is None else 0.9 for box in boxes], np.float32)
        around = boxes_of_joints(keypoints, confidence, [region.box_xyxy for region in regions])
        following = [
            region if box is None else self.region_of_box(box) for region, box in zip(regions, boxes, strict=True)
        ]
        return FramePoses(keypoints, confidence, around, score, tuple(following))

    def region_of(self, keypoints_xy: np.ndarray, confidence: np.ndarray) -> Region:
        if not (confidence > 0).any():
            raise ValueError("no joint was seen")
        points = keypoints_xy[confidence > 0]
        return self.region_of_box([*points.min(axis=0), *points.max(axis=0)])

    def region_of_box(self, box_xyxy: Sequence[float]) -> Region:
        left, top, right, bottom = map(float, box_xyxy)
        return Region(((left + right) / 2, (top + bottom) / 2), (1.4 * (right - left), 1.2 * (bottom - top)))

    def _estimated(self, image_rgb: np.ndarray, region: Region) -> tuple[float, float, float, float] | None:
        frame = _frame_index(image_rgb)
        for ghost in self.ghosts(frame):
            middle = ((ghost[0] + ghost[2]) / 2, (ghost[1] + ghost[3]) / 2)
            if np.hypot(*np.subtract(middle, region.center_xy)) < 5:
                return ghost
        left, top, right, bottom = (max(0, round(side)) for side in region.box_xyxy)
        part = image_rgb[top:bottom, left:right]
        visible = [c for c in range(len(self.palette)) if not self.is_blind(frame, c)]
        pixels = {colour: int(self._is(part, colour).sum()) for colour in visible}
        best = max(pixels, key=lambda colour: pixels[colour], default=None)
        if best is None or pixels[best] < _MIN_PIXELS:
            return None
        return self._box(part, best, origin=(left, top))

    def _is(self, image_rgb: np.ndarray, colour: int) -> np.ndarray:
        return _is_colour(image_rgb, self.palette[colour], self.tolerance)

    def _box(
        self, image_rgb: np.ndarray, colour: int, origin: tuple[int, int] = (0, 0)
    ) -> tuple[float, float, float, float] | None:
        rows, columns = np.nonzero(self._is(image_rgb, colour))
        if len(rows) < _MIN_PIXELS:
            return None
        x, y = origin
        left, top, right, bottom = columns.min(), rows.min(), columns.max() + 1.0, rows.max() + 1.0
        if right - left < _MIN_ASPECT * (bottom - top):
            return None
        return x + left, y + top, x + right, y + bottom


def colour_at(
    image_rgb: np.ndarray,
    keypoints_xy: np.ndarray,
    palette: Sequence[tuple[int, int, int]] = PALETTE,
    tolerance: int = 60,
) -> int | None:
    """The colour under the middle of a skeleton's torso: who it truly lies on."""
    x, y = np.round(keypoints_xy[[5, 6, 11, 12]].mean(axis=0)).astype(int)
    if not (0 <= y < image_rgb.shape[0] and 0 <= x < image_rgb.shape[1]):
        return None
    pixel = image_rgb[y : y + 1, x : x + 1]
    matching = [c for c, colour in enumerate(palette) if _is_colour(pixel, colour, tolerance).all()]
    return matching[0] if matching else None


def colours_by_id(
    tracked: Iterable[tuple[Frame, list]], palette: Sequence[tuple[int, int, int]] = PALETTE, tolerance: int = 60
) -> dict[int, list[int | None]]:
    """For each id the colours that it lay on, frame by frame."""
    found: dict[int, list[int | None]] = {}
    for frame, people in tracked:
        for person in people:
            found.setdefault(person.id, []).append(colour_at(frame.image_rgb, person.keypoints_xy, palette, tolerance))
    return found


def make_painted() -> PaintedPose:
    """For worker processes, which cannot be handed an estimator."""
    return PaintedPose()


def _frame_index(image_rgb: np.ndarray) -> int:
    return int(image_rgb[0, 0, 0]) + 256 * int(image_rgb[0, 1, 0])


def _is_colour(image_rgb: np.ndarray, colour: tuple[int, int, int], tolerance: int = 60) -> np.ndarray:
    return (np.abs(image_rgb.astype(np.int16) - colour) < tolerance).all(axis=-1)


def make_deadly() -> PaintedPose:
    """Ends its process at the sight of blue, as a crash in native code does."""

    class Deadly(PaintedPose):
        def find_people(self, image_rgb: np.ndarray, *, thorough: bool = True) -> list[Region]:
            if _is_colour(image_rgb, PALETTE[1]).any():
                os._exit(3)
            return super().find_people(image_rgb)

    return Deadly()


def make_slow() -> PaintedPose:
    """Takes its time, so that somebody can interrupt it."""

    class Slow(PaintedPose):
        def find_people(self, image_rgb: np.ndarray, *, thorough: bool = True) -> list[Region]:
            time.sleep(0.05)
            return super().find_people(image_rgb)

    return Slow()
