"""Tracked poses of a video in a temporary file, so that memory does not grow with the video's length."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType

import numpy as np

from posecube.pose.types import TrackedPose

_ROWS_AT_ONCE = 4096


class PoseSpool:
    """Written in order of frames, then read as often as one likes."""

    def __init__(self, num_joints: int) -> None:
        self._row = np.dtype(
            [
                ("frame", "<i8"), ("time_s", "<f8"), ("id", "<i4"), ("keypoints", "<f4", (num_joints, 2)),
                ("confidence", "<f4", num_joints),
            ]
        )  # fmt: skip
        self._file = tempfile.TemporaryFile(prefix="posecube-")  # noqa: SIM115 - closed by __exit__

    def __enter__(self) -> PoseSpool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, frame_index: int, time_s: float, people: Sequence[TrackedPose]) -> None:
        """Append the people of a frame; frames come in order."""
        for pose in people:
            row = np.array((frame_index, time_s, pose.id, pose.keypoints_xy, pose.confidence), dtype=self._row)
            self._file.write(row.tobytes())

    def rows(self) -> Iterator[np.void]:
        """All rows from the first frame to the last."""
        self._file.seek(0)
        while content := self._file.read(self._row.itemsize * _ROWS_AT_ONCE):
            yield from np.frombuffer(content, dtype=self._row)

    def rewind(self) -> Callable[[int], list[np.void]]:
        """A function that gives the rows of a frame; to be asked for frames in order."""
        rows = self.rows()
        waiting = next(rows, None)

        def rows_of(frame_index: int) -> list[np.void]:
            nonlocal waiting
            found = []
            while waiting is not None and waiting["frame"] <= frame_index:
                if waiting["frame"] == frame_index:
                    found.append(waiting)
                waiting = next(rows, None)
            return found

        return rows_of
