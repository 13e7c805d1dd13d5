"""The house in numbers: sizes, imports and circles of a source tree, to set two versions side by side.

python benchmarks/house.py [ROOT]          ROOT: a checkout, by default this one
"""

from __future__ import annotations

import ast
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import networkx

HEAVY = (
    "torch", "torchmetrics", "scipy", "scipy.signal", "lightning", "numba", "matplotlib", "openvino", "cv2", "av",
    "pyarrow", "pydantic", "rich",
)  # fmt: skip
REPEATS = 3
SHORT_LINES = 80


def modules(source: Path) -> dict[str, Path]:
    """Every module of the packages in a source folder, by its dotted name."""
    return {_name(path.relative_to(source)): path for path in sorted(source.rglob("*.py"))}


def _name(path: Path) -> str:
    return ".".join(part for part in path.with_suffix("").parts if part != "__init__")


def imports(path: Path, known: set[str]) -> Iterator[str]:
    """Modules of the tree that a module imports, at once or when a function runs."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in known else node.module


def circles(source: Path) -> list[set[str]]:
    """Circles between modules, and between the folders of a folder: each strongly connected group of two or more."""
    found = modules(source)
    edges = {(name, other) for name, path in found.items() for other in imports(path, set(found))}
    groups = list(_groups(edges))
    packages = {_parent(name) for name in found}
    for package in sorted(packages):
        depth = len(package.split(".")) + 1
        inner = {
            (".".join(a.split(".")[:depth]), ".".join(b.split(".")[:depth]))
            for a, b in edges
            if a.startswith(f"{package}.") and b.startswith(f"{package}.")
        }
        groups += [group for group in _groups(inner) if group not in groups]
    return groups


def _parent(name: str) -> str:
    return name.rpartition(".")[0] or name


def _groups(edges: set[tuple[str, str]]) -> Iterator[set[str]]:
    graph = networkx.DiGraph((a, b) for a, b in edges if a != b)
    yield from (group for group in networkx.strongly_connected_components(graph) if len(group) > 1)


def longest_function(paths: list[Path]) -> tuple[int, str]:
    """Lines of the longest body without its docstring, and whose it is."""
    longest = (0, "")
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
                longest = max(longest, (lines, f"{path.name}:{node.name}"))
    return longest


def seconds(code: str, source: Path) -> float:
    """Median wall-clock time of a fresh process, without that of Python's own start."""
    return round(_median(code, source) - _median("pass", source), 2)


def _median(code: str, source: Path) -> float:
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], env=_environment(source), check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def heavy_modules(code: str, source: Path) -> list[str]:
    """Which of the heavy libraries a piece of code has imported when it ends."""
    code += f"; import sys, json; print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    done = subprocess.run(
        [sys.executable, "-c", code], env=_environment(source), check=True, capture_output=True, text=True
    )
    found: list[str] = json.loads(done.stdout)
    return found


def _environment(source: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(source)}


def measure(root: Path) -> dict[str, object]:
    """All numbers of a checkout."""
    source = root / "src"
    paths = list(modules(source).values())
    lines = [len(path.read_text().splitlines()) for path in paths]
    groups = circles(source)
    recognizer = "import posecube.recognizer"
    help_code = "from posecube.cli import main; main(['--help'])"
    return {
        "import posecube, s": seconds("import posecube", source),
        "import posecube.recognizer, s": seconds(recognizer, source),
        "heavy modules of posecube.recognizer": heavy_modules(recognizer, source),
        "posecube --help, s": seconds(f"try:\n    {help_code}\nexcept SystemExit: pass", source),
        "files": len(paths),
        "lines": sum(lines),
        "files below 80 lines": sum(count < SHORT_LINES for count in lines),
        "longest function": "{} lines, {}".format(*longest_function(paths)),
        "circles": len(groups),
        "largest circle": max(map(len, groups), default=0),
        "modules in circles": len(set().union(*groups)) if groups else 0,
        "README, bytes": (root / "README.md").stat().st_size,
    }


def main() -> None:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1]
    for name, value in measure(root).items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
