"""Finds where the tests of other clients, and the pages for those who come from them, use operations that are gone.

They call an operation by the names of those clients: what `clerk` calls it is of no help there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ..document import files
from ..prepare import layout

OFFICIAL_SDK = Path("docs/data/official-python-sdk.yaml")
_TESTS = Path("tests/peers")
_PAGES = (Path("docs/from-nodejs.md"), Path("docs/from-official-sdk.md"))


def find(base: Path, tree: Path) -> list[str]:
    """Find the places.

    Args:
        base: The root of the tree that has the operations.
        tree: The root of the tree that no longer has all of them.

    Returns:
        One line for each place: file, line, and the name that is used.
    """
    before, now = layout.load(base), layout.load(tree)
    gone = _operations(before) - _operations(now)
    names = {*_node_names(before, gone), *_official_names(tree, gone)}
    if not names:
        return []
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(names, reverse=True)))})(?!\w)")
    return [
        f"{path.relative_to(tree).as_posix()}:{number}: {name}"
        for path in _files(tree)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for name in sorted(set(pattern.findall(line)))
    ]


def _operations(client_layout: layout.Layout) -> set[str]:
    return {
        operation for sub_api in client_layout.sub_apis for method in sub_api.methods for operation in method.operations
    }


def _node_names(client_layout: layout.Layout, gone: set[str]) -> Iterator[str]:
    for sub_api in client_layout.sub_apis:
        for method in sub_api.methods:
            if sub_api.js and method.js and not gone.isdisjoint(method.operations):
                yield f"{sub_api.js}.{method.js}"


def _official_names(tree: Path, gone: set[str]) -> Iterator[str]:
    if (tree / OFFICIAL_SDK).exists():
        methods: dict[str, str] = files.load(tree / OFFICIAL_SDK).value["methods"]
        yield from (name for operation, name in methods.items() if operation in gone)


def _files(tree: Path) -> list[Path]:
    tests = (path for path in (tree / _TESTS).rglob("*.*") if path.suffix in (".py", ".mjs"))
    found = [*tests, *(tree / page for page in _PAGES)]
    return sorted(path for path in found if path.is_file() and "node_modules" not in path.parts)


__all__ = ["find"]
