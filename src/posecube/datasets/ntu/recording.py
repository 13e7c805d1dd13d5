"""One ``.skeleton`` file of NTU RGB+D: what Kinect v2 saw, frame by frame, body by body.

A text file: the number of frames; for each frame the number of bodies; for each body a line of 10 (the first is its
number, of 64 bits), a line with the number of joints, and 25 lines of 12: x y z in metres, x y in the depth image, x y
in the colour image, an orientation of 4, and how well the joint is tracked (0 not, 1 inferred, 2 tracked).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from jaxtyping import Float64, Int64
from numpy import ndarray
from pyarrow import csv

from posecube.errors import UserError

NUM_JOINTS = 25
_NUM_COLUMNS = 12
_MOST_FRAMES = 100_000
# The columns that are kept: x y z, colour x y, tracking.
_KEPT = (0, 1, 2, 5, 6, 11)
_NAMES = [str(column) for column in range(_NUM_COLUMNS)]
# NaN and infinity as C libraries write them, on Windows too.
_NAN = re.compile(rb"[+-]?(nan(\(\w*\))?|\d\.#(IND|QNAN|SNAN)\d*)", re.IGNORECASE)
_INFINITY = re.compile(rb"([+-]?)\d\.#INF\d*", re.IGNORECASE)


@dataclass(frozen=True)
class Recording:
    """The bodies of a file, one row a body and frame.

    Attributes:
        num_frames: Frames of the file, those without bodies too.
        frames: The frame of each row, not decreasing.
        bodies: Which body a row is of: 0 is the one that comes first in the file.
        joints_m: Camera space as the file has it: x to the sensor's left, y up, z away. (B, 25, 3)
        colour_xy: Pixels of the colour image of 1920 x 1080. (B, 25, 2)
        tracking: 0 not tracked, 1 inferred, 2 tracked. (B, 25)
    """

    num_frames: int
    frames: Int64[ndarray, " B"]
    bodies: Int64[ndarray, " B"]
    joints_m: Float64[ndarray, "B 25 3"]
    colour_xy: Float64[ndarray, "B 25 2"]
    tracking: Float64[ndarray, "B 25"]


def parse_recording(content: bytes) -> Recording:
    """Read a file's content; coordinates may be NaN or infinite.

    Raises:
        UserError: If it is not as expected, with the number of the line.
    """
    lines = content.split(b"\n")
    num_frames, rows = _outline(lines)
    starts = [start for _, _, start in rows]
    table = _joint_table(lines, starts).reshape(len(rows), NUM_JOINTS, len(_KEPT))
    return Recording(
        num_frames=num_frames,
        frames=np.array([frame for frame, _, _ in rows], dtype=np.int64),
        bodies=np.array([body for _, body, _ in rows], dtype=np.int64),
        joints_m=table[..., :3],
        colour_xy=table[..., 3:5],
        tracking=table[..., 5],
    )


def _outline(lines: list[bytes]) -> tuple[int, list[tuple[int, int, int]]]:
    """The number of frames, and of each body in each: frame, body, and the line at which its joints begin."""
    rows: list[tuple[int, int, int]] = []
    body_of_id: dict[int, int] = {}
    num_frames = _count(lines, 0, "the number of frames")
    if num_frames > _MOST_FRAMES:
        raise UserError(f"line 1: the file promises {num_frames} frames, a clip has a few hundred")
    cursor = 1
    for frame in range(num_frames):
        where = f"in frame {frame + 1} of {num_frames}"
        num_bodies = _count(lines, cursor, f"the number of bodies {where}")
        cursor += 1
        seen: set[int] = set()
        for _ in range(num_bodies):
            body = body_of_id.setdefault(_body_id(lines, cursor, where), len(body_of_id))
            if body in seen:
                raise UserError(f"line {cursor + 1}: the same body stands twice {where}")
            seen.add(body)
            if _count(lines, cursor + 1, "the number of joints") != NUM_JOINTS:
                raise UserError(f"line {cursor + 2}: expected {NUM_JOINTS} joints, got {_shown(lines[cursor + 1])}")
            rows.append((frame, body, cursor + 2))
            cursor += 2 + NUM_JOINTS
            if cursor > len(lines):
                raise UserError(f"line {len(lines)}: the file ends {where}; it is cut short")
    more = next((number for number, line in enumerate(lines[cursor:], start=cursor + 1) if line.strip()), None)
    if more is not None:
        raise UserError(f"line {more}: the first line promises {num_frames} frames, here is more")
    return num_frames, rows


def _count(lines: list[bytes], index: int, what: str) -> int:
    if index >= len(lines) or (index == len(lines) - 1 and not lines[index].strip()):
        raise UserError(f"line {index + 1}: expected {what}, the file ends; it is cut short")
    text = lines[index].strip()
    if not text.isdigit() or len(text) > 9:
        raise UserError(f"line {index + 1}: expected {what}, got {_shown(text)}")
    return int(text)


def _body_id(lines: list[bytes], index: int, where: str) -> int:
    words = lines[index].split() if index < len(lines) else []
    if len(words) != 10 or not words[0].lstrip(b"-").isdigit() or len(words[0]) > 20:
        got = "the end of the file" if index >= len(lines) - 1 and not words else _shown(lines[index])
        raise UserError(f"line {index + 1}: expected a body {where}, a line of 10 numbers, got {got}")
    return int(words[0])


def _joint_table(lines: list[bytes], starts: list[int]) -> Float64[ndarray, "rows 6"]:
    """The kept columns of all joint lines."""
    if not starts:
        return np.empty((0, len(_KEPT)))
    text = b"\n".join([b"\n".join(lines[start : start + NUM_JOINTS]) for start in starts])
    try:
        table = csv.read_csv(
            pa.py_buffer(text),
            read_options=csv.ReadOptions(use_threads=False, column_names=_NAMES, block_size=len(text) + 1),
            parse_options=csv.ParseOptions(delimiter=" ", quote_char=False, ignore_empty_lines=False),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(_NAMES, pa.float64()),
                include_columns=[_NAMES[column] for column in _KEPT],
                null_values=[],
                check_utf8=False,
            ),
        )
    except pa.ArrowInvalid:
        return _joint_table_with_care(lines, starts)
    if table.num_rows != NUM_JOINTS * len(starts):
        return _joint_table_with_care(lines, starts)
    return np.stack([column.to_numpy() for column in table.columns], axis=1)


def _joint_table_with_care(lines: list[bytes], starts: list[int]) -> Float64[ndarray, "rows 6"]:
    """The same, slowly: any white space, NaN and infinity in any spelling, and an error that names its line."""
    numbers = (index for start in starts for index in range(start, start + NUM_JOINTS))
    return np.array([_joint(lines[index], index + 1) for index in numbers])


def _joint(line: bytes, number: int) -> list[float]:
    words = line.split()
    if len(words) != _NUM_COLUMNS:
        raise UserError(f"line {number}: expected a joint, {_NUM_COLUMNS} numbers, got {_shown(line)}")
    try:
        return [_float(words[column]) for column in _KEPT]
    except ValueError:
        raise UserError(f"line {number}: expected a joint, {_NUM_COLUMNS} numbers, got {_shown(line)}") from None


def _float(word: bytes) -> float:
    if _NAN.fullmatch(word):
        return np.nan
    if infinite := _INFINITY.fullmatch(word):
        return -np.inf if infinite[1] == b"-" else np.inf
    return float(word)


def _shown(line: bytes) -> str:
    text = line.decode("ascii", "replace").strip()
    return repr(text if len(text) <= 40 else text[:40] + "...") if text else "an empty line"
