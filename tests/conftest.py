"""Fixtures shared by all tests."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is no failure, and what passed once passes again: examples depend on the test alone.
settings.register_profile("patient", deadline=None, derandomize=True)
settings.load_profile("patient")

ROOT = Path(__file__).resolve().parents[1]
NOT_OURS = {"__pycache__", "build", "demo", "dist", "runs", "stores"}


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def tracked_files() -> list[Path]:
    """Files of the repository, relative to it: those git knows, or all that look like ours where git is absent."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        files = [Path(name) for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        files = [path.relative_to(ROOT) for path in ROOT.rglob("*")]
        files = [path for path in files if not any(p in NOT_OURS or p.startswith(".") for p in path.parts)]
    return sorted(path for path in files if (ROOT / path).is_file())


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data, which never enters the repository; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("POSECUBE_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"real data is not here: no folder {folder / 'data'} (set POSECUBE_SHARED)")
    return folder
