"""Compiling: kept where it can be, and no burden on who renders nothing."""

import subprocess
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numba
import pytest

from posecube_studio.compiled import compiled


def test_recognition_waits_for_no_compiler() -> None:
    code = "import sys, posecube.recognizer, posecube.commands; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numba", "llvmlite"} & set(done.stdout.split())


def test_where_no_folder_can_be_written_it_compiles_without_keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*, cache: bool = False, **options: Any) -> Callable[..., Any]:
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return numba.njit(**options)

    monkeypatch.setattr("posecube_studio.compiled.numba", SimpleNamespace(njit=refuse))

    @compiled
    def ratio(a: float, b: float) -> float:
        return a / b

    assert ratio(3.0, 4.0) == 0.75
    assert ratio(1.0, 0.0) == float("inf"), "division by zero follows IEEE 754, as in numpy"
