"""One shard of a skeleton store: an Arrow IPC file of clips, written whole and read through a memory map."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy import ndarray

from posecube.errors import UserError
from posecube.files import atomic_path
from posecube.skeleton.layout import SkeletonLayout
from posecube.skeleton.sequence import SkeletonSequence
from posecube.store.manifest import StoredFile

# Lists have 64-bit offsets: a shard of long clips may hold more than 2^31 numbers.
# Pixels need float32: float16 has steps of 1 px beyond 1024.
SCHEMA = pa.schema(
    [
        ("name", pa.string()),
        ("label", pa.int64()),  # -1: unknown
        ("num_people", pa.int32()),
        ("num_frames", pa.int32()),
        ("height", pa.int32()),
        ("width", pa.int32()),
        ("fps_numerator", pa.int64()),  # 0: unknown
        ("fps_denominator", pa.int64()),
        ("keypoints", pa.large_list(pa.float32())),  # (M, T, V, C) in row-major order
        ("confidence", pa.large_list(pa.float32())),  # (M, T, V)
    ]
)
_MAGIC = b"ARROW1"


class Shard:
    """A memory-mapped shard; nothing but the footer and the columns asked for is read."""

    def __init__(self, path: Path, *, layout: SkeletonLayout, num_axes: int, num_clips: int) -> None:
        self._path = path
        self._layout = layout
        self._num_axes = num_axes
        self._batch = read_arrow(path)
        if self._batch.schema != SCHEMA:
            raise UserError(f"shard {path} is damaged: its columns are not those of a skeleton store; copy it again")
        if self._batch.num_rows != num_clips:
            raise UserError(
                f"shard {path} is damaged: {num_clips} clips expected, {self._batch.num_rows} found; copy it again"
            )

    def __repr__(self) -> str:
        return f"Shard({self._path.name}: {self._batch.num_rows} clips, {self._layout.name}, {self._num_axes} axes)"

    @cached_property
    def names(self) -> list[str]:
        """Name of each clip."""
        return self._batch.column("name").to_pylist()

    def numbers(self, column: str) -> ndarray:
        """A whole-number column, without a copy."""
        return self._batch.column(column).to_numpy(zero_copy_only=True)

    @cached_property
    def _keypoints(self) -> ndarray:
        return self._batch.column("keypoints").values.to_numpy(zero_copy_only=True)

    @cached_property
    def _confidence(self) -> ndarray:
        return self._batch.column("confidence").values.to_numpy(zero_copy_only=True)

    @cached_property
    def _rows(self) -> list[tuple[int, ...]]:
        """Per clip the plain numbers that reading it needs: Python's own are quicker to handle than numpy's."""
        columns = [self._batch.column("confidence").offsets.to_numpy()[:-1].tolist()]
        for name in ("num_people", "num_frames", "height", "width", "fps_numerator", "fps_denominator", "label"):
            columns.append(self.numbers(name).tolist())
        rows = list(zip(*columns, strict=True))
        num_joints = self._layout.num_joints
        ends = self._batch.column("confidence").offsets.to_numpy()[1:].tolist()
        is_whole = rows[0][0] == 0 and ends[-1] == len(self._confidence)
        if not is_whole or any(
            row[0] + row[1] * row[2] * num_joints != end for row, end in zip(rows, ends, strict=True)
        ):
            raise UserError(f"shard {self._path} is damaged: its clips do not have the sizes it says; copy it again")
        if len(self._keypoints) != len(self._confidence) * self._num_axes:
            raise UserError(f"shard {self._path} is damaged: keypoints and confidence do not match; copy it again")
        return rows

    def read(self, row: int) -> SkeletonSequence:
        """The clip of one row; its arrays are read-only views into the file."""
        start, people, frames, height, width, numerator, denominator, label = self._rows[row]
        joints, axes = self._layout.num_joints, self._num_axes
        end = start + people * frames * joints
        return SkeletonSequence.trusted(
            keypoints=self._keypoints[start * axes : end * axes].reshape(people, frames, joints, axes),
            confidence=self._confidence[start:end].reshape(people, frames, joints),
            layout=self._layout,
            size_hw=(height, width),
            fps=_fraction(numerator, denominator) if numerator else None,
            label=None if label < 0 else label,
            name=self.names[row],
        )


def write_shard(path: Path, sequences: Sequence[SkeletonSequence]) -> StoredFile:
    """Write clips as one Arrow file of one record batch, under a temporary name first."""
    fps = [sequence.fps or Fraction(0) for sequence in sequences]
    columns = [
        pa.array([sequence.name for sequence in sequences], pa.string()),
        pa.array([-1 if sequence.label is None else sequence.label for sequence in sequences], pa.int64()),
        pa.array([sequence.num_people for sequence in sequences], pa.int32()),
        pa.array([sequence.num_frames for sequence in sequences], pa.int32()),
        pa.array([sequence.size_hw[0] for sequence in sequences], pa.int32()),
        pa.array([sequence.size_hw[1] for sequence in sequences], pa.int32()),
        pa.array([rate.numerator for rate in fps], pa.int64()),
        pa.array([rate.denominator for rate in fps], pa.int64()),
        _lists([sequence.keypoints for sequence in sequences]),
        _lists([sequence.confidence for sequence in sequences]),
    ]
    write_arrow(path, pa.record_batch(columns, schema=SCHEMA))
    return StoredFile(file=path.name, num_rows=len(sequences), num_bytes=path.stat().st_size)


def clip_digest(previous: str, sequence: SkeletonSequence) -> str:
    """Digest of all clips up to this one, given the digest of those before it."""
    sizes = (*sequence.keypoints.shape, *sequence.size_hw)
    digest = hashlib.sha256(repr((previous, sequence.name, sequence.label, sizes, str(sequence.fps))).encode())
    digest.update(sequence.keypoints.tobytes())
    digest.update(sequence.confidence.tobytes())
    return digest.hexdigest()


def write_arrow(path: Path, batch: pa.RecordBatch) -> None:
    """Write one record batch, whole or not at all."""
    with (
        atomic_path(path) as temporary,
        pa.OSFile(str(temporary), "wb") as sink,
        pa.ipc.new_file(sink, batch.schema) as writer,
    ):
        writer.write_batch(batch)


def check_file(folder: Path, stored: StoredFile) -> None:
    """See that a file is there, as long as the manifest says, and has Arrow's marks at both ends.

    Raises:
        FileNotFoundError: If it is missing.
        UserError: If it is cut short or no Arrow file.
    """
    path = folder / stored.file
    if not path.is_file():
        raise FileNotFoundError(f"store {folder}: {stored.file} is missing; copy the store again")
    num_bytes = path.stat().st_size
    if num_bytes != stored.num_bytes:
        what = "is cut short" if num_bytes < stored.num_bytes else "is longer than it should be"
        raise UserError(
            f"store {folder}: {stored.file} {what}: {stored.num_bytes:,} bytes expected, {num_bytes:,} found; "
            "copy the store again"
        )
    with path.open("rb") as file:
        start = file.read(len(_MAGIC))
        file.seek(-len(_MAGIC), os.SEEK_END)
        if start != _MAGIC or file.read() != _MAGIC:
            raise UserError(f"store {folder}: {stored.file} is no Arrow file; copy the store again")


def read_arrow(path: Path) -> pa.RecordBatch:
    """Read the one record batch of a file through a memory map.

    Raises:
        UserError: If the file is not an Arrow file of one record batch.
    """
    try:
        with pa.memory_map(str(path)) as source:
            reader = pa.ipc.open_file(source)
            if reader.num_record_batches != 1:
                raise UserError(f"{path} is damaged: one record batch expected, {reader.num_record_batches} found")
            return reader.get_batch(0)
    except pa.ArrowInvalid as error:
        raise UserError(f"{path} is damaged: {str(error).splitlines()[0]}; copy the store again") from None


def _lists(arrays: list[ndarray]) -> pa.LargeListArray:
    offsets = np.cumsum([0, *(array.size for array in arrays)], dtype=np.int64)
    return pa.LargeListArray.from_arrays(offsets, np.concatenate([array.ravel() for array in arrays]))


@lru_cache(maxsize=1024)
def _fraction(numerator: int, denominator: int) -> Fraction:
    return Fraction(numerator, denominator)
