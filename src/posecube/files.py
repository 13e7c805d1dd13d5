"""Files that are there whole or not at all: written under a temporary name beside their target, then renamed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

UNFINISHED = "unfinished"


@contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """A temporary name to write to, which becomes ``path`` when the block ends well and goes away when it does not.

    It lies in the same folder and keeps the ending, by which many libraries choose a format. A folder may be made under
    it just as well as a file; a folder that is there already is not replaced.

    Raises:
        OSError: If the target cannot be written.
    """
    path = Path(path)
    temporary = unfinished_path(path)
    _remove(temporary)  # of a run that was killed
    try:
        yield temporary
        temporary.replace(path)
    finally:
        _remove(temporary)


def unfinished_path(path: Path) -> Path:
    """The name that something has until it is whole."""
    return path.with_name(f".{path.stem}.{UNFINISHED}{path.suffix}")


def write_bytes(path: str | Path, content: bytes) -> None:
    """Write a file, whole or not at all, flushed to the disk before it takes its name."""
    with atomic_path(path) as temporary, temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def write_text(path: str | Path, text: str) -> None:
    """Write a text as UTF-8, whole or not at all."""
    write_bytes(path, text.encode())


def write_json(path: str | Path, content: object) -> None:
    """Write indented JSON, whole or not at all.

    Raises:
        ValueError: If a number in it is not finite: JSON has no such numbers.
    """
    write_text(path, json.dumps(content, indent=2, allow_nan=False) + "\n")


def check_output(*paths: str | Path | None) -> None:
    """Refuse files that could not be written, before work starts; None is passed over.

    Raises:
        FileNotFoundError: If a file's folder does not exist.
        IsADirectoryError: If a path is a folder.
        NotADirectoryError: If what should be its folder is a file.
        PermissionError: If it may not be written.
    """
    for path in (Path(path) for path in paths if path):
        if path.is_dir():
            raise IsADirectoryError(f"cannot write {path}: it is a folder; give a file name")
        if path.parent.exists() and not path.parent.is_dir():
            raise NotADirectoryError(f"cannot write {path}: {path.parent} is no folder")
        if not path.parent.exists():
            raise FileNotFoundError(f"cannot write {path}: there is no folder {path.parent}; make it first")
        probe = path.with_name(f".{path.name}.probe")
        try:
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise PermissionError(f"cannot write {path}: {error.strerror}; choose another place") from error


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
