"""Speed, memory and pose on this machine, with data made on the spot: what `posecube bench` and benchmarks/ measure.

Each module has ``measure()``, which gives figures by name, and ``METHOD``, which says how; it is imported when it runs.
"""

from collections.abc import Callable
from functools import partial
from importlib import import_module

NAMES = ("startup", "volumes", "views", "scalability", "loader", "recognize", "memory", "studio", "studio_pose")


def _measure(name: str) -> dict[str, float]:
    figures: dict[str, float] = import_module(f"posecube.bench.{name}").measure()
    return figures


def method(name: str) -> str:
    """How a benchmark measures."""
    return str(import_module(f"posecube.bench.{name}").METHOD)


BENCHMARKS: dict[str, Callable[[], dict[str, float]]] = {name: partial(_measure, name) for name in NAMES}

__all__ = ["BENCHMARKS", "method"]
