"""The README's file map names every file of the package and every folder beside it, once, and nothing else.

A line may name a family of files, such as ``slowonly_*.py``.
"""

import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LISTED_WHOLE = "src/posecube"  # a line for each file below; elsewhere a line for each folder
FOLDERS = ("benchmarks", "docs", "examples", "experiments", "tests")
INDENT = 2


def read_map() -> dict[str, str]:
    """Path -> description, from the indented listing under the heading Files; folders end in a slash."""
    section = (ROOT / "README.md").read_text().split("\n## Files\n")[1]
    listing = section.split("```")[1].strip("\n")
    described: dict[str, str] = {}
    folders: list[str] = []
    for line in listing.splitlines():
        found = re.fullmatch(r"( *)(\S+) +(\S.*)", line)
        assert found, f"the file map has a line that is not `name  description`: {line!r}"
        depth = len(found[1]) // INDENT
        path = "".join(folders[:depth]) + found[2]
        folders = [*folders[:depth], found[2]]
        assert path not in described, f"the file map has two lines for {path}"
        described[path] = found[3]
    return described


@pytest.fixture(scope="module")
def expected(tracked_files: list[Path]) -> set[str]:
    """What the map must name. A package's __init__.py is its folder's line."""
    names = {"src/posecube/"}
    for path in tracked_files:
        name = path.as_posix()
        if name.startswith(f"{LISTED_WHOLE}/") and path.suffix == ".py":
            if path.name != "__init__.py":
                names.add(name)
            names |= {f"{parent.as_posix()}/" for parent in path.parents if parent.as_posix().startswith(LISTED_WHOLE)}
        elif path.parts[0] in FOLDERS:
            names.add(f"{path.parts[0]}/")
    return names


def lines_of(path: str, families: list[str]) -> list[str]:
    """The lines that name a file of the package: its own, and those of its family, which is one folder's."""
    return [line for line in families if fnmatchcase(path, line) and path.count("/") == line.count("/")]


def test_every_file_of_the_package_has_one_line(expected: set[str]) -> None:
    described = read_map()
    families = [path for path in described if "*" in path]
    named = {path: lines_of(path, families) + [path] * (path in described) for path in expected}
    missing = sorted(path for path, lines in named.items() if not lines)
    assert not missing, f"README's file map lacks a line for: {', '.join(missing)}"
    twice = sorted(path for path, lines in named.items() if len(lines) > 1)
    assert not twice, f"README's file map names twice: {', '.join(twice)}"


def test_every_line_names_something_that_is_there() -> None:
    described = read_map()
    gone = sorted(path for path in described if "*" not in path and not (ROOT / path).exists())
    assert not gone, f"README's file map names what is not there: {', '.join(gone)}"
    lonely = [path for path in described if "*" in path and len(list(ROOT.glob(path))) < 2]
    assert not lonely, f"README's file map has a line for a family of less than two: {', '.join(lonely)}"


def test_the_map_fits_a_screen() -> None:
    section = (ROOT / "README.md").read_text().split("\n## Files\n")[1].split("```")[1]
    wide = [line for line in section.splitlines() if len(line) > 120]
    assert not wide, f"the file map has lines above 120 characters: {wide}"
