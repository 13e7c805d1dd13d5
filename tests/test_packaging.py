"""What installs the package: tested versions for everything that it needs, and the targets that the README names."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def constraints() -> dict[str, Version]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = [line.split("==") for line in lines if line and not line.startswith("#")]
    assert all(len(pin) == 2 for pin in pins), "constraints.txt holds name==version lines and comments only"
    return {canonicalize_name(name): Version(version) for name, version in pins}


def requirements(*extras: str) -> dict[str, Requirement]:
    """By canonical name: what is always needed, and what extras add; an extra may name others of the package."""
    texts, names = list(PROJECT["dependencies"]), list(extras)
    while names:
        for text in PROJECT["optional-dependencies"][names.pop()]:
            requirement = Requirement(text)
            if requirement.name == "posecube":
                names += requirement.extras
            else:
                texts.append(text)
    return {canonicalize_name(requirement.name): requirement for requirement in map(Requirement, texts)}


def test_every_requirement_has_a_tested_version_that_it_allows() -> None:
    for name, requirement in requirements(*PROJECT["optional-dependencies"]).items():
        assert name in constraints(), f"constraints.txt lacks {name}"
        assert requirement.specifier.contains(constraints()[name]), (
            f"{requirement} does not allow {constraints()[name]}"
        )


def test_tested_versions_name_no_build() -> None:
    with_build = {name for name, version in constraints().items() if version.local}
    assert not with_build, f"a build tag fits one machine only: {with_build}"


MODULE_OF = {"opencv-python-headless": "cv2", "pillow": "PIL"}
BEHIND_EXTRAS = {"onnxruntime"}  # asked for where it is used


def imported(path: Path) -> Iterator[str]:
    """Top packages that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        yield from (name.split(".")[0] for name in names)


@pytest.mark.parametrize(("package", "extras"), [("posecube", ()), ("posecube_studio", ("studio",))])
def test_what_a_package_imports_is_required(package: str, extras: tuple[str, ...]) -> None:
    known = {MODULE_OF.get(name, name) for name in requirements(*extras)} | set(sys.stdlib_module_names)
    known |= BEHIND_EXTRAS | {"posecube", package}
    for path in sorted((ROOT / "src" / package).rglob("*.py")):
        mine = {"posecube_studio"} if path.parts[-2:] == ("commands", "studio.py") else set()
        for top in imported(path):
            assert top in known | mine, (
                f"{path.name} imports {top}, which pyproject.toml does not require for {package}"
            )


def test_make_has_the_commands_that_the_readme_names() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    assert {"demo", "test", "check", "bench"} <= targets
    named = set(re.findall(r"make (\w+)", (ROOT / "README.md").read_text()))
    assert named <= targets, f"README names {named - targets}, which the Makefile does not have"


def test_the_version_stands_in_changelog_and_citation() -> None:
    from posecube import __version__

    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text()
    assert f"version: {__version__}" in (ROOT / "CITATION.cff").read_text()


def test_a_wheel_has_the_benchmarks_where_the_command_looks() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert "benchmarks" in wheel["only-include"]
    assert wheel["sources"] == {"src": "", "benchmarks": "posecube/benchmarks"}


def test_every_module_can_be_imported_without_an_extra() -> None:
    code = (
        "import importlib, pkgutil, sys; sys.modules |= dict.fromkeys(['numba', 'onnxruntime', 'posecube_studio']); "
        "import posecube; "
        "[importlib.import_module(m.name) for m in pkgutil.walk_packages(posecube.__path__, 'posecube.')]"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_studio_without_its_extra_names_the_install_line() -> None:
    code = "import sys; sys.modules['numba'] = None; from posecube.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "studio", "fingerprint", "studio-mini"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "needs numba, which is not installed: pip install 'posecube[studio]'" in done.stderr
    assert done.stderr.count("\n") == 1
