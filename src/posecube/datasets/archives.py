"""The files of a data set, from a folder, a tar (of any compression) or a zip, without unpacking anything to disk.

``read_files`` gives them in the order of their names, which a compressed tar can do only from memory. ``FileStream`` is
for data sets of a hundred thousand files: it takes what comes, no more than one in memory.
"""

from __future__ import annotations

import lzma
import os
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from posecube.errors import UserError

_ARCHIVES = (".zip", ".tar", ".tgz", ".tbz2", ".txz", ".tar.gz", ".tar.bz2", ".tar.xz")
# An encrypted zip is a RuntimeError, an unknown compression a NotImplementedError.
_DAMAGE = (tarfile.TarError, zipfile.BadZipFile, EOFError, lzma.LZMAError, zlib.error, RuntimeError, OSError)


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


class FileStream:
    """The files of one suffix in a folder (nested, and in archives that lie in it), a tar of any compression or a zip.

    Attributes:
        names: Paths of the files inside the source, in the order in which ``read`` gives them.
    """

    def __init__(self, source: Path, suffix: str) -> None:
        """List the files.

        Raises:
            FileNotFoundError: If there is no such source.
            UserError: If it is no readable folder or archive, or has no such files.
        """
        if not source.exists():
            raise FileNotFoundError(f"no data set at {source}: give its folder, or the tar or zip as it was downloaded")
        self._suffix = suffix
        self._folder = source
        self._loose: list[str] = []
        self._archives = [source]
        if source.is_dir():
            self._loose = sorted(self._walk_folder())
            self._archives = sorted(path for path in source.iterdir() if path.name.lower().endswith(_ARCHIVES))
        elif source.suffix == suffix:
            self._folder, self._loose, self._archives = source.parent, [source.name], []
        self.names = list(self._loose)
        for archive in self._archives:
            with _damage_of(archive):
                self.names += [name for name, _ in self._walk_archive(archive, read=False)]
        if not self.names:
            raise UserError(f"{source} holds no file like *{suffix}: is it the right data set?")

    def read(self) -> Iterator[tuple[str, bytes]]:
        """Each file's path inside the source, and its bytes.

        Raises:
            UserError: If an archive is damaged.
        """
        for name in self._loose:
            yield name, (self._folder / name).read_bytes()
        for archive in self._archives:
            files = self._walk_archive(archive, read=True)
            while True:
                with _damage_of(archive):
                    file = next(files, None)
                if file is None:
                    break
                yield file

    def _walk_folder(self) -> Iterator[str]:
        for folder, _, names in os.walk(self._folder):
            inside = Path(folder).relative_to(self._folder)
            yield from ((inside / name).as_posix() for name in names if name.endswith(self._suffix))

    def _walk_archive(self, archive: Path, *, read: bool) -> Iterator[tuple[str, bytes]]:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as zipped:
                for name in sorted(name for name in zipped.namelist() if name.endswith(self._suffix)):
                    yield name, zipped.read(name) if read else b""
            return
        with tarfile.open(archive, "r:*") as tarred:
            while (member := tarred.next()) is not None:
                # It would remember every member that it has met.
                tarred.members = []  # type: ignore[attr-defined]
                if member.isfile() and member.name.endswith(self._suffix):
                    file = tarred.extractfile(member) if read else None
                    yield member.name, file.read() if file else b""


def _files_of(source: Path, pattern: str) -> dict[PurePosixPath, Callable[[], bytes]]:
    if source.is_dir():
        paths = {PurePosixPath(path.relative_to(source).as_posix()): path for path in source.rglob(pattern)}
        # A pattern of several parts may begin with the source's own name: a user points at `labels` or above it.
        paths = paths or {PurePosixPath(path.name): path for path in source.glob(PurePosixPath(pattern).name)}
        return {inside: path.read_bytes for inside, path in paths.items() if path.is_file()}
    with _damage_of(source):
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


@contextmanager
def _damage_of(archive: Path) -> Iterator[None]:
    """What an archive's damage raises becomes one line, a ValueError."""
    try:
        yield
    except PermissionError:
        raise
    except _DAMAGE as error:
        reason = str(error).partition("\n")[0].rstrip(":") or type(error).__name__
        raise UserError(f"{archive} is no readable folder, tar or zip ({reason}); download it again") from None
