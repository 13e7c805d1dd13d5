"""Speed and memory on this machine, with data made on the spot: what `posecube bench` and benchmarks/ measure."""

from collections.abc import Callable

from posecube.bench import loader, memory, recognize, startup, volumes

BENCHMARKS: dict[str, Callable[[], dict[str, float]]] = {
    "startup": startup.measure,
    "volumes": volumes.measure,
    "loader": loader.measure,
    "recognize": recognize.measure,
    "memory": memory.measure,
}
METHODS: dict[str, str] = {
    "startup": startup.METHOD,
    "volumes": volumes.METHOD,
    "loader": loader.METHOD,
    "recognize": recognize.METHOD,
    "memory": memory.METHOD,
}

__all__ = ["BENCHMARKS", "METHODS"]
