"""The house rules of ARCHITECTURE.md and CONTRIBUTING.md, read off the syntax trees."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "posecube"
ANY = None  # may import every part but those that nobody imports

# Part of the package -> parts that it may import. A part is a folder or a module directly under posecube.
# fmt: off
ALLOWED: dict[str, set[str] | None] = {
    "skeleton": set(),
    "networks": {"skeleton"},
    "flow": set(),
    "datasets": {"skeleton"},
    "video": {"skeleton"},
    "sampling": {"skeleton"},
    "representation": {"skeleton"},
    "pose": {"datasets", "skeleton", "video"},
    "studio": {"skeleton", "video"},
    "model": {"networks", "representation", "sampling", "skeleton"},
    "training": {"model", "representation", "sampling", "skeleton"},
    "evaluation": {"model", "sampling", "skeleton"},
    "migration": {"datasets", "model", "networks", "representation", "sampling", "skeleton"},
    "comparison": {"bench", "evaluation", "model", "representation", "skeleton", "training"},
    "recipes": {"model", "representation", "sampling", "training"},
    "runtime": {"model", "networks", "representation", "sampling", "skeleton"},
    "recognition": {"pose", "skeleton", "video"},
    "recognizer": {
        "evaluation", "model", "pose", "recognition", "representation", "runtime", "sampling", "skeleton", "video",
    },
    "bench": ANY,
    "commands": ANY,
    "cli": {"commands"},
    "__init__": {"recognizer", "skeleton"},
}
# fmt: on
NOBODY_IMPORTS = {"cli", "commands"}
REFUSED_NAMES = {"utils", "util", "common", "core", "misc", "helpers", "helper", "tools"}
MAY_PRINT = {"cli", "commands"}

MAX_FILE_LINES = 600
MAX_FUNCTION_LINES = 80
TABLES = {"skeleton/layouts.py"}  # data written out

MODULES = sorted(path for path in SOURCE.rglob("*.py"))
IDS = [path.relative_to(SOURCE).as_posix() for path in MODULES]


def part_of(path: Path) -> str:
    """The part that a module belongs to."""
    first = path.relative_to(SOURCE).parts[0]
    return first.removesuffix(".py")


def imported_parts(tree: ast.AST, path: Path) -> Iterator[tuple[int, str]]:
    """Line and part of each import of our own, wherever in the file it stands."""
    package = ("posecube", *path.relative_to(SOURCE).parts[:-1])
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            names = [f"{module}.{alias.name}" for alias in node.names] if module == "posecube" else [module]
        for name in names:
            parts = name.split(".")
            if parts[0] == "posecube" and len(parts) > 1:
                yield node.lineno, parts[1]


def is_part(name: str) -> bool:
    return (SOURCE / name).is_dir() or (SOURCE / f"{name}.py").is_file()


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_a_module_imports_only_what_its_part_may(path: Path) -> None:
    part = part_of(path)
    assert part in ALLOWED, f"{part} has no line in ARCHITECTURE.md's import rule: add it there and here"
    allowed = ALLOWED[part]
    for line, imported in imported_parts(ast.parse(path.read_text()), path):
        if imported == part or not is_part(imported):  # `from posecube import __version__` names no part
            continue
        assert imported not in NOBODY_IMPORTS - (allowed or set()), f"{path}:{line}: nobody imports {imported}"
        assert allowed is ANY or imported in allowed, f"{path}:{line}: {part} may not import {imported}"


def test_the_rule_reads_every_form_of_import() -> None:
    code = (
        "import posecube.pose.track\nfrom posecube import model\nfrom posecube.video import reader\n"
        "from . import x\nfrom ..studio import y\nimport os\ndef f():\n    from posecube.flow import z"
    )
    found = [part for _, part in imported_parts(ast.parse(code), SOURCE / "skeleton" / "new.py")]
    assert sorted(found) == sorted(["pose", "model", "video", "skeleton", "studio", "flow"])


def test_the_rule_is_written_down() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text()
    table = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", text, flags=re.MULTILINE))
    for part, allowed in ALLOWED.items():
        assert part in table, f"ARCHITECTURE.md's import rule has no line for {part}"
        if allowed is ANY:
            assert table[part].startswith("anything"), f"ARCHITECTURE.md's line for {part}: {table[part]}"
        else:
            assert set(re.findall(r"`(\w+)`", table[part])) == allowed, f"ARCHITECTURE.md's line for {part}"


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_no_module_is_a_drawer_for_odds_and_ends(path: Path) -> None:
    named = {part.removesuffix(".py") for part in path.relative_to(SOURCE).parts}
    assert not named & REFUSED_NAMES, f"{path}: name it by what it holds"


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_files_and_functions_stay_short(path: Path) -> None:
    if path.relative_to(SOURCE).as_posix() in TABLES:
        return
    text = path.read_text()
    num_lines = len(text.splitlines())
    assert num_lines <= MAX_FILE_LINES, f"{path} has {num_lines} lines, at most {MAX_FILE_LINES} are allowed"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = body_lines(node)
            assert length <= MAX_FUNCTION_LINES, f"{path}:{node.lineno}: {node.name} has {length} lines, cut it"


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function's body without its docstring."""
    statements = function.body[1:] if ast.get_docstring(function) else function.body
    return (statements[-1].end_lineno or 0) - statements[0].lineno + 1 if statements else 0


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_the_library_logs_and_never_prints(path: Path) -> None:
    if part_of(path) in MAY_PRINT:
        return
    for node in ast.walk(ast.parse(path.read_text())):
        printed = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        assert not printed, f"{path}:{node.lineno}: print: use logging, or return what the command shall print"


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_every_module_says_what_it_is(path: Path) -> None:
    text = path.read_text()
    assert not text.strip() or ast.get_docstring(ast.parse(text)), f"{path} has no docstring"


def test_nothing_names_one_machine(tracked_files: list[Path]) -> None:
    # Written so that this file does not hold what it looks for.
    folders = [f"/{name}/" for name in ("work", "tmp", "root", "home", "opt")]
    hosts = [f"{name}." for name in ("pypi", "pythonhosted", "anaconda")]
    pattern = re.compile("|".join([rf"(?<![\w.*-]){re.escape(f)}" for f in folders] + [re.escape(h) for h in hosts]))
    for path in tracked_files:
        try:
            text = (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            found = pattern.search(line)
            assert not found, f"{path}:{number} names a machine's folder or a registry: {found[0] if found else ''}"
