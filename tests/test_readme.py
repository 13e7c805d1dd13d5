"""What README and docs say can be typed: commands parse, snippets import, links lead somewhere, no figure is open."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from posecube.cli import build_parser

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
SITE = ("architecture.md", "changelog.md", "contributing.md")  # pages that include one of the root's
HISTORY = ROOT / "docs" / "lab-notebook.md"  # entries speak of the version of their day
CURRENT = [path for path in PAGES if path != HISTORY]
MOST_README_BYTES = 8_000


def page_id(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(path: Path, *languages: str) -> Iterator[str]:
    """Fenced blocks of some languages."""
    for language, text in re.findall(r"^```(\w*)\n(.*?)^```", path.read_text(), flags=re.MULTILINE | re.DOTALL):
        if language in languages:
            yield text


def commands(path: Path) -> list[str]:
    """Lines of shell blocks that call posecube."""
    lines = "\n".join(blocks(path, "", "sh", "bash", "console")).replace("\\\n", " ").splitlines()
    return [line.strip().removeprefix("$ ") for line in lines if re.match(r"\s*(\$ )?posecube ", line)]


@pytest.mark.parametrize("path", CURRENT, ids=page_id)
def test_commands_parse(path: Path) -> None:
    for line in commands(path):
        words = shlex.split(line, comments=True)[1:]
        try:
            build_parser().parse_args(words)
        except SystemExit as ended:
            assert ended.code in (0, None), f"{page_id(path)} has a command that posecube does not take: {line}"


def test_the_pages_do_show_commands() -> None:
    shown = {line.split()[1] for path in CURRENT for line in commands(path)}
    assert shown >= {"recognize", "extract", "import", "info", "train", "evaluate", "fuse", "weights", "bench"}


@pytest.mark.parametrize("path", CURRENT, ids=page_id)
def test_python_snippets_compile_and_their_imports_run(path: Path) -> None:
    for text in blocks(path, "python"):
        imports = [node for node in ast.parse(text).body if isinstance(node, ast.Import | ast.ImportFrom)]
        exec(compile(ast.Module(imports, type_ignores=[]), page_id(path), "exec"), {})


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"^```.*?^```", "", path.read_text(), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"", text):
        link = target[0] or target[1]
        if re.match(r"\w+://|mailto:", link):
            continue
        name, _, anchor = link.partition("#")
        linked = path.parent / name if name else path
        assert linked.exists(), f"{page_id(path)} links to {link}, which is not there"
        if anchor:
            assert linked.name not in SITE, f"{page_id(path)} links to {link}: link to the page in the root"
            assert anchor in anchors(linked), f"{page_id(path)} links to {link}, which has no such heading"


def anchors(path: Path) -> set[str]:
    """Headings as the links to them are written."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", CURRENT, ids=page_id)
def test_paths_that_a_page_names_are_there(path: Path) -> None:
    text = path.read_text()
    for name in re.findall(r"`((?:src|tests|docs|examples|benchmarks)/[\w./-]+)`", text):
        assert (ROOT / name).exists(), f"{page_id(path)} names {name}, which is not there"


def test_the_readme_stays_short() -> None:
    num_bytes = (ROOT / "README.md").stat().st_size
    assert num_bytes <= MOST_README_BYTES, f"README has {num_bytes} bytes: long tables are for docs/results.md"


def test_every_page_is_in_the_site() -> None:
    index = (ROOT / "docs" / "index.md").read_text()
    listed = set(re.findall(r"^([\w/-]+)$", index, flags=re.MULTILINE))
    pages = {path.stem for path in (ROOT / "docs").glob("*.md")} - {"index"}
    assert pages <= listed, f"docs/index.md does not lead to {sorted(pages - listed)}"


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_no_figure_is_left_open(path: Path) -> None:
    marker = "TODO" + "-FIGURE"
    assert marker not in path.read_text(), f"{page_id(path)} has a figure to fill in"
