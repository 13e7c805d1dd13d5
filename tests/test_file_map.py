"""The file map is made from the modules' first lines: each has one, and one that says something."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
WIDEST = 160


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """The map as `python docs/file_map.py` prints it."""
    shown = subprocess.run([sys.executable, ROOT / "docs" / "file_map.py"], capture_output=True, text=True, check=True)
    return shown.stdout.splitlines()


def test_the_map_has_every_file_and_folder(lines: list[str]) -> None:
    files = [path for path in SOURCE.rglob("*.py") if path.name != "__init__.py"]
    packages = list(SOURCE.rglob("__init__.py"))
    assert sorted(line.split()[0] for line in lines) == sorted(
        [path.name for path in files] + [f"{path.parent.name}/" for path in packages]
    )


def test_every_line_says_what_the_file_is(lines: list[str]) -> None:
    silent = [line for line in lines if len(line.split()) < 3]
    assert not silent, f"no first line, or one that says nothing: {silent}"
    wide = [line for line in lines if len(line) > WIDEST]
    assert not wide, f"lines above {WIDEST} characters: {wide}"
