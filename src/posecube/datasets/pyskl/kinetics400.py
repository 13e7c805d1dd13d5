"""The joints of pyskl's Kinetics-400, which lie in a pickle a video: a row a person found, whatever the frame.

The index, itself a pickle of annotations, says for each row in which frame (``frame_inds``) and how confidently
(``box_score``) the person was found, and names the video's pickle, an array N x V x 3 of x, y and score
(``raw_file``).
"""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from jaxtyping import Float, Float64, Int
from numpy import ndarray

from posecube.datasets.pyskl.annotation import Annotation, shown
from posecube.datasets.pyskl.plain_pickle import parse_plain_pickle, plain
from posecube.errors import UserError

# The videos have 300; a larger number than this is damage.
_MOST_FRAMES = 100_000


class JointFiles:
    """The folder of the videos' pickles, or a zip of it."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            FileNotFoundError: If it is not there.
            UserError: If it is neither a folder nor a zip.
        """
        if not path.exists():
            raise FileNotFoundError(f"no folder or zip of joints at {path}")
        self.path = path
        self._archive: zipfile.ZipFile | None = None
        if not path.is_dir():
            try:
                self._archive = zipfile.ZipFile(path)
            except (zipfile.BadZipFile, OSError) as error:
                raise UserError(f"{path} is no folder or zip of joints ({error}); download it again") from None
            self._inside = {PurePosixPath(name).name: name for name in self._archive.namelist()}

    def read(self, raw_file: str) -> Float[ndarray, "N V 3"]:
        """The rows of one video.

        Args:
            raw_file: As the index has it: only its last part need be right, whatever machine it was written on.

        Raises:
            FileNotFoundError: If there is no such file.
            UserError: If it is not as expected.
        """
        parts = [part for part in PurePosixPath(raw_file.replace("\\", "/")).parts if part not in ("/", "..")]
        content = self._content(parts) if parts else None
        if content is None:
            raise FileNotFoundError(f"no joints in {self.path}: {raw_file[:80]} is missing")
        rows = parse_plain_pickle(content, name=parts[-1])
        rows = plain(rows.get("keypoint") if isinstance(rows, dict) else rows)
        if not isinstance(rows, ndarray) or rows.ndim != 3 or rows.shape[2] != 3 or rows.dtype.kind not in "fiu":
            raise UserError(f"{parts[-1]}: expected an array N x V x 3, got {getattr(rows, 'shape', shown(rows))}")
        return rows

    def _content(self, parts: list[str]) -> bytes | None:
        if self._archive is not None:
            inside = self._inside.get(parts[-1])
            try:
                return None if inside is None else self._archive.read(inside)
            except (zipfile.BadZipFile, EOFError, OSError) as error:
                raise UserError(f"{self.path} is damaged at {inside} ({error})") from None
        # A long path may begin with folders that are not here.
        candidates = (self.path.joinpath(*parts[start:]) for start in range(len(parts)))
        found = next((path for path in candidates if path.is_file()), None)
        return None if found is None else found.read_bytes()


def people_of_frames(
    annotation: Annotation, rows: Float[ndarray, "N V 3"], *, box_threshold: float, squeeze: bool, max_people: int
) -> Float64[ndarray, "M T V 3"] | None:
    """Put a video's rows into frames; None if no row is confident enough.

    The rows of a frame become people 0, 1, ... in their order; nothing says who is who in the next frame. Where a
    frame has more than ``max_people``, the most confident stay.

    Args:
        annotation: It has frame_inds and box_score.
        rows: x, y and score of each person found.
        box_threshold: Rows with a smaller box_score are left out.
        squeeze: Leave out frames without detections. Otherwise there are total_frames, or as many as the rows
            need.
        max_people: The most that a frame may have.

    Raises:
        UserError: If the annotation does not have a number a row.

    Source: pyskl's rule for its Kinetics models: box_score of at least 0.5, squeezed.
    """
    frames, box_score = _numbers(annotation, "frame_inds", len(rows)), _numbers(annotation, "box_score", len(rows))
    is_kept = box_score >= box_threshold
    if not is_kept.any():
        return None
    if not 0 <= frames.min() <= frames.max() < _MOST_FRAMES:
        raise UserError(f"frame_inds must be frames, got {frames.min():.0f} to {frames.max():.0f}")
    frames, box_score, rows = frames[is_kept].astype(np.int64), box_score[is_kept], rows[is_kept]
    num_frames = _num_frames(annotation)
    if squeeze:
        seen, frames = np.unique(frames, return_inverse=True)
        num_frames = len(seen)
    is_kept = _place_in_frame(frames, np.argsort(-box_score, kind="stable")) < max_people
    frames, rows = frames[is_kept], rows[is_kept]
    people = _place_in_frame(frames, np.arange(len(frames)))
    shape = (people.max() + 1, max(num_frames, frames.max() + 1), *rows.shape[1:])
    assembled = np.zeros(shape, dtype=np.float64)
    assembled[people, frames] = rows
    return assembled


def _place_in_frame(frames: Int[ndarray, " N"], order: Int[ndarray, " N"]) -> Int[ndarray, " N"]:
    """The how-manieth of its frame each row is, when rows are taken in some order; counted from 0."""
    by_frame = order[np.argsort(frames[order], kind="stable")]
    starts = np.flatnonzero(np.diff(frames[by_frame], prepend=-1))
    counts = np.diff(starts, append=len(frames))
    places = np.empty(len(frames), dtype=np.int64)
    places[by_frame] = np.arange(len(frames)) - np.repeat(starts, counts)
    return places


def _numbers(annotation: Annotation, key: str, num_rows: int) -> Float64[ndarray, " N"]:
    values: Any = plain(annotation.get(key))
    values = np.asarray(values) if isinstance(values, list | tuple) else values
    if not isinstance(values, ndarray) or values.dtype.kind not in "fiu" or values.shape != (num_rows,):
        raise UserError(f"{key} must be {num_rows} numbers like its joints, got {getattr(values, 'shape', 'none')}")
    if not np.isfinite(values).all():
        raise UserError(f"{key} has numbers that are not finite")
    return values.astype(np.float64)


def _num_frames(annotation: Annotation) -> int:
    total = plain(annotation.get("total_frames"))
    return total if isinstance(total, int) and 0 <= total < _MOST_FRAMES else 0
