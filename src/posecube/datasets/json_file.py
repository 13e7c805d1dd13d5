"""JSON from strangers: a file is read whole, and pydantic checks what it holds before it is used.

Every error is a UserError of one line that names the place, what was expected and what came, so that a reader can skip
the clip and say why.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar

import numpy as np
from jaxtyping import Float64
from numpy import ndarray
from pydantic import BaseModel, ConfigDict, PlainValidator, TypeAdapter, ValidationError

from posecube.errors import UserError

Content = TypeVar("Content")
_EXPECTED = {
    "list_type": "a list", "dict_type": "an object", "model_type": "an object", "string_type": "a text",
}  # fmt: skip


class Foreign(BaseModel):
    """An object of somebody else's file: what we do not read may be there too."""

    model_config = ConfigDict(frozen=True, extra="ignore", arbitrary_types_allowed=True)


def checked(kind: TypeAdapter[Content], content: Any, what: str) -> Content:
    """The content as it must be.

    Args:
        what: What it is, for the message: the file's name.

    Raises:
        UserError: If it is anything else.
    """
    try:
        return kind.validate_python(content)
    except ValidationError as error:
        raise UserError(_line(error, what)) from None


@contextmanager
def named(what: str) -> Iterator[None]:
    """Say in an error what the value is that it speaks of."""
    try:
        yield
    except UserError as error:
        raise UserError(f"{what} {error}") from None


def _line(error: ValidationError, what: str) -> str:
    first = error.errors(include_url=False)[0]
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).removeprefix(".")
    where = ": ".join(filter(None, [what, place])) or "the file"
    if first["type"] == "missing":
        return f"{where} is missing"
    if first["type"] == "value_error":
        return f"{where} {first['ctx']['error']}"
    return f"{where} must be {_EXPECTED.get(first['type'], first['msg'])}, got {described(first['input'])}"


def read_json(path: Path) -> Any:
    """Read one JSON file of UTF-8 text; NaN and Infinity are taken as Python does.

    Raises:
        FileNotFoundError: If there is no such file.
        UserError: If it is no JSON, or nested deeper than can be read.
    """
    if not path.is_file():
        raise FileNotFoundError(f"no JSON file at {path}")
    try:
        return json.loads(path.read_bytes())
    except UnicodeDecodeError:
        raise UserError(f"{path.name} is no JSON: it is not UTF-8 text") from None
    except RecursionError:
        raise UserError(f"{path.name} is nested too deeply") from None
    except MemoryError:
        raise UserError(f"{path.name} asks for more memory than there is") from None
    except ValueError as error:
        raise UserError(f"{path.name} is no JSON: {' '.join(str(error).split())[:120]}") from None


def whole_number(value: Any) -> int:
    """The value, which must be a number without a fraction.

    Raises:
        UserError: If it is something else.
    """
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise UserError(f"must be a whole number, got {described(value)}")
    return value


def numbers(value: Any, *, counts: Sequence[int] | None = None) -> Float64[ndarray, " n"]:
    """A list of numbers as an array; what is too large for one becomes infinite.

    Args:
        value: What the JSON holds.
        counts: How many numbers there may be, None for any.

    Raises:
        UserError: If it is no list of so many numbers.
    """
    if not isinstance(value, list):
        raise UserError(f"must be a list, got {described(value)}")
    if counts is not None and len(value) not in counts:
        raise UserError(f"must have {' or '.join(map(str, counts))} numbers, got {len(value)}")
    if not set(map(type, value)) <= {int, float}:
        raise UserError("must hold numbers only")
    try:
        return np.array(value, dtype=np.float64)
    except OverflowError:
        return np.array([_nearest_float(item) for item in value])


WholeNumber = Annotated[int, PlainValidator(whole_number)]
OptionalNumber = Annotated[int | None, PlainValidator(lambda value: None if value is None else whole_number(value))]
Numbers = Annotated[ndarray, PlainValidator(numbers)]


def described(value: Any) -> str:
    """A value in a few words, for messages."""
    text = " ".join(repr(value).split()) if isinstance(value, str | int | float | None) else type(value).__name__
    return text if len(text) <= 60 else f"{text[:60]}..."


def _nearest_float(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return np.inf if number > 0 else -np.inf
