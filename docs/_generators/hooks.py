"""What mkdocs calls while it builds the site.

The pages of the reference are added, and marked places in others filled.

A page marks a place with `<!-- table: NAME -->` on a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

from docs._generators import awaited, migration, reference, signatures, tables, testing

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

_ROOT = Path(__file__).parents[2]
_MARK = re.compile(r"^<!-- table: (.*) -->$", re.MULTILINE)
_TABLES: dict[str, Callable[[Path], str]] = {
    "enumerations": signatures.enumerations,
    "node-js": migration.from_node_js,
    "official-python-sdk": migration.from_official_sdk,
    "official-python-sdk-only": migration.only_in_official_sdk,
    "local-clerk": testing.operations,
    "events": testing.events,
    "sub-apis": reference.sub_apis,
}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages of the reference, and their places in the navigation."""
    book = reference.make(_ROOT)
    for path, content in book.pages.items():
        files.append(File.generated(config, path, content=content))
    config.nav = [*(config.nav or []), {"Reference": book.navigation}]
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Put the tables where a page asks for them, and the async twin beside each block of a guide."""
    if not page.file.src_uri.startswith("reference/"):
        markdown = awaited.with_tabs(markdown)
    return _MARK.sub(lambda mark: _table(mark[1]), markdown)


def on_page_content(html: str, **_: object) -> str:
    """Drop the colons by which docstrings announce code in plain text, and make tables readable on phones."""
    return tables.for_phones(html.replace("<p>::</p>\n", ""))


@cache
def _table(name: str) -> str:
    if name not in _TABLES:
        raise PluginError(f"no table {name!r}, but {', '.join(sorted(_TABLES))}")
    return _TABLES[name](_ROOT)
