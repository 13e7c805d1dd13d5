"""The reference's pages: one for each folder of the two packages, every module's docstrings in it.

They are written anew for each build, and kept by nobody.
"""

import shutil
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src"
PACKAGES = ("posecube", "posecube_studio")
SECTIONS = {"Args:", "Attributes:", "Returns:", "Yields:", "Raises:", "Example:", "Note:"}  # what napoleon reads


def write(folder: Path) -> None:
    """A page for each package and an index of them."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    names = [name for package in PACKAGES for name in _packages(SOURCE / package)]
    for name in names:
        (folder / f"{name}.rst").write_text(_page(name))
    toctree = "".join(f"   {name}\n" for name in names)
    (folder / "index.rst").write_text(f"{_heading('Reference', '=')}.. toctree::\n   :maxdepth: 1\n\n{toctree}")


def _packages(folder: Path) -> list[str]:
    """Dotted names of a package and those below it."""
    folders = sorted(path.parent for path in folder.rglob("__init__.py"))
    return [".".join(path.relative_to(SOURCE).parts) for path in folders]


def _page(package: str) -> str:
    """Docstrings of a package and of each module that lies directly in it."""
    files = sorted((SOURCE / package.replace(".", "/")).glob("*.py"))
    text = _heading(package, "=") + _automodule(package)
    for module in (path.stem for path in files if not path.stem.startswith("__")):
        text += _heading(module, "-") + _automodule(f"{package}.{module}")
    return text


def _automodule(name: str) -> str:
    return f".. automodule:: {name}\n   :members:\n\n"


def _heading(text: str, line: str) -> str:
    escaped = text.replace("_", "\\_")
    return f"{escaped}\n{line * len(escaped)}\n\n"


def keep_blocks(app: object, what: str, name: str, thing: object, options: object, lines: list[str]) -> None:
    """Tables and commands, which docstrings just indent, become literal blocks; Google's sections stay as they are."""
    kept: list[str] = []
    above = ""  # the last line at the margin
    in_block = False
    for line in lines:
        indented = line.startswith("    ")
        if indented and not in_block and above not in SECTIONS and not above.startswith(("- ", "1. ")):
            kept += ["", "::", ""]
            in_block = True
        elif line and not indented:
            kept += [""] * in_block
            in_block, above = False, line
        kept.append(line)
    lines[:] = kept
