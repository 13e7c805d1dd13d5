"""One writer of a store at a time: a lock that the system takes back when its process ends, however it ends."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import sys
import weakref
from pathlib import Path

LOCK_NAME = ".writer.lock"

# What a lock that somebody else holds is refused with; Windows says the last two.
_TAKEN = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK)
# Windows keeps others from reading the byte that is locked: one far behind the number of the process.
_LOCKED_BYTE = 2**20

logger = logging.getLogger(__name__)


class WriteLock:
    """Held from when it is made until ``release``, or until nobody refers to it any more.

    The lock is the system's, on a file in the folder; the file says which process holds it, for the message alone. So
    the file that a killed writer leaves behind locks nobody out. Where a file system knows no locks, a warning is
    logged and there is none.
    """

    def __init__(self, folder: Path, *, file: Path | None = None) -> None:
        """Lock a folder.

        Args:
            file: The lock's file where it cannot lie in the folder, which may not be there yet.

        Raises:
            BlockingIOError: If another writer holds the lock, of this process or another one.
            OSError: If the folder cannot be written.
        """
        path = file or folder / LOCK_NAME
        handle = _locked(path, folder)
        self._release = weakref.finalize(self, _let_go, handle, path, os.getpid())

    def release(self) -> None:
        """Let others write; once is enough, twice does no harm."""
        self._release()


def is_only_locked(folder: Path) -> bool:
    """Is there nothing in a folder but perhaps the lock of a writer that wrote nothing?"""
    return all(path.name == LOCK_NAME for path in folder.iterdir())


def _locked(path: Path, folder: Path) -> int:
    """A handle of the lock's file, locked; the file is opened again if its holder removed it meanwhile."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _lock(handle)
        except OSError as error:
            if error.errno not in _TAKEN:
                logger.warning("%s: the file system knows no locks (%s); let one writer at a time in", folder, error)
                return handle
            holder = _holder(handle)
            os.close(handle)
            raise BlockingIOError(
                f"store {folder} is being written by {holder}: wait until it is done, or give another path for the "
                "store"
            ) from None
        if _is_at(handle, path):
            os.ftruncate(handle, 0)
            os.write(handle, str(os.getpid()).encode())
            return handle
        os.close(handle)


def _let_go(handle: int, path: Path, process: int) -> None:
    """Remove the file while it is locked, so that nobody waits for a file that is gone; Windows only lets go first."""
    if os.getpid() != process:  # a forked copy: the lock is its parent's
        return
    if sys.platform == "win32":
        os.close(handle)
        with contextlib.suppress(OSError):  # the next writer has opened it
            path.unlink()
        return
    if _is_at(handle, path):
        path.unlink()
    os.close(handle)


def _is_at(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _holder(handle: int) -> str:
    text = os.read(handle, 20).decode("ascii", "replace")
    if not text.isdecimal():  # it has just been locked
        return "another process"
    return "this process" if int(text) == os.getpid() else f"process {text}"


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
