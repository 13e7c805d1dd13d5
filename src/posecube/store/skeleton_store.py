"""SkeletonStore: the clips of a data set in one folder of memory-mapped Arrow files.

    store/manifest.json             format, version, layout, classes, the list of files with their sizes, fingerprint
          clips-00000.arrow ...     shards of clips, see ``shard.SCHEMA``
          splits-00000.arrow        the split table: name, indices of its clips

A store may be larger than memory: opening reads the manifest and looks at the files' sizes and ends, and a clip's
numbers are read when they are asked for.
"""

from __future__ import annotations

import hashlib
import logging
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from types import TracebackType

import numpy as np
from jaxtyping import Int32, Int64
from numpy import ndarray

from posecube.errors import UserError
from posecube.skeleton.layout import SkeletonLayout
from posecube.skeleton.sequence import SkeletonSequence
from posecube.store.manifest import Manifest, StoredLayout, read_manifest, write_manifest
from posecube.store.shard import Shard, check_file, write_shard
from posecube.store.split_table import read_splits, splits_digest, write_splits
from posecube.store.write_lock import WriteLock, is_only_locked

# A shard is written when its clips reach this size, whatever their number: it bounds the memory of writing.
_SHARD_BYTES = 256 * 2**20

logger = logging.getLogger(__name__)


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


