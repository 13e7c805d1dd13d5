"""The files of a data set, from a folder, a tar (of any compression) or a zip, without unpacking anything to disk."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from posecube.datasets.file_stream import damage_of
from posecube.errors import UserError


def read_files(source: Path, pattern: str) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Files whose path ends in a pattern such as ``labels/*.mat``, ordered by path: the same from folder and archive.

    Of an archive the matching files are held in memory, since a compressed tar can only be read forwards.

    Yields:
        The path inside the source, and the file's bytes.

    Raises:
        FileNotFoundError: If the source does not exist.
        UserError: If it is neither a folder nor a readable archive, or holds no such file.
    """
    if not source.exists():
        raise FileNotFoundError(f"no data set at {source}: give its folder, or the tar or zip as it was downloaded")
    files = _files_of(source, pattern)
    if not files:
        raise UserError(f"{source} holds no file like {pattern}: is it the right data set?")
    for path in sorted(files):
        yield path, files[path]()


def _files_of(source: Path, pattern: str) -> dict[PurePosixPath, Callable[[], bytes]]:
    if source.is_dir():
        paths = {PurePosixPath(path.relative_to(source).as_posix()): path for path in source.rglob(pattern)}
        # A pattern of several parts may begin with the source's own name: a user points at `labels` or above it.
        paths = paths or {PurePosixPath(path.name): path for path in source.glob(PurePosixPath(pattern).name)}
        return {inside: path.read_bytes for inside, path in paths.items() if path.is_file()}
    with damage_of(source):
        return _zipped_files(source, pattern) if zipfile.is_zipfile(source) else _tarred_files(source, pattern)


def _tarred_files(source: Path, pattern: str) -> dict[PurePosixPath, Callable[[], bytes]]:
    contents = {}
    with tarfile.open(source, "r:*") as archive:
        for member in archive:
            if member.isfile() and PurePosixPath(member.name).match(pattern):
                file = archive.extractfile(member)
                assert file is not None, f"{member.name} is a file, so tarfile opens it"
                contents[PurePosixPath(member.name)] = file.read()
    return {path: _constant(content) for path, content in contents.items()}


def _zipped_files(source: Path, pattern: str) -> dict[PurePosixPath, Callable[[], bytes]]:
    with zipfile.ZipFile(source) as archive:
        names = [name for name in archive.namelist() if PurePosixPath(name).match(pattern)]
        return {PurePosixPath(name): _constant(archive.read(name)) for name in names}


def _constant(content: bytes) -> Callable[[], bytes]:
    return lambda: content
