"""The docs site: `make docs` builds these pages and a reference from the docstrings; a warning is an error."""

import sys
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS))  # for the modules beside this one

import file_map  # noqa: E402
import reference_pages  # noqa: E402

from posecube import __version__  # noqa: E402

project = "posecube"
author = "the posecube authors"
release = __version__
html_title = f"posecube {release}"
html_theme = "furo"
html_show_copyright = False
html_copy_source = False

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
myst_heading_anchors = 4  # links to headings are written as on a code host
default_role = "code"  # docstrings are read in the source: one backtick is code

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_inherit_docstrings = False
autodoc_default_options = {"ignore-module-all": True, "exclude-members": "model_config, model_post_init"}
napoleon_numpy_docstring = False
napoleon_use_ivar = True

# Pages of the repository's root that the site shows, and README's place.
ROOT_PAGES = {
    "ARCHITECTURE": "architecture",
    "CONTRIBUTING": "contributing",
    "CHANGELOG": "changelog",
    "README": "index",
}


class FileMap(SphinxDirective):
    """The file map as a block of a page."""

    def run(self) -> list[nodes.Node]:
        """The block."""
        text = "\n".join(file_map.lines())
        return [nodes.literal_block(text, text, language="text")]


def lead_to_site(text: list[str], folder: str) -> None:
    """Links to pages in the repository's root become links to the site's."""
    for name, own in ROOT_PAGES.items():
        text[0] = text[0].replace(f"]({folder}{name}.md", f"]({own}.md")


def setup(app: Sphinx) -> None:
    """The reference's pages are written, pages may ask for the file map, links and docstrings become Sphinx's."""
    app.add_directive("file-map", FileMap)
    app.connect("builder-inited", lambda app: reference_pages.write(DOCS / "reference"))
    app.connect("source-read", lambda app, page, text: lead_to_site(text, folder="../"))
    app.connect("include-read", lambda app, path, page, text: lead_to_site(text, folder=""))
    app.connect("autodoc-process-docstring", reference_pages.keep_blocks, priority=100)  # before napoleon
