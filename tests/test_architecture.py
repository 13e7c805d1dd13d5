"""The house rules that neither import-linter nor ruff can say, each over the whole tree at once."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
REFUSED_NAMES = {"utils", "util", "common", "core", "misc", "helpers", "helper", "tools"}
MAX_FILE_LINES = 600
MAX_BODY_LINES = 80


@cache
def modules() -> dict[str, str]:
    """Text of every module, by its path below src."""
    return {path.relative_to(SOURCE).as_posix(): path.read_text() for path in sorted(SOURCE.rglob("*.py"))}


@cache
def trees() -> dict[str, ast.Module]:
    """Syntax tree of every module."""
    return {name: ast.parse(text) for name, text in modules().items()}


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function, with the path of its file."""
    for name, tree in trees().items():
        waiting: list[ast.AST] = [tree]
        while waiting:
            inside = [node for node in ast.iter_child_nodes(waiting.pop()) if isinstance(node, ast.stmt)]
            waiting += inside
            yield from ((name, node) for node in inside if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function's body without its docstring."""
    statements = function.body[1:] if ast.get_docstring(function) else function.body
    return (statements[-1].end_lineno or 0) - statements[0].lineno + 1 if statements else 0


def test_imports_follow_the_rule() -> None:
    """In a process of its own: import-linter configures logging for all."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    done = subprocess.run([*command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_rule_is_written_down() -> None:
    """ARCHITECTURE.md's table has the parts of pyproject.toml's contract, in its order."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "way-of-the-data")
    checked = [set(re.findall(r"\w+", layer)) for layer in layers]
    section = (ROOT / "ARCHITECTURE.md").read_text().split("\n## Import rule\n")[1].split("\n## ")[0]
    written = [set(re.findall(r"`(\w+)`", row)) for row in re.findall(r"^\| (`.*?) \|", section, flags=re.MULTILINE)]
    assert written == checked


def test_files_are_short() -> None:
    long = {name: len(text.splitlines()) for name, text in modules().items()}
    long = {name: lines for name, lines in long.items() if lines > MAX_FILE_LINES}
    assert not long, f"files above {MAX_FILE_LINES} lines: {long}"


def test_functions_are_short() -> None:
    """Lines; ruff counts arguments, statements and branches (pyproject.toml)."""
    long = {f"{name}:{node.lineno} {node.name}": body_lines(node) for name, node in functions()}
    long = {name: lines for name, lines in long.items() if lines > MAX_BODY_LINES}
    assert not long, f"functions above {MAX_BODY_LINES} lines, cut them: {long}"


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    drawers = [name for name in modules() if REFUSED_NAMES & set(name.removesuffix(".py").split("/"))]
    assert not drawers, f"name them by what they hold: {drawers}"


def test_one_name_is_one_class() -> None:
    """What a module keeps to itself may be called as it likes."""
    homes: dict[str, list[str]] = {}
    for name, tree in trees().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(name)
    double = {name: where for name, where in homes.items() if len(where) > 1}
    assert not double, f"one name for two things: {double}"


def test_nothing_names_one_machine(tracked_files: list[Path]) -> None:
    # Written so that this file does not hold what it looks for.
    folders = [f"/{name}/" for name in ("work", "tmp", "root", "home", "opt")]
    hosts = [f"{name}." for name in ("pypi", "pythonhosted", "anaconda")]
    pattern = re.compile("|".join([rf"(?<![\w.*-]){re.escape(f)}" for f in folders] + [re.escape(h) for h in hosts]))
    named = []
    for path in tracked_files:
        try:
            text = (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        lines = enumerate(text.splitlines(), start=1)
        named += [f"{path}:{number}: {found[0]}" for number, line in lines if (found := pattern.search(line))]
    assert not named, f"a machine's folder or a registry is named: {named}"
