"""What the page on architecture says of files and imports is so."""

from __future__ import annotations

import re

import grimp
import pytest

from tests.docs.blocks import ROOT

PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
APART = {"clerk": {"auth", "integrations", "testing"}}
"""The folders of a package whose other modules count as one."""


def folder_of(module: str) -> str:
    """Return the row of the table that a module belongs to."""
    package, _, rest = module.partition(".")
    first = rest.partition(".")[0]
    return f"{package}.{first}" if first in APART.get(package, {first} - {""}) else package


def imports() -> dict[str, set[str]]:
    """Return for each folder which others its modules import."""
    graph = grimp.build_graph(
        "clerk", "clerk_generated", "generator", exclude_type_checking_imports=True, cache_dir=None
    )
    found: dict[str, set[str]] = {}
    for module in graph.modules:
        others = {folder_of(imported) for imported in graph.find_modules_directly_imported_by(module)}
        found.setdefault(folder_of(module), set()).update(others - {folder_of(module)})
    return found


def test_the_table_of_imports_is_what_the_code_imports() -> None:
    rows = [f"| `{name}` | {', '.join(f'`{one}`' for one in sorted(others))} |" for name, others in imports().items()]
    told = [row for row in PAGE.splitlines() if re.match(r"\| `(clerk|generator)", row)]
    assert told == sorted(row for row in rows if not row.endswith("|  |"))


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`((?:clerk|clerk_generated|generator|openapi)/[^`]*)`", PAGE)))
)
def test_a_path_exists(path: str) -> None:
    assert list(ROOT.glob(path.replace("1x-", "1?-").replace("9x-", "9?-")))


def test_the_files_of_local_clerk_exist() -> None:
    section = PAGE.partition("## Inside LocalClerk\n")[2]
    paths = set(re.findall(r"`(_[a-z_]+/?(?:[a-z_]+\.py)?|_[a-z_]+\.py)`", section))
    assert len(paths) > 8
    assert {path for path in paths if not (ROOT / "clerk/testing" / path).exists()} == set()
