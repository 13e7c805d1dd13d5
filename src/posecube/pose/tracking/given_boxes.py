"""Given boxes: where people are, said by the user instead of found; read from a file, followed by frame."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from posecube.errors import UserError
from posecube.pose.similarity import match_boxes
from posecube.pose.types import PoseEstimator, TrackedPose
from posecube.video.frame import Frame

_FIELDS = ("frame", "x1", "y1", "x2", "y2")
_WANTED = "expected frame,x1,y1,x2,y2 and optionally id: whole frame numbers from 0, pixels with x1 < x2 and y1 < y2"
# Boxes without ids belong to one person while they overlap this much from frame to frame ...
_SAME_PERSON_IOU = 0.2
# ... and a person is forgotten after so many frames without a box.
_FORGET_FRAMES = 45


@dataclass(frozen=True, eq=False)
class FrameBoxes:
    """The boxes given for one frame.

    Attributes:
        boxes_xyxy: Left, top, right, bottom in pixels. (P, 4)
        ids: Number of each person, 1 and up; None where boxes are joined into people by their overlap.
    """

    boxes_xyxy: Float32[ndarray, "P 4"]
    ids: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        boxes = np.asarray(self.boxes_xyxy, np.float32)
        if boxes.ndim != 2 or boxes.shape[1] != 4:
            raise UserError(f"boxes must be (P, 4): left, top, right, bottom; got {boxes.shape}")
        for box in boxes:
            checked_box(box)
        if self.ids is not None and (len(self.ids) != len(boxes) or len(set(self.ids)) != len(self.ids)):
            raise UserError(f"expected a different id for each of {len(boxes)} boxes, got {self.ids}")
        if self.ids is not None and min(self.ids, default=1) < 1:
            raise UserError(f"ids count from 1, got {min(self.ids)}")
        object.__setattr__(self, "boxes_xyxy", boxes)


def checked_box(box_xyxy: Sequence[float] | ndarray) -> tuple[float, float, float, float]:
    """A box as four floats.

    Raises:
        UserError: If it is not left, top, right, bottom with a size above 0.
    """
    box = [float(side) for side in box_xyxy]
    if len(box) != 4 or not np.isfinite(box).all() or box[0] >= box[2] or box[1] >= box[3]:
        raise UserError(f"a box must be x1,y1,x2,y2 in pixels with x1 < x2 and y1 < y2, got {box}")
    return box[0], box[1], box[2], box[3]


def read_boxes(path: str | Path) -> dict[int, FrameBoxes]:
    """Read boxes by frame from a .csv file or a .json list of objects, both with frame, x1, y1, x2, y2 and maybe id.

    A CSV file may have a header line; without one the columns stand in that order.

    Raises:
        FileNotFoundError: If there is no such file.
        UserError: If the file is not of that form; the message names the line or entry.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such file; expected boxes as .csv or .json")
    if path.suffix.lower() not in (".csv", ".json"):
        raise UserError(f"{path}: expected boxes as .csv or .json, got {path.suffix or 'no suffix'!r}")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(f"{path}: {_WANTED}, got a file that is not text") from None
    entries = list(_json_entries(path, text) if path.suffix.lower() == ".json" else _csv_entries(path, text))
    if not entries:
        raise UserError(f"{path}: {_WANTED}, got no box at all")
    return _by_frame(path, entries)


def follow_given_boxes(
    frames: Iterable[Frame], estimator: PoseEstimator, boxes_by_frame: Mapping[int, FrameBoxes]
) -> Iterator[tuple[Frame, list[TrackedPose]]]:
    """Estimate the pose in each given box; a box that holds no plausible person gives no detection."""
    joiner = _BoxJoiner()
    for frame in frames:
        given = boxes_by_frame.get(frame.index)
        if given is None or not len(given.boxes_xyxy):
            yield frame, []
            continue
        ids = given.ids or joiner.ids(frame.index, given.boxes_xyxy)
        regions = [estimator.region_of_box(box) for box in given.boxes_xyxy.tolist()]
        poses = estimator.estimate(frame.image_rgb, regions)
        yield (
            frame,
            [
                TrackedPose(person, poses.keypoints_xy[row], poses.confidence[row], poses.boxes_xyxy[row], float(score))
                for row, (person, score) in enumerate(zip(ids, poses.score, strict=True))
                if score > 0
            ],
        )


