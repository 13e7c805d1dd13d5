"""How long a run trained, also when it was interrupted and went on later."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from posecube.errors import UserError
from posecube.files import write_bytes

SECONDS_FILE = "seconds.json"


class Start(BaseModel):
    """One start of a run.

    Attributes:
        began: Seconds since 1970.
        seconds: How long it trained; None while it trains, and for good if it was killed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    began: float
    seconds: float | None = Field(default=None, ge=0.0)


_STARTS = TypeAdapter(list[Start])


@contextmanager
def clocked(run: Path, *, checkpoint: Path) -> Iterator[None]:
    """Time the training within the block and add it to that of the run's earlier starts.

    A start that was killed counts up to its last checkpoint: what came later was lost, and is done again.
    """
    run.mkdir(parents=True, exist_ok=True)
    earlier = [_ended(start, checkpoint) for start in _read(run)]
    began = time.time()
    _write(run, [*earlier, Start(began=began)])
    clock = time.perf_counter()
    yield
    _write(run, [*earlier, Start(began=began, seconds=round(time.perf_counter() - clock, 3))])


def training_seconds(run: Path) -> float | None:
    """Seconds over all starts of a finished run, None where nobody took the time."""
    starts = _read(run)
    if not starts or any(start.seconds is None for start in starts):
        return None
    return sum(start.seconds or 0.0 for start in starts)


def _ended(start: Start, checkpoint: Path) -> Start:
    if start.seconds is not None:
        return start
    kept_until = checkpoint.stat().st_mtime if checkpoint.is_file() else start.began
    return Start(began=start.began, seconds=round(max(kept_until - start.began, 0.0), 3))


def _read(run: Path) -> list[Start]:
    path = run / SECONDS_FILE
    if not path.is_file():
        return []
    try:
        return _STARTS.validate_json(path.read_bytes())
    except ValidationError as error:
        raise UserError(f"{path} is damaged: delete it, and the run's time will not be told") from error


def _write(run: Path, starts: list[Start]) -> None:
    write_bytes(run / SECONDS_FILE, _STARTS.dump_json(starts))
