"""Finds the places in a tree that use something a new document has removed: code, examples, and code blocks in docs.

A method with a common name such as `list` counts only after the name of its sub-API; any other is found by its name.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .changes import Change, Effect

_FOLDERS = ("clerk", "examples", "benchmarks", "docs", "tests")
_COMMON = frozenset({"add", "create", "delete", "get", "list", "revoke", "update", "verify"})
_SPAN = re.compile(r"(?<!`)`(?P<code>[^`\n]+)`(?!`)")
_BLOCK = re.compile(r"^(?P<indent>[ ]*)```python[^\n]*\n(?P<code>.*?)^(?P=indent)```", re.MULTILINE | re.DOTALL)


@dataclass
class _Gone:
    """What was removed: methods as (sub-API, name), keywords of methods, models."""

    methods: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    keywords: dict[tuple[str, str], set[str]] = field(default_factory=dict[tuple[str, str], set[str]])
    models: set[str] = field(default_factory=set[str])

    @property
    def names(self) -> set[str]:
        """The names of all of them; a text without any of these uses nothing that is gone."""
        return {*self.models, *(name for _, name in (*self.methods, *self.keywords))}


def find(tree: Path, changes: Iterable[Change]) -> list[str]:
    """Find the places that use something removed.

    Args:
        tree: The root of the tree.
        changes: What changed.

    Returns:
        One line for each place: the file, the line, and what it uses.
    """
    gone = _gone(changes)
    return [
        f"{path.relative_to(tree).as_posix()}:{line}: {what}"
        for path in _files(tree)
        for line, what in sorted(set(_uses(path, gone)))
    ]


def _gone(changes: Iterable[Change]) -> _Gone:
    gone = _Gone()
    for change in changes:
        if change.effect is not Effect.BREAKING or not re.match(r"removed|renamed", change.what):
            continue
        for subject in change.subject.split(", "):
            if found := re.fullmatch(r"models\.(\w+)", subject):
                gone.models.add(found[1])
            elif found := re.fullmatch(r"(\w+)\.(\w+)", subject):
                gone.methods.add((found[1], found[2]))
            elif found := re.fullmatch(r"(\w+)\.(\w+)\((\w+)=?\)", subject):
                gone.keywords.setdefault((found[1], found[2]), set()).add(found[3])
    return gone


def _files(tree: Path) -> list[Path]:
    found = [tree / "README.md", *(path for name in _FOLDERS for path in (tree / name).rglob("*.*"))]
    return sorted(path for path in found if path.suffix in (".py", ".md") and path.is_file() and not _is_data(path))


def _is_data(path: Path) -> bool:
    return bool({"data", "node_modules", "__pycache__"} & {*path.parts})


def _uses(path: Path, gone: _Gone) -> Iterator[tuple[int, str]]:
    text = path.read_text(encoding="utf-8")
    if not any(name in text for name in gone.names):
        return
    blocks = [(0, text)] if path.suffix == ".py" else _blocks(text)
    for before, code in blocks:
        try:
            parsed = ast.parse(code)
        except SyntaxError:  # a block may be an incomplete program
            continue
        for node in ast.walk(parsed):
            for line, what in _at(node, gone):
                yield before + line, what


def _blocks(text: str) -> list[tuple[int, str]]:
    """Return the Python of a page, blocks and code within lines, each with the number of lines before it."""
    found = [*_BLOCK.finditer(text), *_SPAN.finditer(text)]
    return [(text.count("\n", 0, one.start("code")), textwrap.dedent(one["code"])) for one in found]


def _at(node: ast.AST, gone: _Gone) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Attribute):
        if isinstance(node.value, ast.Name) and node.value.id == "models" and node.attr in gone.models:
            yield node.lineno, f"models.{node.attr}"
        for sub_api, name in gone.methods:
            if _is(node, sub_api, name):
                yield node.lineno, f"{sub_api}.{name}"
    if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("models"):
        yield from ((node.lineno, f"models.{alias.name}") for alias in node.names if alias.name in gone.models)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        given = {keyword.arg for keyword in node.keywords}
        for (sub_api, name), keywords in gone.keywords.items():
            if _is(node.func, sub_api, name):
                yield from ((node.lineno, f"{sub_api}.{name}({keyword}=)") for keyword in sorted(keywords & given))


def _is(node: ast.Attribute, sub_api: str, name: str) -> bool:
    """Return whether an attribute is a method of a sub-API, judging by the names."""
    if node.attr != name:
        return False
    owner = node.value
    before = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    return before == sub_api or name not in _COMMON


__all__ = ["find"]
