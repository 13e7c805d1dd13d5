"""Numeric and text variables of a MATLAB level 5 file.

Own code, because the library reader (scipy.io.loadmat, 1.17) ends the whole process with a segmentation fault on some
damaged files; a data set that was copied badly must end in an error message.

Source: MathWorks, "MAT-File Format", chapter "Level 5 MAT-File Format".
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterator
from typing import Literal

import numpy as np
from numpy import ndarray

from posecube.errors import UserError

_HEADER_BYTES = 128
_MATRIX, _COMPRESSED = 14, 15
_CHAR_CLASS = 4
_NUMBER_CLASSES = range(6, 16)
_IS_COMPLEX = 0x0800
# Storage types by their number; text comes as utf-8 (16), utf-16 (17), uint8 or uint16.
_DTYPES = {
    1: "i1",
    2: "u1",
    3: "i2",
    4: "u2",
    5: "i4",
    6: "u4",
    7: "f4",
    9: "f8",
    12: "i8",
    13: "u8",
    16: "u1",
    17: "u2",
}
_MAX_BYTES = 2**28
_ByteOrder = Literal["<", ">"]
_BYTE_ORDERS: dict[bytes, _ByteOrder] = {b"IM": "<", b"MI": ">"}


def read_variables(content: bytes) -> dict[str, ndarray | str]:
    """Read the variables that are real arrays of numbers, or text; others (cells, structures) are left out.

    Args:
        content: The whole file.

    Returns:
        Variable name to its array, in MATLAB's shape (at least two axes), or its text.

    Raises:
        UserError: If it is no level 5 file, or damaged.
    """
    byte_order = _BYTE_ORDERS.get(content[126:128])
    if byte_order is None:
        raise UserError("not a MATLAB level 5 file")
    variables = {}
    try:
        for kind, data in _elements(content[_HEADER_BYTES:], byte_order):
            if kind == _COMPRESSED:
                kind, data = next(_elements(_decompressed(data), byte_order))
            named = _variable(data, byte_order) if kind == _MATRIX else None
            if named is not None:
                variables[named[0]] = named[1]
    except (struct.error, zlib.error, UnicodeDecodeError, StopIteration) as error:
        raise UserError(f"damaged: {error or 'it ends early'}") from None
    return variables


def _elements(content: bytes, byte_order: _ByteOrder) -> Iterator[tuple[int, bytes]]:
    """Type and data of the elements that follow each other in a stretch of bytes."""
    position = 0
    while position < len(content):
        kind, size = struct.unpack_from(f"{byte_order}II", content, position)
        is_small = kind >> 16 != 0  # up to four bytes of data inside the tag
        if is_small:
            kind, size = kind & 0xFFFF, kind >> 16
        start = position + (4 if is_small else 8)
        if start + size > len(content) or (is_small and size > 4):
            raise UserError(f"damaged: {size} bytes announced at byte {position}, {len(content) - start} are left")
        yield kind, content[start : start + size]
        padding = 0 if kind == _COMPRESSED else -size % 8
        position = position + 8 if is_small else start + size + padding


def _decompressed(data: bytes) -> bytes:
    # MATLAB leaves out the end mark of the stream where the content is a multiple of 16384 bytes (so in Penn Action's
    # 1605.mat and 1833.mat); the size that the content announces tells whether all of it is there.
    return zlib.decompressobj().decompress(data, _MAX_BYTES)


def _variable(data: bytes, byte_order: _ByteOrder) -> tuple[str, ndarray | str] | None:
    elements = _elements(data, byte_order)
    (_, flags), (_, dimensions), (_, name) = next(elements), next(elements), next(elements)
    flag_word = struct.unpack_from(f"{byte_order}I", flags)[0]
    array_class = flag_word & 0xFF
    if array_class not in (_CHAR_CLASS, *_NUMBER_CLASSES) or flag_word & _IS_COMPLEX:
        return None
    shape = struct.unpack(f"{byte_order}{len(dimensions) // 4}i", dimensions)
    kind, values = next(elements)
    if kind not in _DTYPES or min(shape, default=-1) < 0:
        raise UserError(f"damaged: variable {name.decode()!r} has storage type {kind} and shape {shape}")
    dtype = np.dtype(_DTYPES[kind]).newbyteorder(byte_order)
    if len(values) != math.prod(shape) * dtype.itemsize:
        raise UserError(f"damaged: variable {name.decode()!r} of shape {shape} has {len(values)} bytes")
    array = np.frombuffer(values, dtype).reshape(shape, order="F")
    if array_class == _CHAR_CLASS:
        return name.decode(), "".join(chr(code) for code in array.ravel().tolist())
    return name.decode(), array
