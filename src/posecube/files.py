"""Files that are there whole or not at all: written under a temporary name beside their target, then renamed.

What is no file in a folder, such as the standard output, a device or a pipe, is written to and never replaced.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import combinations
from pathlib import Path

from posecube.errors import UserError

UNFINISHED = "unfinished"
STDOUT = Path("-")  # the standard output, wherever a path to write to is taken
_STREAM_FOLDERS = tuple(map(Path, ("/dev", "/dev/fd", "/proc/self/fd")))


@contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """A temporary name to write to, which becomes ``path`` when the block ends well and goes away when it does not.

    It lies in the same folder and keeps the ending, by which many libraries choose a format. A folder may be made under
    it just as well as a file; a folder that is there already is not replaced. A link stays a link, and what it leads to
    is replaced. A stream gets the content when the block has ended well.

    Raises:
        OSError: If the target cannot be written.
    """
    path = Path(path)
    if is_stream(path):
        with _for_stream(path) as temporary:
            yield temporary
        return
    path = Path(os.path.realpath(path)) if path.is_symlink() else path
    temporary = unfinished_path(path)
    _remove(temporary)  # of a run that was killed
    try:
        yield temporary
        temporary.replace(path)
    finally:
        _remove(temporary)


def is_stream(path: str | Path) -> bool:
    """Whether writing to a path means writing into something that is there: standard output, a device or a pipe."""
    path = Path(path)
    if path == STDOUT or path.absolute().parent in _STREAM_FOLDERS:
        return True
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def unfinished_path(path: Path) -> Path:
    """The name that something has until it is whole."""
    return path.with_name(f".{path.stem}.{UNFINISHED}{path.suffix}")


def write_bytes(path: str | Path, content: bytes) -> None:
    """Write a file, whole or not at all, flushed to the disk before it takes its name; or all of it to a stream."""
    if is_stream(path):
        _write_stream(Path(path), content)
        return
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


def append_line(path: str | Path, line: str, *, is_first: bool) -> None:
    """Add a line to a file, there as soon as it is added, for whoever watches.

    Args:
        is_first: It replaces what an earlier run has left.
    """
    content = (line + "\n").encode()
    if is_first or is_stream(path):
        write_bytes(path, content)
        return
    with Path(path).open("ab") as file:
        file.write(content)


def check_output(*paths: str | Path | None, inputs: Iterable[str | Path] = ()) -> None:
    """Refuse files that could not be written, or would destroy what is read, before work starts; None is passed over.

    Args:
        inputs: The files that the work reads. An output must be none of them, by whatever name or link.

    Raises:
        FileNotFoundError: If a file's folder does not exist.
        IsADirectoryError: If a path is a folder.
        NotADirectoryError: If what should be its folder is a file.
        PermissionError: If it may not be written.
        OSError: If a device takes nothing.
        UserError: If an output is an input, or two outputs are one file.
    """
    outputs = [Path(path) for path in paths if path]
    for path in outputs:
        _check_place(path)
    for path, other in combinations(outputs, 2):
        if _is_same(path, other) and not _is_sink(path):
            raise UserError(f"cannot write {path} twice: two outputs are one file; give each a name of its own")
    _check_no_input(outputs, inputs)


def _check_place(path: Path) -> None:
    if path == STDOUT:
        return
    if path.is_dir():
        raise IsADirectoryError(f"cannot write {path}: it is a folder; give a file name")
    if is_stream(path):
        _check_stream(path)
        return
    target = Path(os.path.realpath(path)) if path.is_symlink() else path
    folder = target.parent
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(f"cannot write {path}: {folder} is no folder")
    if not folder.exists():
        raise FileNotFoundError(f"cannot write {path}: there is no folder {folder}; make it first")
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(f"cannot write {path}: it may only be read; choose another name")
    probe = target.with_name(f".{target.name}.probe")
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise PermissionError(f"cannot write {path}: {error.strerror}; choose another place") from error


def _check_stream(path: Path) -> None:
    """A pipe is believed, because opening it would wait for its reader."""
    try:
        if not path.is_fifo():
            with path.open("ab", buffering=0) as stream:
                stream.write(b"")  # a full device refuses even nothing
        elif not os.access(path, os.W_OK):
            raise PermissionError(13, "Permission denied")
    except OSError as error:
        raise OSError(f"cannot write {path}: {error.strerror}; choose another place") from error


def _check_no_input(outputs: Iterable[Path], inputs: Iterable[str | Path]) -> None:
    by_file = {_file_number(path): path for path in outputs if not is_stream(path) and path.exists()}
    if not by_file:  # what is not there is no input: thousands of pictures are not asked for
        return
    for name in inputs:
        path = by_file.get(_file_number(Path(name))) if Path(name).exists() else None
        if path is not None:
            other = "" if path == Path(name) else f" {name} under another name"
            raise UserError(f"cannot write {path}: it is the input{other}, which would be lost; choose another name")


def _file_number(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def _is_same(path: Path, other: Path) -> bool:
    try:
        return path == other or path.samefile(other)
    except OSError:  # one is not there yet
        return os.path.normcase(os.path.realpath(path)) == os.path.normcase(os.path.realpath(other))


def _is_sink(path: Path) -> bool:
    return path.exists() and path.samefile(os.devnull)


@contextmanager
def _for_stream(path: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="posecube-") as folder:
        temporary = Path(folder) / f"content{path.suffix}"
        yield temporary
        _write_stream(path, temporary.read_bytes())


def _write_stream(path: Path, content: bytes) -> None:
    if path != STDOUT:
        with path.open("ab") as stream:
            stream.write(content)
        return
    sys.stdout.flush()
    try:
        binary = getattr(sys.stdout, "buffer", None)
        if binary is None:  # replaced by an object of text alone
            sys.stdout.write(content.decode())
        else:
            binary.write(content)
        sys.stdout.flush()
    except OSError as error:
        _forget_stdout()
        raise OSError(f"cannot write to the standard output: {error.strerror}") from error


def _forget_stdout() -> None:
    """What the standard output did not take is not tried again when the process ends: that would be a second error."""
    with Path(os.devnull).open("wb") as nothing:
        os.dup2(nothing.fileno(), sys.stdout.fileno())


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
