"""Every file of the packages with the first line of its docstring: a page of the docs, or `python docs/file_map.py`."""

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src"
PACKAGES = ("posecube", "posecube_studio")
INDENT = 2
COLUMN = 36  # where descriptions begin


def lines() -> Iterator[str]:
    """The map, a line a file or folder."""
    for package in PACKAGES:
        yield from _folder(SOURCE / package, depth=0)


def _folder(folder: Path, depth: int) -> Iterator[str]:
    """A folder's own line, its files and then the folders below it."""
    yield _line(f"{folder.name}/", _first_line(folder / "__init__.py"), depth)
    for path in sorted(folder.glob("*.py")):
        if path.stem != "__init__":
            yield _line(path.name, _first_line(path), depth + 1)
    for below in sorted(path.parent for path in folder.glob("*/__init__.py")):
        yield from _folder(below, depth + 1)


def _line(name: str, description: str, depth: int) -> str:
    return f"{' ' * INDENT * depth}{name}".ljust(COLUMN - 2) + f"  {description}".rstrip()


def _first_line(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text())) or ""
    return docstring.split("\n")[0]


if __name__ == "__main__":
    print("\n".join(lines()))
