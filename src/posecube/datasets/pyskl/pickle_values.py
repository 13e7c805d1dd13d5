"""What a pickle of plain data may name: stand-ins for numpy's arrays, and a few containers.

A pickle is a program that calls whatever it names. Here a name leads to a function of this file, which takes nothing
but numbers, text and bytes, or to nothing at all; numpy's own code never sees the pickle's state.
"""

from __future__ import annotations

import math
import mmap
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy import ndarray

from posecube.errors import UserError

# Numbers, booleans and text; no objects, no dates, no records.
_PLAIN_DTYPE = re.compile(r"[<>=|]?[biufSU]\d{1,5}")


class NotPlainError(Exception):
    """The pickle holds something that is not plain data; the message completes "this pickle ..."."""


@dataclass(frozen=True, slots=True)
class Payload:
    """Bytes, or text that stands for bytes, still in the file: a large one is read when its array is asked for.

    Attributes:
        content: The whole pickle.
        is_text: UTF-8 of text in which each letter is a byte: how pickles for Python 2 are written.
    """

    content: bytes | mmap.mmap
    start: int
    length: int
    is_text: bool = False

    def read(self) -> bytes:
        """The bytes."""
        found = self.content[self.start : self.start + self.length]
        return found.decode("utf-8").encode("latin1") if self.is_text else found


class PickledArray:
    """An array of a pickle; its numbers are read from the file each time that ``array`` is asked for."""

    __slots__ = ("_content", "_dtype", "_order", "shape")

    shape: tuple[int, ...]
    _order: Literal["F", "C"]

    def fill(self, content: Any, dtype: Any, shape: Any, order: Any) -> PickledArray:
        """Take what the pickle says the array is."""
        if not isinstance(dtype, PickledDtype):
            raise NotPlainError("has an array without a plain dtype")
        if isinstance(content, str):  # Python 2 wrote bytes as text
            content = content.encode("latin1")
        if not isinstance(content, bytes | Payload):
            raise NotPlainError(f"has an array made of {type(content).__name__}")
        if not isinstance(shape, tuple) or not all(isinstance(size, int) and size >= 0 for size in shape):
            raise NotPlainError("has an array without a shape")
        self._content, self._dtype, self.shape = content, dtype.dtype, shape
        self._order = "F" if order == "F" else "C"
        length = content.length if isinstance(content, Payload) else len(content)
        # The length of text says little about the number of its letters.
        if not (isinstance(content, Payload) and content.is_text) and length != self._num_bytes():
            raise NotPlainError(f"has an array of shape {shape} with {length} bytes of {self._dtype}")
        return self

    def _num_bytes(self) -> int:
        return math.prod(self.shape) * self._dtype.itemsize

    @property
    def array(self) -> ndarray:
        """The numbers, a copy.

        Raises:
            UserError: If the pickle gave the array no content, or not as many bytes as its shape needs.
        """
        if not hasattr(self, "_content"):
            raise UserError("an array has no content")
        content = self._content.read() if isinstance(self._content, Payload) else self._content
        if len(content) != self._num_bytes():
            raise UserError(f"an array of shape {self.shape} has {len(content)} bytes of {self._dtype}")
        return np.frombuffer(content, dtype=self._dtype).reshape(self.shape, order=self._order).copy()

    def set_state(self, state: Any) -> None:
        """Take numpy's state of an array."""
        if not isinstance(state, tuple) or len(state) != 5:
            raise NotPlainError("has an array whose state is not numpy's")
        _version, shape, dtype, is_fortran, content = state
        self.fill(content, dtype, shape, "F" if is_fortran else "C")


