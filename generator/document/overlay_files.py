"""Reads and checks overlay files; `overlays` documents what their actions do.

A file may hold a table of `names` instead of actions: each entry is a JSONPath and the `title` that the schema there
gets, and is read as the action that sets it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonpath_rfc9535
import yaml

from .._errors import BuildError
from .files import compose, construct, one_line, read_bytes

__all__ = ["Action", "Overlay", "content_end", "load_overlays"]


@dataclass(frozen=True)
class Action:
    """One action of an overlay.

    Attributes:
        path: The file.
        place: The file, the first line and the index of the action, for messages.
        index: Its index among the file's actions.
        target: The JSONPath as written.
        query: The target, compiled.
        reason: Why the action is there.
        update: What to merge or append; meaningless if ``remove`` is true.
        remove: Whether the selected nodes are deleted.
        lines: Its first and last line, counted from 1; ``None`` if it shares lines with others.
        is_draft: Whether it is a draft that nobody has reviewed yet (``x-draft: true``).
    """

    path: Path
    place: str
    index: int
    target: str
    query: jsonpath_rfc9535.JSONPathQuery
    reason: str
    update: Any  # an update may be any JSON value
    remove: bool
    lines: tuple[int, int] | None
    is_draft: bool = False


@dataclass(frozen=True)
class Overlay:
    """A checked overlay file."""

    path: Path
    actions: tuple[Action, ...]

    @property
    def is_draft(self) -> bool:
        """Whether all its actions are drafts that nobody has reviewed yet."""
        return all(action.is_draft for action in self.actions)


def load_overlays(folder: Path, pattern: str = "*.yaml", *, reasons: bool = True) -> list[Overlay]:
    """Read the overlays of a folder.

    Args:
        folder: The folder.
        pattern: Which of its files, as a glob.
        reasons: Whether every action must give its reason.

    Returns:
        The overlays in the order of their file names; none if no file matches.

    Raises:
        BuildError: A file is not a valid overlay; one line with the file, the line and the action.
    """
    paths = sorted(folder.glob(pattern), key=lambda path: path.name)
    return [_read(path, read_bytes(path), reasons) for path in paths]


@lru_cache(maxsize=128)  # a bump reads the same overlays many times
def _read(path: Path, content: bytes, reasons: bool) -> Overlay:
    root = compose(content, str(path))
    overlay = construct(root, str(path))
    is_table = isinstance(overlay, dict) and "names" in overlay
    try:
        (_check_names if is_table else _check_overlay)(overlay)
    except BuildError as error:
        raise BuildError(f"{path}: {error}") from error
    if is_table:
        is_draft = overlay.get("x-draft") is True
        lines = content.decode("utf-8-sig").split("\n")
        return Overlay(path, tuple(_names(path, _node(root, "names"), lines, is_draft=is_draft)))
    nodes = _node(root, "actions")
    text = None if nodes.flow_style else content.decode("utf-8-sig").split("\n")
    actions = [
        _action(path, index, _with_reason(value, reasons), node, text)
        for index, (value, node) in enumerate(zip(overlay["actions"], nodes.value, strict=True))
    ]
    return Overlay(path, tuple(actions))


def _check_names(table: Any) -> None:  # a file may hold anything
    _refuse_unknown(table, {"names"})
    names = table["names"]
    if not isinstance(names, dict) or not names:
        raise BuildError("`names` is not a table of places and names")
    for place, name in names.items():
        if not isinstance(name, str) or not name:
            raise BuildError(f"{place} has no name")


def _names(path: Path, table: yaml.MappingNode, text: list[str], *, is_draft: bool) -> Iterator[Action]:
    for index, (key, value) in enumerate(table.value):
        place = f"{path}:{key.start_mark.line + 1}: names[{index}]"
        yield Action(
            path=path,
            place=place,
            index=index,
            target=key.value,
            query=_compiled(key.value, place),
            reason=f"It is the name {value.value}.",
            update={"title": value.value},
            remove=False,
            lines=None if table.flow_style else _name_lines(key, value, text),
            is_draft=is_draft,
        )


def _name_lines(key: yaml.ScalarNode, value: yaml.ScalarNode, text: list[str]) -> tuple[int, int]:
    """First and last line of an entry of a table; comments above it belong to it, unless an entry follows directly."""
    first, last = key.start_mark.line, content_end(value)
    following = text[last + 1].strip() if last + 1 < len(text) else ""
    while (not following or following.startswith("#")) and text[first - 1].lstrip().startswith("#"):
        first -= 1
    return first + 1, last + 1


_compile = lru_cache(maxsize=4096)(jsonpath_rfc9535.compile)


def _compiled(target: str, place: str) -> jsonpath_rfc9535.JSONPathQuery:
    try:
        return _compile(target)
    except jsonpath_rfc9535.JSONPathError as error:
        raise BuildError(f"{place}: `target` is not a JSONPath: {target!r}: {one_line(str(error))}") from error


def _with_reason(action: Any, reasons: bool) -> Any:  # a file may hold anything
    return action if reasons or not isinstance(action, dict) else {"description": "Words.", **action}


def _check_overlay(overlay: Any) -> None:  # a file may hold anything
    if not isinstance(overlay, dict):
        raise BuildError("not an overlay: the root is not a mapping")
    _refuse_unknown(overlay, {"overlay", "info", "extends", "actions"})
    version = str(overlay.get("overlay"))
    if not version.startswith("1.0."):
        raise BuildError(f"not an OpenAPI Overlay 1.0 document: `overlay` is {version}")
    info = overlay.get("info")
    if not isinstance(info, dict) or not all(isinstance(info.get(name), str) for name in ("title", "version")):
        raise BuildError("`info` needs a `title` and a `version`, both text")
    _refuse_unknown(info, {"title", "version"})
    if not isinstance(overlay.get("actions"), list) or not overlay["actions"]:
        raise BuildError("no actions")


def _refuse_unknown(mapping: dict[str, Any], known: set[str]) -> None:
    unknown = [name for name in mapping if name not in known and not name.startswith("x-")]
    if unknown:
        raise BuildError(f"unknown key {unknown[0]!r}")


def _node(root: Any, name: str) -> Any:  # the nodes of a mapping that was checked
    return next(value for key, value in root.value if key.value == name)


def _lines(node: yaml.CollectionNode, text: list[str]) -> tuple[int, int]:
    """First and last line of an item of a block sequence, including its dash, without the gap before the next one."""
    first = node.start_mark.line
    while not text[first].lstrip().startswith("-"):
        first -= 1
    # A block mapping ends where the next token starts; lines in between are blank or comments, unless they belong to a
    # block scalar.
    last = node.end_mark.line if node.flow_style else node.end_mark.line - 1
    end = content_end(node)
    while not text[last].strip() or (last > end and text[last].lstrip().startswith("#")):
        last -= 1
    return first + 1, last + 1


def content_end(node: Any) -> int:  # nodes hold text, nodes, or pairs of nodes
    """Return the last line, counted from 0, of a node's last scalar; an alias has the line of its anchor."""
    while isinstance(node, yaml.CollectionNode) and node.value:
        node = node.value[-1][1] if isinstance(node, yaml.MappingNode) else node.value[-1]
    is_block_scalar = getattr(node, "style", None) in ("|", ">")
    return int(node.end_mark.line) - is_block_scalar


def _action(path: Path, index: int, value: Any, node: Any, text: list[str] | None) -> Action:  # checked in here
    place = f"{path}:{node.start_mark.line + 1}: actions[{index}]"
    try:
        _check_action(value)
    except BuildError as error:
        raise BuildError(f"{place}: {error}") from error
    return Action(
        path=path,
        place=place,
        index=index,
        target=value["target"],
        query=_compiled(value["target"], place),
        reason=value["description"],
        update=value.get("update"),
        remove=value.get("remove", False),
        lines=_lines(node, text) if text else None,
        is_draft=value.get("x-draft") is True,
    )


def _check_action(action: Any) -> None:  # a file may hold anything
    if not isinstance(action, dict):
        raise BuildError("not an action: not a mapping")
    _refuse_unknown(action, {"target", "description", "update", "remove"})
    for name, meaning in (("target", "what it changes"), ("description", "the reason")):
        if not isinstance(action.get(name), str) or not action[name].strip():
            raise BuildError(f"no `{name}`: {meaning}")
    if not isinstance(action.get("remove", False), bool):
        raise BuildError("`remove` is neither true nor false")
    if ("update" in action) == action.get("remove", False):
        raise BuildError("either `update` or `remove: true` is needed")
