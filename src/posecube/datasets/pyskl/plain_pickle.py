"""Pickles of plain data, read without running anything that they say, and without holding them in memory.

What a pickle may name stands in ``pickle_values``, how it is run in ``pickle_machine``.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from posecube.datasets.pyskl.pickle_machine import PickleMachine
from posecube.datasets.pyskl.pickle_scan import Content, find_remembered, give_back
from posecube.datasets.pyskl.pickle_values import NotPlainError, PickledArray, plain
from posecube.errors import UserError

__all__ = ["PickledArray", "StreamedPickle", "parse_plain_pickle", "plain", "read_plain_pickle"]

_END = object()
_GIVE_BACK_ELEMENTS = 32


class StreamedPickle:
    """A pickle file whose one long list is handed out element by element, as often as one likes.

    Arrays come as ``PickledArray``, which read their numbers from the file when they are asked for them.
    """

    def __init__(self, path: Path, *, streamed_key: str) -> None:
        """Look through the file.

        Args:
            path: The file.
            streamed_key: The list to hand out: the outermost object, or the one under this key of the outermost dict.

        Raises:
            FileNotFoundError: If the file does not exist.
            UserError: If it is no pickle.
        """
        if not path.is_file():
            raise FileNotFoundError(f"no pickle file at {path}")
        self.path = path
        self._streamed_key = streamed_key
        self._rest: Any = None
        with path.open("rb") as file, _errors_of(str(path)):
            self._content: Content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._remembered = find_remembered(self._content)
        give_back(self._content)

    @property
    def rest(self) -> Any:
        """What the pickle holds besides the elements of the list: there after each walk to the end."""
        return self._rest

    def __iter__(self) -> Iterator[Any]:
        machine = PickleMachine(self._content, self._remembered, streamed_key=self._streamed_key, is_lazy=True)
        elements = machine.run()
        count = 0
        while True:
            with _errors_of(str(self.path)):
                element = next(elements, _END)
            if element is _END:
                break
            yield element
            count += 1
            # The machine runs ahead by up to a thousand elements, whose arrays are read only now.
            if count % _GIVE_BACK_ELEMENTS == 0:
                give_back(self._content)
        self._rest = machine.result


def read_plain_pickle(path: Path) -> Any:
    """Read a pickle that holds dicts, lists, text, numbers and arrays of them; arrays come as ``PickledArray``.

    Nothing that the pickle names is imported or run.

    Raises:
        FileNotFoundError: If the file does not exist.
        UserError: If it is no pickle, or holds anything else.
    """
    if not path.is_file():
        raise FileNotFoundError(f"no pickle file at {path}")
    return parse_plain_pickle(path.read_bytes(), name=str(path))


def parse_plain_pickle(content: bytes, *, name: str) -> Any:
    """The same of a pickle in memory; the name is for messages.

    Raises:
        UserError: If it is no pickle, or holds anything but plain data.
    """
    with _errors_of(name):
        machine = PickleMachine(content, find_remembered(content), streamed_key=None, is_lazy=False)
        for _ in machine.run():
            pass
        return machine.result


@contextmanager
def _errors_of(name: str) -> Iterator[None]:
    try:
        yield
    except NotPlainError as error:
        reason = " ".join(str(error).split())[:200]
        raise UserError(
            f"{name} was not loaded: a skeleton pickle holds plain arrays and containers only, this one {reason}"
        ) from None
    except MemoryError:
        raise UserError(f"{name} was not loaded: it asks for more memory than there is") from None
    except Exception as error:  # a pickle's bytes can make the machine raise anything
        reason = " ".join(str(error).split())[:200] if isinstance(error, ValueError) else type(error).__name__
        raise UserError(f"{name} is no readable pickle ({reason}): download it again") from None
