"""A first look over a pickle that runs nothing: which of its objects does it refer to after it has made them?

Python's unpickler remembers every object that the pickle numbers, just in case; knowing these, all others can go.
"""

from __future__ import annotations

import mmap
import struct

from posecube.errors import UserError

Content = bytes | mmap.mmap
GIVE_BACK_BYTES = 32 * 2**20

# How an opcode's argument is skipped: a number of bytes; one or two lines; a length of 1, 4 or 8 bytes and as many.
_LINE, _TWO_LINES, _LENGTH_1, _LENGTH_4, _LENGTH_8 = -1, -2, -11, -14, -18
_ARGUMENT = (
    dict.fromkeys(b"(.012NQ)]}absdtleuoR\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94\x97\x98", 0)
    | dict.fromkeys(b"FILSVPgp", _LINE)
    | dict.fromkeys(b"ci", _TWO_LINES)
    | dict.fromkeys(b"Khq\x80\x82", 1)
    | dict.fromkeys(b"M\x83", 2)
    | dict.fromkeys(b"Jjr\x84", 4)
    | dict.fromkeys(b"G\x95", 8)
    | dict.fromkeys(b"U\x8aC\x8c", _LENGTH_1)
    | dict.fromkeys(b"TXB\x8b", _LENGTH_4)
    | dict.fromkeys(b"\x8d\x8e\x96", _LENGTH_8)
)
UNSIGNED = {1: struct.Struct("<B"), 2: struct.Struct("<H"), 4: struct.Struct("<I"), 8: struct.Struct("<Q")}


def find_remembered(content: Content) -> set[int]:
    """Numbers of the objects that the pickle refers to after it has made them.

    Raises:
        UserError: If the file ends before the pickle does, or is none.
    """
    arguments = [_ARGUMENT.get(opcode) for opcode in range(256)]
    remembered: set[int] = set()
    position, end, given_back = 0, len(content), 0
    while position < end:
        opcode = content[position]
        argument = arguments[opcode]
        position += 1
        if argument is None:
            raise UserError(f"byte {position - 1} is {opcode}, which means nothing")
        if argument >= 0:
            if opcode == 46:  # "." ends the program
                return remembered
            if opcode == 104:  # "h"
                remembered.add(content[position])
            elif opcode == 106:  # "j"
                remembered.add(UNSIGNED[4].unpack_from(content, position)[0])
            position += argument
        elif argument >= _TWO_LINES:
            first_end = line_end(content, position)
            if opcode == 103:  # "g"
                remembered.add(int(content[position:first_end]))
            position = 1 + (first_end if argument == _LINE else line_end(content, first_end + 1))
        else:
            size = -10 - argument
            position += size + UNSIGNED[size].unpack_from(content, position)[0]
            if position - given_back > GIVE_BACK_BYTES:
                give_back(content)
                given_back = position
    raise UserError(f"cut short at byte {end}")


def give_back(content: Content) -> None:
    """Tell the system that the pages read so far are not needed; until then they count as memory of the process."""
    if isinstance(content, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):  # not on Windows
        content.madvise(mmap.MADV_DONTNEED)


def line_end(content: Content, position: int) -> int:
    """Where the line that begins here ends."""
    end = content.find(b"\n", position)
    if end < 0:
        raise UserError(f"cut short at byte {len(content)}")
    return end