class StoreWriter:
    """Writes a new store, or appends shards to one; a context manager.

    Clips are kept in memory until a shard is full. A writer that is killed or leaves with an error loses the clips
    since the last shard (``flush`` writes them early) and leaves a store of the shards before. From when it is made
    until it finishes no other writer is let in; readers are.
    """

    def __init__(
        self, path: str | Path, *, layout: SkeletonLayout, classes: Sequence[str], clips_per_shard: int = 512
    ) -> None:
        """Begin a new store.

        Raises:
            BlockingIOError: If another writer has begun one there.
            FileExistsError: If something is at the path already (an empty folder is welcome).
            UserError: If class names repeat.
        """
        path = Path(path)
        if path.exists() and (not path.is_dir() or not is_only_locked(path)):
            raise FileExistsError(f"{path} exists already: remove it, or give another path for the store")
        manifest = Manifest(layout=StoredLayout.of(layout), classes=_checked_classes(classes)).fingerprinted()
        path.mkdir(parents=True, exist_ok=True)
        self._begin(path, manifest, WriteLock(path), layout=layout, clips_per_shard=clips_per_shard)
        write_manifest(path, manifest)

    @classmethod
    def append(
        cls, path: str | Path, *, classes: Sequence[str] | None = None, clips_per_shard: int = 512
    ) -> StoreWriter:
        """Continue an existing store, which may still be empty.

        Args:
            path: The store.
            classes: The longer list of classes; it must begin with the store's. None leaves them.
            clips_per_shard: Clips after which a shard is written.

        Raises:
            BlockingIOError: If another writer is at work on it.
            FileNotFoundError: If there is no store.
            UserError: If it is damaged, or the classes do not begin with those it has.
        """
        path = Path(path)
        read_manifest(path)
        lock = WriteLock(path)
        try:
            return cls._continued(path, lock, classes=classes, clips_per_shard=clips_per_shard)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def _continued(
        cls, path: Path, lock: WriteLock, *, classes: Sequence[str] | None, clips_per_shard: int
    ) -> StoreWriter:
        manifest = read_manifest(path)  # under the lock: before, another writer may have been at work
        for left_over in path.glob(".*.part"):  # of a writer that was killed
            left_over.unlink()
        writer = cls.__new__(cls)
        writer._begin(path, manifest, lock, layout=manifest.skeleton_layout(path), clips_per_shard=clips_per_shard)
        if manifest.num_clips:
            store = SkeletonStore.open(path)
            writer._index_by_name = dict(store._index_by_name)
            writer._splits = {name: np.array(clips) for name, clips in store.splits.items()}
        if classes is not None and tuple(classes) != manifest.classes:
            if tuple(classes)[: len(manifest.classes)] != manifest.classes:
                raise UserError(
                    f"store {path}: new classes must come after the {len(manifest.classes)} that it has "
                    f"({', '.join(manifest.classes)}), got {', '.join(classes)}"
                )
            writer._replace_manifest(classes=_checked_classes(classes))
        return writer

    def _begin(
        self, path: Path, manifest: Manifest, lock: WriteLock, *, layout: SkeletonLayout, clips_per_shard: int
    ) -> None:
        if clips_per_shard < 1:
            lock.release()
            raise UserError(f"clips_per_shard must be at least 1, got {clips_per_shard}")
        self.path = path
        self.layout = layout
        self._manifest = manifest
        self._lock = lock
        self._clips_per_shard = clips_per_shard
        self._clips_digest = manifest.clips_sha256
        self._num_axes: int | None = manifest.num_axes
        self._index_by_name: dict[str, int] = {}
        self._splits: dict[str, ndarray] = {}
        self._pending: list[SkeletonSequence] = []
        self._pending_bytes = 0
        self._is_finished = False

    def __enter__(self) -> StoreWriter:
        return self

    def __exit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error_type is None:
            self.finish()
        else:
            self._is_finished = True
            self._lock.release()

    def __len__(self) -> int:
        return len(self._index_by_name)

    def __contains__(self, name: str) -> bool:
        """Is a clip of that name in the store? This is what resuming asks."""
        return name in self._index_by_name

    @property
    def classes(self) -> tuple[str, ...]:
        """Class names of the store."""
        return self._manifest.classes

    def add(self, sequence: SkeletonSequence) -> None:
        """Add a clip after checking that it fits. Joints of confidence 0 without finite coordinates are stored as 0.

        Raises:
            UserError: If its name is empty or taken, or layout, axes, label or numbers are not those of the store.
        """
        self._check(sequence)
        sequence = _finite(sequence)
        self._num_axes = sequence.num_axes
        self._index_by_name[sequence.name] = len(self._index_by_name)
        self._pending.append(sequence)
        self._pending_bytes += sequence.keypoints.nbytes + sequence.confidence.nbytes
        if len(self._pending) >= self._clips_per_shard or self._pending_bytes >= _SHARD_BYTES:
            self.flush()

    def set_split(self, name: str, clip_names: Iterable[str]) -> None:
        """Name the clips of a split, replacing one of that name; the clips must have been added.

        Raises:
            UserError: If a clip is not in the store or is listed twice.
        """
        clip_names = list(clip_names)
        missing = [clip for clip in clip_names if clip not in self._index_by_name]
        if missing:
            raise UserError(
                f"store {self.path}: split {name!r} names {len(missing)} clips that are not in it, first {missing[0]!r}"
            )
        if len(set(clip_names)) != len(clip_names):
            raise UserError(f"store {self.path}: split {name!r} lists a clip twice")
        self._splits[name] = np.array([self._index_by_name[clip] for clip in clip_names], dtype=np.int64)

    def flush(self) -> None:
        """Write the clips since the last shard as a shard of their own; from then on they are in the store."""
        if not self._pending:
            return
        number = len(self._manifest.shards)
        for sequence in self._pending:
            self._clips_digest = clip_digest(self._clips_digest, sequence)
        stored = write_shard(self.path / f"clips-{number:05d}.arrow", self._pending)
        self._replace_manifest(
            shards=(*self._manifest.shards, stored), num_axes=self._num_axes, clips_sha256=self._clips_digest
        )
        self._pending, self._pending_bytes = [], 0

    def finish(self) -> None:
        """Write what is left and the split table; then others may write."""
        if self._is_finished:
            return
        self.flush()
        self._write_splits()
        self._is_finished = True
        self._lock.release()

    def _write_splits(self) -> None:
        digest = splits_digest(self._splits)
        if digest == self._manifest.splits_sha256:
            return
        old = self._manifest.splits
        number = int(old.file.removeprefix("splits-").removesuffix(".arrow")) + 1 if old else 0
        stored = write_splits(self.path / f"splits-{number:05d}.arrow", self._splits)
        self._replace_manifest(splits=stored, splits_sha256=digest)
        if old:
            (self.path / old.file).unlink(missing_ok=True)

    def _replace_manifest(self, **fields: object) -> None:
        self._manifest = self._manifest.model_copy(update=fields).fingerprinted()
        write_manifest(self.path, self._manifest)

    def _check(self, sequence: SkeletonSequence) -> None:
        where = f"store {self.path}: clip {sequence.name!r}"
        if self._is_finished:
            raise UserError(f"{where}: the writer has finished; open the store with StoreWriter.append")
        if not sequence.name:
            raise UserError(f"store {self.path}: every clip needs a name of its own, this one has none")
        if sequence.name in self._index_by_name:
            raise UserError(f"{where} is in the store already; names must differ")
        if sequence.layout != self.layout:
            raise UserError(f"{where} has layout {sequence.layout.name}, the store has {self.layout.name}; convert it")
        if self._num_axes not in (None, sequence.num_axes):
            raise UserError(f"{where} has {sequence.num_axes} axes, the clips before have {self._num_axes}")
        if sequence.label is not None and not 0 <= sequence.label < len(self.classes):
            raise UserError(f"{where} has label {sequence.label}, the store has {len(self.classes)} classes")
        # The arrays may have changed since the sequence checked itself.
        if not np.isfinite(sequence.keypoints[sequence.confidence > 0]).all():
            raise UserError(f"{where} has keypoints that are not finite; give such joints confidence 0")


def clip_digest(previous: str, sequence: SkeletonSequence) -> str:
    """Digest of all clips up to this one, given the digest of those before it."""
    sizes = (*sequence.keypoints.shape, *sequence.size_hw)
    digest = hashlib.sha256(repr((previous, sequence.name, sequence.label, sizes, str(sequence.fps))).encode())
    digest.update(sequence.keypoints.tobytes())
    digest.update(sequence.confidence.tobytes())
    return digest.hexdigest()


def _finite(sequence: SkeletonSequence) -> SkeletonSequence:
    """Give joints that were not seen the coordinate 0 where they have none: a NaN would spread through any product."""
    is_finite = np.isfinite(sequence.keypoints)
    if is_finite.all():
        return sequence
    return sequence.replaced(keypoints=np.where(is_finite, sequence.keypoints, np.float32(0)))


def _checked_classes(classes: Sequence[str]) -> tuple[str, ...]:
    repeated = sorted({name for name in classes if list(classes).count(name) > 1})
    if repeated:
        raise UserError(f"class names must differ, these repeat: {', '.join(repeated)}")
    return tuple(classes)
