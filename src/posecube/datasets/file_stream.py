"""The files of a data set one after the other: no more than one in memory, however many an archive holds.

``files`` gives an archive's files in the order of their names, which a compressed tar can do only from memory. Data
sets of a hundred thousand files take what comes, in the order in which it comes.
"""

from __future__ import annotations

import lzma
import os
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from posecube.errors import UserError

_ARCHIVES = (".zip", ".tar", ".tgz", ".tbz2", ".txz", ".tar.gz", ".tar.bz2", ".tar.xz")
# An encrypted zip is a RuntimeError, an unknown compression a NotImplementedError.
_DAMAGE = (tarfile.TarError, zipfile.BadZipFile, EOFError, lzma.LZMAError, zlib.error, RuntimeError, OSError)


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
            with damage_of(archive):
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
                with damage_of(archive):
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


@contextmanager
def damage_of(archive: Path) -> Iterator[None]:
    """What an archive's damage raises becomes one line, a ValueError."""
    try:
        yield
    except PermissionError:
        raise
    except _DAMAGE as error:
        reason = str(error).partition("\n")[0].rstrip(":") or type(error).__name__
        raise UserError(f"{archive} is no readable folder, tar or zip ({reason}); download it again") from None
