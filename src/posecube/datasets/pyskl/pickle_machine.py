"""The machine that a pickle is a program for, reduced to what plain data need, and able to hand out a list bit by bit.

Python's own unpickler holds the whole content before it returns; this one gives the elements of one list as they are
made and forgets them, so that a file of any size passes through. It takes two looks at the file:

- ``pickle_scan`` walks over the opcodes without doing anything and notes which objects are referred to later;
- ``PickleMachine`` runs the program and remembers those objects only. Large payloads stay in the file.

Source: the opcodes as Python's ``pickletools`` describes them, protocols 0 to 5.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Callable, Iterator
from typing import Any

from posecube.datasets.pyskl.pickle_scan import GIVE_BACK_BYTES, UNSIGNED, Content, give_back, line_end
from posecube.datasets.pyskl.pickle_values import (
    AllowedName,
    NotPlainError,
    Payload,
    PickledArray,
    PickledDtype,
    allowed_name,
)
from posecube.errors import UserError

LATEST_PROTOCOL = 5
# Shorter ones are names and dtypes, longer ones are numbers of an array.
_PAYLOAD_LENGTH = 512


class PickleMachine:
    """Runs one pickle.

    Attributes:
        result: When ``run`` has ended: the object, without the elements of the streamed list.
    """

    def __init__(self, content: Content, remembered: set[int], *, streamed_key: str | None, is_lazy: bool) -> None:
        """Get ready.

        Args:
            content: The file.
            remembered: What ``pickle_scan.find_remembered`` found in it.
            streamed_key: The list to hand out: the outermost one, or the one under this key of the outermost dict. None
                hands out nothing.
            is_lazy: Long payloads stay in the file; a long text that is no payload is then of no use.
        """
        self.result: Any = None
        self._position = 0
        self._content = content
        self._given_back = 0
        self._remembered = remembered
        self._streamed_key = streamed_key
        self._payload_length = _PAYLOAD_LENGTH if is_lazy else len(content) + 1
        self._stack: list[Any] = []
        self._below: list[list[Any]] = []  # the stacks below each mark
        self._memo: dict[int, Any] = {}
        self._num_memoized = 0
        self._ready: list[Any] = []
        self._is_running = True

    def run(self) -> Iterator[Any]:
        """Elements of the streamed list, as soon as they are in it.

        Raises:
            NotPlainError: If the pickle wants something that plain data do not need.
            Exception: Almost any, if its bytes are damaged.
        """
        operations = [_OPERATIONS.get(opcode) for opcode in range(256)]
        content = self._content
        while self._is_running:
            opcode = content[self._position]
            self._position += 1
            operation = operations[opcode]
            if operation is None:
                raise NotPlainError(f"has opcode {opcode}, which plain data do not need")
            operation(self)
            if self._ready:
                yield from self._ready
                self._ready.clear()

    # Reading arguments.

    def _number(self, size: int) -> int:
        (number,) = UNSIGNED[size].unpack_from(self._content, self._position)
        self._position += size
        return int(number)

    def _bytes(self, length: int) -> bytes:
        found = self._content[self._position : self._position + length]
        if len(found) != length:
            raise UserError(f"cut short at byte {len(self._content)}")
        self._position += length
        return found

    def _line(self) -> bytes:
        end = line_end(self._content, self._position)
        return self._bytes(end + 1 - self._position)[:-1]

    def _payload(self, length: int, *, is_text: bool) -> Payload | None:
        """A payload that stays in the file, None if it is short enough to be read."""
        if length < self._payload_length:
            return None
        if self._position + length > len(self._content):
            raise UserError(f"cut short at byte {len(self._content)}")
        payload = Payload(self._content, self._position, length, is_text)
        self._position += length
        if self._position - self._given_back > GIVE_BACK_BYTES:
            give_back(self._content)
            self._given_back = self._position
        return payload

    # Putting onto the stack.

    def _push_bytes(self, size: int) -> None:
        length = self._number(size)
        self._stack.append(self._payload(length, is_text=False) or self._bytes(length))

    def _push_text(self, size: int) -> None:
        length = self._number(size)
        payload = self._payload(length, is_text=True)
        self._stack.append(payload or self._bytes(length).decode("utf-8", "surrogatepass"))

    def _push_old_text(self, size: int) -> None:  # of Python 2, where text is bytes
        length = self._number(size)
        self._stack.append(self._payload(length, is_text=False) or self._bytes(length).decode("latin1"))

    def _push_quoted(self) -> None:
        line = self._line().strip()
        if len(line) < 2 or line[0] != line[-1] or line[:1] not in (b"'", b'"'):
            raise UserError("a text is not in quotes")
        self._stack.append(codecs.escape_decode(line[1:-1])[0].decode("latin1"))

    def _push_signed(self) -> None:
        (number,) = struct.unpack_from("<i", self._content, self._position)
        self._position += 4
        self._stack.append(number)

    def _push_written_int(self) -> None:
        line = self._line()
        self._stack.append({b"00": False, b"01": True}[line] if line in (b"00", b"01") else int(line.rstrip(b"L")))

    def _push_long(self, size: int) -> None:
        self._stack.append(int.from_bytes(self._bytes(self._number(size)), "little", signed=True))

    def _push_float(self) -> None:
        self._stack.append(struct.unpack(">d", self._bytes(8))[0])

    # Containers.

    def _mark(self) -> None:
        self._below.append(self._stack)
        self._stack = []

    def _above_mark(self) -> list[Any]:
        items = self._stack
        self._stack = self._below.pop()
        return items

    def _gather(self, container: Callable[[list[Any]], Any]) -> None:
        items = self._above_mark()
        self._stack.append(container(items))

    def _tuple(self, size: int) -> None:
        items = tuple(self._stack[-size:])
        if len(items) != size:
            raise UserError("a tuple lacks items")
        self._stack[-size:] = [items]

    def _append(self, items: list[Any]) -> None:
        target = self._stack[-1]
        if not isinstance(target, list):
            raise UserError(f"items are appended to {type(target).__name__}")
        (self._ready if self._is_streamed() else target).extend(items)

    def _is_streamed(self) -> bool:
        """Is the list on top of the stack the outermost object, or that of the key in the outermost dict?"""
        if self._streamed_key is None or len(self._below) > 1:
            return False
        is_alone = len(self._stack) == 1
        return not self._below if is_alone else self._stack[-2] == self._streamed_key

    def _set_items(self, items: list[Any]) -> None:
        target = self._stack[-1]
        if not isinstance(target, dict):
            raise UserError(f"items are set in {type(target).__name__}")
        target.update(_paired(items))

    def _add_items(self) -> None:
        items = self._above_mark()
        if not isinstance(self._stack[-1], set):
            raise UserError("items are added to what is no set")
        self._stack[-1].update(items)

    # Names and what they make.

    def _push_name(self, module: Any, name: Any) -> None:
        if not isinstance(module, str) or not isinstance(name, str):
            raise NotPlainError("names something by what is no text")
        self._stack.append(allowed_name(module, name))

    def _name_lines(self) -> tuple[str, str]:
        return self._line().decode("utf-8"), self._line().decode("utf-8")

    def _reduce(self) -> None:
        arguments = self._stack.pop()
        called = self._stack[-1]
        if not isinstance(called, AllowedName):
            raise NotPlainError(f"calls a {type(called).__name__}")
        self._stack[-1] = called.call(arguments)

    def _build(self) -> None:
        state = self._stack.pop()
        built = self._stack[-1]
        if not isinstance(built, PickledArray | PickledDtype):
            raise NotPlainError("sets the state of what has none")
        built.set_state(state)

    def _refuse(self, reason: str) -> None:
        raise NotPlainError(reason)

    # Remembering.

    def _put(self, number: int) -> None:
        self._num_memoized += 1
        if number in self._remembered:
            self._memo[number] = self._stack[-1]

    def _stop(self) -> None:
        self.result = self._stack.pop()
        self._is_running = False

    def _check_protocol(self) -> None:
        protocol = self._number(1)
        if protocol > LATEST_PROTOCOL:
            raise UserError(f"protocol {protocol} is unknown")


def _paired(items: list[Any]) -> Iterator[tuple[Any, Any]]:
    return zip(items[::2], items[1::2], strict=True)


_Operation = Callable[[PickleMachine], object]
_OPERATIONS: dict[int, _Operation] = {
    code[0]: operation
    for code, operation in {
        b"\x80": lambda m: m._check_protocol(),
        b"\x95": lambda m: m._bytes(8),  # a frame tells how much is read at once
        b".": lambda m: m._stop(),
        b"(": lambda m: m._mark(),
        b"0": lambda m: m._stack.pop() if m._stack else m._above_mark(),
        b"1": lambda m: m._above_mark(),
        b"2": lambda m: m._stack.append(m._stack[-1]),
        # Constants and numbers.
        b"N": lambda m: m._stack.append(None),
        b"\x88": lambda m: m._stack.append(True),
        b"\x89": lambda m: m._stack.append(False),
        b"I": lambda m: m._push_written_int(),
        b"L": lambda m: m._push_written_int(),
        b"J": lambda m: m._push_signed(),
        b"K": lambda m: m._stack.append(m._number(1)),
        b"M": lambda m: m._stack.append(m._number(2)),
        b"\x8a": lambda m: m._push_long(1),
        b"\x8b": lambda m: m._push_long(4),
        b"F": lambda m: m._stack.append(float(m._line())),
        b"G": lambda m: m._push_float(),
        # Text and bytes.
        b"S": lambda m: m._push_quoted(),
        b"U": lambda m: m._push_old_text(1),
        b"T": lambda m: m._push_old_text(4),
        b"V": lambda m: m._stack.append(m._line().decode("raw-unicode-escape")),
        b"\x8c": lambda m: m._push_text(1),
        b"X": lambda m: m._push_text(4),
        b"\x8d": lambda m: m._push_text(8),
        b"C": lambda m: m._push_bytes(1),
        b"B": lambda m: m._push_bytes(4),
        b"\x8e": lambda m: m._push_bytes(8),
        b"\x96": lambda m: m._push_bytes(8),
        # Containers.
        b"]": lambda m: m._stack.append([]),
        b"}": lambda m: m._stack.append({}),
        b")": lambda m: m._stack.append(()),
        b"\x8f": lambda m: m._stack.append(set()),
        b"\x85": lambda m: m._tuple(1),
        b"\x86": lambda m: m._tuple(2),
        b"\x87": lambda m: m._tuple(3),
        b"t": lambda m: m._gather(tuple),
        b"l": lambda m: m._gather(list),
        b"d": lambda m: m._gather(lambda items: dict(_paired(items))),
        b"\x91": lambda m: m._gather(frozenset),
        b"a": lambda m: m._append([m._stack.pop()]),
        b"e": lambda m: m._append(m._above_mark()),
        b"s": lambda m: m._set_items([m._stack.pop(), m._stack.pop()][::-1]),
        b"u": lambda m: m._set_items(m._above_mark()),
        b"\x90": lambda m: m._add_items(),
        # Names and what they make.
        b"c": lambda m: m._push_name(*m._name_lines()),
        b"\x93": lambda m: m._push_name(*[m._stack.pop(), m._stack.pop()][::-1]),
        b"R": lambda m: m._reduce(),
        b"b": lambda m: m._build(),
        b"i": lambda m: m._refuse("makes an object of " + ".".join(m._name_lines())),
        b"P": lambda m: m._refuse("refers to objects outside the file"),
        b"Q": lambda m: m._refuse("refers to objects outside the file"),
        # Remembering.
        b"p": lambda m: m._put(int(m._line())),
        b"q": lambda m: m._put(m._number(1)),
        b"r": lambda m: m._put(m._number(4)),
        b"\x94": lambda m: m._put(m._num_memoized),
        b"g": lambda m: m._stack.append(m._memo[int(m._line())]),
        b"h": lambda m: m._stack.append(m._memo[m._number(1)]),
        b"j": lambda m: m._stack.append(m._memo[m._number(4)]),
    }.items()
}  # fmt: skip
