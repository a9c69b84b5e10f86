"""How Sphinx builds the documents: offline, each warning an error; pages that follow from the code are made first."""

from __future__ import annotations

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "model")]

from make_pages import make_pages  # noqa: E402

import shudian  # noqa: E402

with_outputs = os.environ.get("SHUDIAN_DOCS") == "with outputs"
make_pages(HERE.parent, HERE / "made", book=with_outputs)

project = "Shudian 竖店"
author = "The Shudian authors"
version = release = shudian.__version__
extensions = ["myst_nb", "sphinx.ext.autodoc"]
exclude_patterns = ["make_pages.py"]
default_role = "code"
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
autodoc_typehints = "none"
autodoc_member_order = "bysource"
# the notebooks' tests run them too, and a build of the tests' shows them as they are
nb_execution_mode = "cache" if with_outputs else "off"
nb_execution_cache_path = str(HERE.parent / "build" / "notebooks")
nb_execution_timeout = 300
nb_execution_raise_on_error = True
nb_merge_streams = True
# none of the pages has widgets, whose scripts would come from a network
nb_ipywidgets_js: dict[str, dict[str, str]] = {}
html_theme = "furo"
html_title = "Shudian 竖店"
html_show_copyright = False
html_show_sourcelink = False
html_copy_source = False
html_extra_path = ["../build/book"] if with_outputs else []
