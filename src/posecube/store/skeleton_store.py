"""SkeletonStore: the clips of a data set in one folder of memory-mapped Arrow files.

    store/manifest.json             format, version, layout, classes, the list of files with their sizes, fingerprint
          clips-00000.arrow ...     shards of clips, see ``shard.SCHEMA``
          splits-00000.arrow        the split table: name, indices of its clips

A store may be larger than memory: opening reads the manifest and looks at the files' sizes and ends, and a clip's
numbers are read when they are asked for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from pathlib import Path

import numpy as np
from jaxtyping import Int32, Int64
from numpy import ndarray

from posecube.errors import UserError
from posecube.skeleton.layout import SkeletonLayout
from posecube.skeleton.sequence import SkeletonSequence
from posecube.store.manifest import read_manifest
from posecube.store.shard import Shard, check_file, clip_digest
from posecube.store.split_table import read_splits
from posecube.store.writer import CLIPS_PER_SHARD, StoreWriter


class SkeletonStore:
    """A read-only sequence of clips. ``store[i]`` gives read-only arrays that lie in the file: copy before changing.

    A store pickles as its path, so that worker processes open it anew.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._manifest = read_manifest(self.path)
        self.layout: SkeletonLayout = self._manifest.skeleton_layout(self.path)
        self.classes: tuple[str, ...] = self._manifest.classes
        if not self._manifest.num_clips or self._manifest.num_axes is None:
            raise UserError(f"store {self.path} is empty: it holds no clips; import or extract some")
        for stored in (*self._manifest.shards, *filter(None, [self._manifest.splits])):
            check_file(self.path, stored)
        self.num_axes: int = self._manifest.num_axes
        self._starts = [0, *accumulate(shard.num_rows for shard in self._manifest.shards)]
        self._shards: list[Shard | None] = [None] * len(self._manifest.shards)

    @classmethod
    def open(cls, path: str | Path) -> SkeletonStore:
        """Open a store and check its files' presence, sizes and ends.

        Raises:
            FileNotFoundError: If there is no store at the path, or one of its files is missing.
            UserError: If it is empty, cut short, damaged or of another version.
        """
        return cls(path)

    @staticmethod
    def create(
        path: str | Path, *, layout: SkeletonLayout, classes: Sequence[str] = (), clips_per_shard: int = CLIPS_PER_SHARD
    ) -> StoreWriter:
        """Begin a new store; the writer is a context manager: ``with SkeletonStore.create(...) as writer``.

        Raises:
            BlockingIOError: If another writer has begun one there.
            FileExistsError: If something is at the path already (an empty folder is welcome).
            UserError: If class names repeat.
        """
        return StoreWriter(path, layout=layout, classes=classes, clips_per_shard=clips_per_shard)

    def __len__(self) -> int:
        return self._starts[-1]

    def __getitem__(self, index: int) -> SkeletonSequence:
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(f"store {self.path} has {len(self)} clips, no clip {index}")
        shard_index = bisect_right(self._starts, index) - 1
        shard = self._shards[shard_index] or self._open_shard(shard_index)
        return shard.read(index - self._starts[shard_index])

    def __iter__(self) -> Iterator[SkeletonSequence]:
        return (self[index] for index in range(len(self)))

    def __reduce__(self) -> tuple[type[SkeletonStore], tuple[Path]]:
        return type(self), (self.path,)

    def __repr__(self) -> str:
        return f"SkeletonStore({str(self.path)!r}: {len(self)} clips, {len(self.classes)} classes, {self.layout.name})"

    @property
    def fingerprint(self) -> str:
        """A digest of clips, classes, layout and splits: equal content has an equal one, however it is sharded."""
        return self._manifest.fingerprint

    @cached_property
    def names(self) -> list[str]:
        """Unique name of each clip."""
        return [name for shard in self._all_shards() for name in shard.names]

    @cached_property
    def labels(self) -> Int64[ndarray, " N"]:
        """Class index of each clip, -1 where unknown."""
        return self._column("label")

    @cached_property
    def num_frames(self) -> Int32[ndarray, " N"]:
        """Frames of each clip."""
        return self._column("num_frames")

    @cached_property
    def num_people(self) -> Int32[ndarray, " N"]:
        """People slots of each clip."""
        return self._column("num_people")

    @cached_property
    def splits(self) -> dict[str, Int64[ndarray, " n"]]:
        """Clip indices of each split, in the order in which the split lists them."""
        if self._manifest.splits is None:
            return {}
        return read_splits(self.path / self._manifest.splits.file)

    def split(self, name: str) -> Int64[ndarray, " n"]:
        """Clip indices of one split.

        Raises:
            UserError: If the store has no split of that name.
        """
        if name not in self.splits:
            known = ", ".join(sorted(self.splits)) or "none"
            raise UserError(f"store {self.path} has no split {name!r}; its splits: {known}")
        return self.splits[name]

    def index(self, name: str) -> int:
        """Index of a clip by its name.

        Raises:
            UserError: If there is no such clip.
        """
        if name not in self._index_by_name:
            raise UserError(f"store {self.path} has no clip named {name!r}")
        return self._index_by_name[name]

    def verify(self) -> None:
        """Read every number and compare with the digest taken at writing.

        Raises:
            UserError: If something has changed since.
        """
        digest = ""
        for sequence in self:
            digest = clip_digest(digest, sequence)
        if digest != self._manifest.clips_sha256:
            raise UserError(f"store {self.path} is damaged: its clips are not those that were written; copy it again")

    @cached_property
    def _index_by_name(self) -> dict[str, int]:
        return {name: index for index, name in enumerate(self.names)}

    def _column(self, name: str) -> ndarray:
        column = np.concatenate([shard.numbers(name) for shard in self._all_shards()])
        column.setflags(write=False)
        return column

    def _all_shards(self) -> Iterator[Shard]:
        return (shard or self._open_shard(index) for index, shard in enumerate(self._shards))

    def _open_shard(self, index: int) -> Shard:
        stored = self._manifest.shards[index]
        shard = Shard(self.path / stored.file, layout=self.layout, num_axes=self.num_axes, num_clips=stored.num_rows)
        self._shards[index] = shard
        return shard
