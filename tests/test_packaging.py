"""What installs the package: tested versions for everything that it needs, and the targets that the README names."""

import re
import tomllib
from pathlib import Path

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


def test_every_requirement_has_a_tested_version_that_it_allows() -> None:
    extras = PROJECT["optional-dependencies"].values()
    for text in [*PROJECT["dependencies"], *(entry for extra in extras for entry in extra)]:
        requirement = Requirement(text)
        name = canonicalize_name(requirement.name)
        assert name in constraints(), f"constraints.txt lacks {name}"
        assert requirement.specifier.contains(constraints()[name]), f"{text} does not allow {constraints()[name]}"


def test_tested_versions_name_no_build() -> None:
    with_build = {name for name, version in constraints().items() if version.local}
    assert not with_build, f"a build tag fits one machine only: {with_build}"


def test_what_the_source_imports_is_required() -> None:
    import ast
    import sys

    required = {canonicalize_name(Requirement(text).name) for text in PROJECT["dependencies"]}
    module_of = {"opencv-python-headless": "cv2", "pillow": "PIL"}
    known = {module_of.get(name, name) for name in required} | set(sys.stdlib_module_names) | {"posecube"}
    optional = {"onnxruntime"}  # asked for with the extra `onnx`
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for name in names:
                top = name.split(".")[0]
                assert top in known | optional, f"{path.name} imports {top}, which pyproject.toml does not require"


def test_make_has_the_commands_that_the_readme_names() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    assert {"demo", "test", "check", "bench"} <= targets
    named = set(re.findall(r"make (\w+)", (ROOT / "README.md").read_text()))
    assert named <= targets, f"README names {named - targets}, which the Makefile does not have"


def test_the_version_stands_in_changelog_and_citation() -> None:
    from posecube import __version__

    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text()
    assert f"version: {__version__}" in (ROOT / "CITATION.cff").read_text()