class PickledDtype:
    """A dtype of plain numbers or text; its state may only set the byte order."""

    __slots__ = ("dtype",)

    def __init__(self, spec: Any, *_flags: Any) -> None:
        if not isinstance(spec, str):
            raise NotPlainError(f"has a dtype given as {type(spec).__name__}")
        if not _PLAIN_DTYPE.fullmatch(spec):
            raise NotPlainError(f"has arrays of dtype {spec[:40]!r}")
        try:
            self.dtype = np.dtype(spec)
        except TypeError:
            raise NotPlainError(f"has arrays of dtype {spec[:40]!r}") from None

    def set_state(self, state: Any) -> None:
        """Take the byte order from numpy's state of a dtype."""
        if not isinstance(state, tuple) or len(state) < 2:
            raise NotPlainError("has a dtype whose state is not numpy's")
        if state[1] in ("<", ">"):
            self.dtype = self.dtype.newbyteorder(state[1])


def _filled_array(content: Any, dtype: Any, shape: Any, order: Any) -> PickledArray:
    return PickledArray().fill(content, dtype, shape, order)


def _scalar(dtype: Any, content: Any = b"") -> Any:
    return PickledArray().fill(content, dtype, (), "C").array.item()


def _encoded(text: Any, encoding: Any = "latin1") -> bytes | Payload:
    if encoding != "latin1":
        raise NotPlainError("has bytes written in an unknown way")
    if isinstance(text, Payload) and text.is_text:
        return text
    if not isinstance(text, str):
        raise NotPlainError("has bytes written in an unknown way")
    return text.encode("latin1")


def _bytes(content: Any = b"") -> bytes | Payload:
    if not isinstance(content, bytes | Payload):
        raise NotPlainError("has bytes written in an unknown way")
    return content


def _dict(items: Any = (), *_more: Any) -> dict[Any, Any]:
    # Python 2 wrote an ordered dict with its items; a defaultdict comes with the name of its default.
    return dict(items) if isinstance(items, list | tuple) else {}


def _set(items: Any = ()) -> set[Any]:
    if not isinstance(items, list | tuple):
        raise NotPlainError("has a set written in an unknown way")
    return set(items)


@dataclass(frozen=True, slots=True)
class AllowedName:
    """What stands for a name of the pickle; without a function it can only be an argument."""

    function: Callable[..., Any] | None = None

    def call(self, arguments: Any) -> Any:
        """What the pickle wants to be made."""
        if self.function is None or not isinstance(arguments, tuple):
            raise NotPlainError("calls what plain data do not call")
        return self.function(*arguments)


_ALLOWED = {
    ("numpy", "ndarray"): AllowedName(),
    ("numpy", "dtype"): AllowedName(PickledDtype),
    ("numpy.core.multiarray", "_reconstruct"): AllowedName(lambda *_subtype_shape_and_code: PickledArray()),
    ("numpy.core.multiarray", "scalar"): AllowedName(_scalar),
    ("numpy.core.numeric", "_frombuffer"): AllowedName(_filled_array),
    # What these add to a dict (an order, a default) is of no use to a reader.
    ("collections", "OrderedDict"): AllowedName(_dict),
    ("collections", "defaultdict"): AllowedName(_dict),
    ("_codecs", "encode"): AllowedName(_encoded),
    ("builtins", "bytearray"): AllowedName(_bytes),
    ("builtins", "bytes"): AllowedName(_bytes),
    ("builtins", "set"): AllowedName(_set),
    ("builtins", "frozenset"): AllowedName(_set),
    ("builtins", "list"): AllowedName(),
    ("builtins", "dict"): AllowedName(),
    ("builtins", "int"): AllowedName(),
}


def allowed_name(module: str, name: str) -> AllowedName:
    """What stands for a name.

    Raises:
        NotPlainError: If plain data do not need it.
    """
    # numpy 2 renamed numpy.core to numpy._core, Python 3 __builtin__ to builtins.
    key = (module.replace("numpy._core", "numpy.core").replace("__builtin__", "builtins"), name)
    if key not in _ALLOWED:
        raise NotPlainError(f"names {module}.{name}"[:200])
    return _ALLOWED[key]


def plain(value: Any) -> Any:
    """The array of a ``PickledArray``, everything else as it is.

    Raises:
        UserError: If the pickle gave the array no content.
    """
    return value.array if isinstance(value, PickledArray) else value
