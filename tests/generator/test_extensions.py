"""The list of private keys is what the code and the overlays use."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from generator import extensions
from generator.extensions import EXTENSIONS, Extension

ROOT = Path(__file__).parents[2]
KEY = re.compile(r"x-clerk-(?!trace-id)[a-z-]+")
NAMES = {name: key for name, key in vars(extensions).items() if isinstance(key, str) and KEY.fullmatch(key)}

pytestmark = pytest.mark.xdist_group("extensions")  # one worker parses the modules


@cache
def modules() -> dict[str, ast.Module]:
    """Return the modules that may use a key."""
    found = [*(ROOT / "generator").rglob("*.py"), *(ROOT / "clerk").rglob("*.py")]
    texts = {path: path.read_text(encoding="utf-8") for path in found if path != Path(extensions.__file__)}
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(text)
        for path, text in texts.items()
        if "extensions." in text or "x-clerk-" in text
    }


def uses() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return the modules that write each key, by an assignment, and those that read it."""
    writers, readers = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for path, module in modules().items():
        stored = {
            id(node.slice)
            for node in ast.walk(module)
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
        }
        for node in ast.walk(module):
            key = key_of(node)
            if key:
                (writers if id(node) in stored else readers)[key].add(path)
    return writers, readers


def key_of(node: ast.AST) -> str | None:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "extensions":
        return NAMES[node.attr]
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
        return node.value
    return None


def overlays() -> dict[str, set[str]]:
    found = defaultdict[str, set[str]](set)
    for path in (ROOT / "openapi/overlays").rglob("*.yaml"):
        for key in re.findall(rf"(?m)^ *({KEY.pattern}):", path.read_text(encoding="utf-8")):
            found[key].add(path.relative_to(ROOT).as_posix())
    return found


def test_every_key_is_listed_once_in_order() -> None:
    keys = [one.key for one in EXTENSIONS]
    assert keys == sorted(set(keys)) == sorted(NAMES.values())


def test_modules_of_the_generator_use_the_constants() -> None:
    spelt = [
        f"{path}:{node.lineno}"
        for path, module in modules().items()
        for node in ast.walk(module)
        if path.startswith("generator/") and isinstance(node, ast.Constant) and KEY.fullmatch(str(node.value))
    ]
    assert spelt == []


def test_each_key_is_written_and_read_where_the_list_says() -> None:
    (writers, readers), written = uses(), overlays()
    assert {one.key: set(one.readers) for one in EXTENSIONS} == readers
    for one in EXTENSIONS:
        found = writers[one.key] | written[one.key]
        assert [path for path in found if not any(fnmatch(path, told) for told in one.writers)] == [], one.key
        assert [told for told in one.writers if not any(fnmatch(path, told) for path in found)] == [], one.key


def test_the_page_on_architecture_shows_the_list() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    assert [line for line in page.splitlines() if line.startswith("| `x-clerk-")] == [row(one) for one in EXTENSIONS]


def row(one: Extension) -> str:
    writers, readers = (", ".join(f"`{path}`" for path in paths) for paths in (one.writers, one.readers))
    return f"| `{one.key}` | {one.holder} | {one.meaning} | {writers} | {readers} |"