class _BoxJoiner:
    """Numbers boxes that carry no ids: the same person while the boxes overlap from frame to frame."""

    def __init__(self) -> None:
        self._last: dict[int, tuple[int, ndarray]] = {}
        self._num_people = 0

    def ids(self, frame_index: int, boxes_xyxy: Float32[ndarray, "P 4"]) -> tuple[int, ...]:
        self._last = {k: v for k, v in self._last.items() if frame_index - v[0] <= _FORGET_FRAMES}
        known = list(self._last)
        known_boxes = np.array([self._last[person][1] for person in known], np.float32).reshape(-1, 4)
        pairs = match_boxes(known_boxes, boxes_xyxy, min_iou=_SAME_PERSON_IOU)
        by_box = {box: known[row] for row, box, _ in pairs}
        for box in range(len(boxes_xyxy)):
            if box not in by_box:
                self._num_people += 1
                by_box[box] = self._num_people
            self._last[by_box[box]] = (frame_index, boxes_xyxy[box])
        return tuple(by_box[box] for box in range(len(boxes_xyxy)))


@dataclass(frozen=True)
class _Entry:
    where: str
    frame: int
    box_xyxy: tuple[float, float, float, float]
    id: int | None


def _csv_entries(path: Path, text: str) -> Iterator[_Entry]:
    fields: tuple[str, ...] = (*_FIELDS, "id")
    for number, row in enumerate(csv.reader(text.splitlines()), start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if number == 1 and "frame" in [cell.lower() for cell in cells]:
            fields = tuple(cell.lower() for cell in cells)
            continue
        yield _entry(f"{path} line {number}", dict(zip(fields, cells, strict=False)), got=",".join(row))


def _json_entries(path: Path, text: str) -> Iterator[_Entry]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise UserError(f"{path}: not JSON: {error.msg} in line {error.lineno}") from None
    if not isinstance(document, list):
        raise UserError(f"{path}: expected a list of objects, one a box, got {type(document).__name__}")
    for number, item in enumerate(document):
        yield _entry(f"{path} entry {number}", item if isinstance(item, dict) else {}, got=json.dumps(item))


def _entry(where: str, values: Mapping[str, object], *, got: str) -> _Entry:
    try:
        frame = int(str(values["frame"]))
        box = checked_box([float(str(values[field])) for field in _FIELDS[1:]])
        person = values.get("id")
        number = None if person is None or person == "" else int(str(person))
    except (KeyError, ValueError):
        raise UserError(f"{where}: {_WANTED}, got {got[:80]}") from None
    if frame < 0 or (number is not None and number < 1):
        raise UserError(f"{where}: {_WANTED} from 1, got {got[:80]}")
    return _Entry(where, frame, box, number)


def _by_frame(path: Path, entries: Sequence[_Entry]) -> dict[int, FrameBoxes]:
    with_id = [entry for entry in entries if entry.id is not None]
    if with_id and len(with_id) < len(entries):
        missing = next(entry for entry in entries if entry.id is None)
        raise UserError(f"{missing.where}: has no id while other boxes of the file have one; give all or none")
    grouped: dict[int, list[_Entry]] = {}
    for entry in entries:
        grouped.setdefault(entry.frame, []).append(entry)
    boxes = {}
    for frame, group in grouped.items():
        ids = tuple(entry.id for entry in group if entry.id is not None) or None
        if ids is not None and len(set(ids)) < len(ids):
            raise UserError(f"{path}: an id stands twice in frame {frame}: {', '.join(map(str, sorted(ids)))}")
        boxes[frame] = FrameBoxes(np.array([entry.box_xyxy for entry in group], np.float32), ids)
    return boxes
