"""The split table of a store: an Arrow file of split names and the indices of their clips."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pyarrow as pa
from jaxtyping import Int64
from numpy import ndarray

from posecube.errors import UserError
from posecube.store.manifest import StoredFile
from posecube.store.shard import read_arrow, write_arrow

_SCHEMA = pa.schema([("split", pa.string()), ("clips", pa.large_list(pa.int64()))])


def write_splits(path: Path, splits: dict[str, ndarray]) -> StoredFile:
    """Write the split table as one Arrow file."""
    columns = [
        pa.array(list(splits), pa.string()),
        pa.LargeListArray.from_arrays(
            np.cumsum([0, *(len(clips) for clips in splits.values())], dtype=np.int64),
            np.concatenate([np.empty(0, np.int64), *splits.values()]),
        ),
    ]
    write_arrow(path, pa.record_batch(columns, schema=_SCHEMA))
    return StoredFile(file=path.name, num_rows=len(splits), num_bytes=path.stat().st_size)


def read_splits(path: Path) -> dict[str, Int64[ndarray, " n"]]:
    """Read the split table; the indices stay in the file until they are used."""
    batch = read_arrow(path)
    if batch.schema != _SCHEMA:
        raise UserError(f"{path} is damaged: it is no split table; copy the store again")
    offsets = batch.column("clips").offsets.to_numpy().tolist()
    clips = batch.column("clips").values.to_numpy(zero_copy_only=True)
    names = batch.column("split").to_pylist()
    return {name: clips[start:end] for name, start, end in zip(names, offsets, offsets[1:], strict=False)}


def splits_digest(splits: dict[str, ndarray]) -> str:
    """Digest of the table, "" for none; the order of the splits does not matter."""
    if not splits:
        return ""
    content = {name: hashlib.sha256(clips.tobytes()).hexdigest() for name, clips in splits.items()}
    return hashlib.sha256(repr(sorted(content.items())).encode()).hexdigest()
