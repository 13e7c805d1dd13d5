"""Fixtures shared by all tests."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data, which never enters the repository; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("POSECUBE_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"real data is not here: no folder {folder / 'data'} (set POSECUBE_SHARED)")
    return folder
