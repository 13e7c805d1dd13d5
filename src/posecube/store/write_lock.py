"""One writer of a store at a time: a lock that the system takes back when its process ends, however it ends."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import weakref
from pathlib import Path

from filelock import FileLock, Timeout

LOCK_NAME = ".writer.lock"

logger = logging.getLogger(__name__)


class WriteLock:
    """Held from when it is made until ``release``, or until nothing refers to it any more.

    The file that is locked says which process holds it, for the message alone: what a killed writer leaves behind locks
    nobody out. Where a file system knows no locks, a warning is logged and there is none.
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
        if not path.parent.is_dir():
            raise FileNotFoundError(f"no folder {path.parent} to write a store in")
        lock = FileLock(path, blocking=False, thread_local=False, fallback_to_soft=False)
        self._release = weakref.finalize(self, _let_go, lock, path)
        try:
            lock.acquire()
        except Timeout:
            raise BlockingIOError(
                f"store {folder} is being written by {_holder(path)}: wait until it is done, or give another path for "
                "the store"
            ) from None
        except PermissionError:
            raise
        except OSError as error:
            logger.warning("%s: the file system knows no locks (%s); let one writer at a time in", folder, error)
            path.unlink(missing_ok=True)
            return
        with contextlib.suppress(OSError):  # Windows keeps a locked file's first byte
            path.write_text(str(os.getpid()), encoding="ascii")

    def release(self) -> None:
        """Let others write; once is enough, twice does no harm."""
        self._release()


def is_only_locked(folder: Path) -> bool:
    """Is there nothing in a folder but perhaps the lock of a writer that wrote nothing?"""
    return all(path.name == LOCK_NAME for path in folder.iterdir())


def _let_go(lock: FileLock, path: Path) -> None:
    """Remove the file while it is locked, so that nobody waits for a file that is gone; Windows only lets go first."""
    if not lock.is_locked:  # in a forked copy of the process too
        return
    if sys.platform != "win32":
        path.unlink(missing_ok=True)
    lock.release()
    if sys.platform == "win32":
        with contextlib.suppress(OSError):  # the next writer has opened it
            path.unlink()


def _holder(path: Path) -> str:
    try:
        text = path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return "another process"
    if not text.isdecimal():  # it has just been locked
        return "another process"
    return "this process" if int(text) == os.getpid() else f"process {text}"
