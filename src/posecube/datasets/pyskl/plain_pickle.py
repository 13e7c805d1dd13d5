"""Pickles of plain data: Python's own unpickler, which gets stand-ins for the few names that such data need.

A file is held in memory while its clips are read. Measured on 60,000 clips (a file of 1 GB): 1.9 GiB, or 1.0 GiB of
protocol 4. A machine of our own that streamed the same file took 0.2 GiB and 700 lines; that bound is not worth them.

The unpickler is the one written in Python: the one in C keeps a list as long as the largest number that a pickle gives
an object, so that nine bytes fill 64 GB.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from posecube.datasets.pyskl.pickle_values import AllowedName, NotPlainError, PickledArray, allowed_name, plain
from posecube.errors import UserError

__all__ = ["PickledArray", "parse_plain_pickle", "plain", "read_plain_pickle"]


def read_plain_pickle(path: Path) -> Any:
    """Read a pickle that holds dicts, lists, text, numbers and arrays of them; arrays come as ``PickledArray``.

    Nothing that the pickle names is imported or run.

    Raises:
        FileNotFoundError: If the file does not exist.
        UserError: If it is no pickle, or holds anything else.
    """
    if not path.is_file():
        raise FileNotFoundError(f"no pickle file at {path}")
    with path.open("rb") as file:
        return _load(file, str(path))


def parse_plain_pickle(content: bytes, *, name: str) -> Any:
    """The same of a pickle in memory; the name is for messages.

    Raises:
        UserError: If it is no pickle, or holds anything but plain data.
    """
    return _load(io.BytesIO(content), name)


class _WholeFile:
    """The file as the unpickler reads it; Python's own reads on where a file is cut, and calls it something else."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, length: int) -> bytes:
        found = self._file.read(length)
        if len(found) < length:
            raise UserError("it is cut short")
        return found

    def readline(self) -> bytes:
        line = self._file.readline()
        if not line.endswith(b"\n"):
            raise UserError("it is cut short")
        return line


class _PlainUnpickler(pickle._Unpickler):
    def find_class(self, module: str, name: str) -> AllowedName:
        return allowed_name(module, name)

    def get_extension(self, code: int) -> None:
        raise NotPlainError(f"names the extension {code}")


def _load(file: BinaryIO, name: str) -> Any:
    with _errors_of(name):
        return _PlainUnpickler(_WholeFile(file), encoding="latin1").load()  # the letters of Python 2 are bytes


@contextmanager
def _errors_of(name: str) -> Iterator[None]:
    try:
        yield
    except NotPlainError as error:
        raise UserError(
            f"{name} was not loaded: a skeleton pickle holds plain arrays and containers only, this one {_line(error)}"
        ) from None
    except MemoryError:
        raise UserError(f"{name} was not loaded: it asks for more memory than there is") from None
    except Exception as error:  # a pickle's bytes can make the unpickler raise anything
        is_told = isinstance(error, ValueError | pickle.UnpicklingError) and str(error)
        reason = _line(error) if is_told else type(error).__name__
        raise UserError(f"{name} is no readable pickle ({reason}): download it again") from None


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
