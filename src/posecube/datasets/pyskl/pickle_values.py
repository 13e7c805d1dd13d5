"""What a pickle of plain data may name: stand-ins for numpy's arrays, and a few containers.

A pickle is a program that calls whatever it names. Here a name leads to a function of this file, which takes nothing
but numbers, text and bytes, or to nothing at all; numpy's own code never sees the pickle's state.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import ndarray

from posecube.errors import UserError

# Numbers, booleans and text; no objects, no dates, no records.
_PLAIN_DTYPE = re.compile(r"[<>=|]?[biufSU]\d{1,5}")


class NotPlainError(Exception):
    """The pickle holds something that is not plain data; the message completes "this pickle ..."."""


class PickledArray:
    """An array of a pickle: a view of the bytes that the pickle gave it."""

    __slots__ = ("_array",)

    def fill(self, content: Any, dtype: Any, shape: Any, order: Any) -> PickledArray:
        """Take what the pickle says the array is."""
        if not isinstance(dtype, PickledDtype):
            raise NotPlainError("has an array without a plain dtype")
        if isinstance(content, str):  # Python 2 wrote bytes as text
            content = content.encode("latin1")
        if not isinstance(content, bytes | bytearray):
            raise NotPlainError(f"has an array made of {type(content).__name__}")
        if not isinstance(shape, tuple) or not all(isinstance(size, int) and size >= 0 for size in shape):
            raise NotPlainError("has an array without a shape")
        if len(content) != math.prod(shape) * dtype.dtype.itemsize:
            raise NotPlainError(f"has an array of shape {shape} with {len(content)} bytes of {dtype.dtype}")
        flat = np.frombuffer(content, dtype=dtype.dtype)
        flat.setflags(write=False)
        self._array = flat.reshape(shape, order="F" if order == "F" else "C")
        return self

    @property
    def array(self) -> ndarray:
        """The numbers, read-only.

        Raises:
            UserError: If the pickle gave the array no content.
        """
        if not hasattr(self, "_array"):
            raise UserError("an array has no content")
        return self._array

    def __setstate__(self, state: Any) -> None:
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

    def __setstate__(self, state: Any) -> None:
        if not isinstance(state, tuple) or len(state) < 2:
            raise NotPlainError("has a dtype whose state is not numpy's")
        if state[1] in ("<", ">"):
            self.dtype = self.dtype.newbyteorder(state[1])


def plain(value: Any) -> Any:
    """The array of a ``PickledArray``, everything else as it is.

    Raises:
        UserError: If the pickle gave the array no content.
    """
    return value.array if isinstance(value, PickledArray) else value


def _filled_array(content: Any, dtype: Any, shape: Any, order: Any) -> PickledArray:
    return PickledArray().fill(content, dtype, shape, order)


def _scalar(dtype: Any, content: Any = b"") -> Any:
    return PickledArray().fill(content, dtype, (), "C").array.item()


def _encoded(text: Any, encoding: Any = "latin1") -> bytes:
    if not isinstance(text, str) or encoding != "latin1":
        raise NotPlainError("has bytes written in an unknown way")
    return text.encode("latin1")


def _bytes(content: Any = b"") -> bytes:
    if not isinstance(content, bytes):
        raise NotPlainError("has bytes written in an unknown way")
    return content


def _dict(items: Any = (), *_more: Any) -> dict[Any, Any]:
    # Python 2 wrote an ordered dict with its items; a defaultdict comes with the name of its default.
    return dict(items) if isinstance(items, list | tuple) else {}


def _set(items: Any = ()) -> set[Any]:
    if not isinstance(items, list | tuple):
        raise NotPlainError("has a set written in an unknown way")
    return set(items)


class AllowedName:
    """What stands for a name of the pickle; without a function it can only be an argument."""

    __slots__ = ("_function",)

    def __init__(self, function: Callable[..., Any] | None = None) -> None:
        self._function = function

    def __call__(self, *arguments: Any) -> Any:
        if self._function is None:
            raise NotPlainError("calls what plain data do not call")
        return self._function(*arguments)

    def __setstate__(self, state: Any) -> None:  # a pickle could bend it for the next one
        raise NotPlainError("sets the state of what has none")


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
