"""Reading a pickle of plain data without running anything that it says.

A pickle is a program: loading one from a stranger can run whatever it names. Here the names that numpy's arrays need
lead to stand-ins of ours, which take nothing but numbers and text, and every other name ends the reading. numpy's own
code never sees the pickle's state.
"""

from __future__ import annotations

import math
import mmap
import pickle
import pickletools
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import numpy as np
from numpy import ndarray

_PLAIN_KINDS = "biufSU"
_MEMO_OPCODES = ("PUT", "BINPUT", "LONG_BINPUT")


class _Refused(pickle.UnpicklingError):
    """The pickle holds something that is not plain data; the message names it."""


class PickledArray:
    """An array of a pickle; ``array`` is there once the pickle has given its content."""

    __slots__ = ("array",)

    array: ndarray

    def __setstate__(self, state: Any) -> None:
        _version, shape, dtype, is_fortran, content = state
        self.array = _array(content, dtype, shape, "F" if is_fortran else "C")


class _PickledDtype:
    """A dtype of plain numbers or text; its state may only set the byte order and, of text, the size."""

    __slots__ = ("dtype",)

    def __init__(self, spec: Any, *_flags: Any) -> None:
        if not isinstance(spec, str):
            raise _Refused(f"has a dtype given as {type(spec).__name__}")
        self.dtype = np.dtype(spec)
        if self.dtype.kind not in _PLAIN_KINDS:
            raise _Refused(f"has arrays of dtype {spec!r}")

    def __setstate__(self, state: Any) -> None:
        byte_order = state[1]
        if byte_order in ("<", ">"):
            self.dtype = self.dtype.newbyteorder(byte_order)


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        # Bound methods: the pickle can call them and cannot change them.
        allowed = {
            ("numpy", "ndarray"): "ndarray",
            ("numpy", "dtype"): self._dtype,
            ("numpy.core.multiarray", "_reconstruct"): self._empty_array,
            ("numpy.core.multiarray", "scalar"): self._scalar,
            ("numpy.core.numeric", "_frombuffer"): self._filled_array,
            ("collections", "OrderedDict"): OrderedDict,
            ("_codecs", "encode"): self._encode,
            ("builtins", "bytearray"): self._bytes,
            ("builtins", "bytes"): self._bytes,
        }
        # numpy 2 renamed numpy.core to numpy._core, Python 3 __builtin__ to builtins.
        key = (module.replace("numpy._core", "numpy.core").replace("__builtin__", "builtins"), name)
        if key not in allowed:
            raise _Refused(f"names {module}.{name}")
        return allowed[key]

    def persistent_load(self, pid: Any) -> NoReturn:
        raise _Refused("refers to objects outside the file")

    def _dtype(self, spec: Any, *flags: Any) -> _PickledDtype:
        return _PickledDtype(spec, *flags)

    def _empty_array(self, *_subtype_shape_and_code: Any) -> PickledArray:
        return PickledArray()

    def _filled_array(self, content: Any, dtype: Any, shape: Any, order: Any) -> PickledArray:
        made = PickledArray()
        made.array = _array(content, dtype, shape, order)
        return made

    def _scalar(self, dtype: Any, content: Any = b"") -> Any:
        return _array(content, dtype, (), "C").item()

    def _encode(self, text: Any, encoding: Any = "latin1") -> bytes:
        if not isinstance(text, str) or encoding != "latin1":
            raise _Refused("has bytes written in an unknown way")
        return text.encode("latin1")

    def _bytes(self, content: Any = b"") -> bytes:
        if not isinstance(content, bytes | bytearray):
            raise _Refused("has bytes written in an unknown way")
        return bytes(content)


def read_plain_pickle(path: Path) -> Any:
    """Read a pickle that holds dicts, lists, text, numbers and arrays of them; arrays come as ``PickledArray``.

    Nothing that the pickle names is imported or run.

    Raises:
        FileNotFoundError: If the file does not exist.
        ValueError: If it is no pickle, or holds anything else.
    """
    if not path.is_file():
        raise FileNotFoundError(f"no pickle file at {path}")
    with path.open("rb") as file:
        try:
            _check_memo(file)
            return _PlainUnpickler(file, encoding="latin1").load()
        except _Refused as error:
            reason = " ".join(str(error).split())[:200]
            raise ValueError(
                f"{path} was not loaded: a skeleton pickle holds plain arrays and containers only, this one {reason}"
            ) from None
        except MemoryError:
            raise ValueError(f"{path} was not loaded: it asks for more memory than there is") from None
        except Exception as error:  # a pickle's bytes can make the unpickler raise anything
            raise ValueError(f"{path} is no readable pickle ({type(error).__name__}): download it again") from None


def _check_memo(file: BinaryIO) -> None:
    """See that the pickle numbers its remembered objects honestly.

    The unpickler keeps a list as long as the largest number: nine bytes could make it fill 64 GB.
    """
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for count, (opcode, number, _) in enumerate(pickletools.genops(content)):  # type: ignore[arg-type]
            if opcode.name in _MEMO_OPCODES and (number or 0) > count:
                raise _Refused(f"remembers object {number} after {count} steps")


def plain(value: Any) -> Any:
    """The array of a ``PickledArray``, everything else as it is."""
    return getattr(value, "array", None) if isinstance(value, PickledArray) else value


def _array(content: Any, dtype: Any, shape: Any, order: Any) -> ndarray:
    if not isinstance(dtype, _PickledDtype):
        raise _Refused("has an array without a plain dtype")
    if isinstance(content, str):  # Python 2 wrote bytes as text
        content = content.encode("latin1")
    if not isinstance(content, bytes | bytearray):
        raise _Refused(f"has an array made of {type(content).__name__}")
    if not isinstance(shape, tuple) or not all(isinstance(size, int) and size >= 0 for size in shape):
        raise _Refused("has an array without a shape")
    flat = np.frombuffer(content, dtype=dtype.dtype)
    if flat.size != math.prod(shape):
        raise _Refused(f"has an array of shape {shape} with {flat.size} numbers")
    return flat.reshape(shape, order="F" if order == "F" else "C")
