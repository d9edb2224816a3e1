"""Edits YAML files that people write: removes or adds entries line by line, and leaves every other line as it is.

Only block style can be edited this way; an entry written in one line with braces has to be edited by hand.

ruamel.yaml keeps comments and order when it writes, but does not fit: it rewraps 17 of our 25 files, even where nothing
has changed (folded lines get a trailing space, long keys become `? key`). And it attaches a comment to the entry before
it: when an entry is deleted, its own comment stays and the comment of the next entry is lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .._errors import BuildError
from ..document.files import compose, construct, read_bytes
from ..document.overlays import Action, Overlay, content_end
from ..names import camel_case
from ..prepare import layout

Way = tuple[str, ...]


@dataclass(frozen=True)
class Edit:
    """Lines of a file to replace with others.

    Attributes:
        first: The first line to remove, counted from 1.
        last: The last line to remove; ``first - 1`` removes nothing.
        lines: The lines to insert instead.
    """

    first: int
    last: int
    lines: tuple[str, ...] = ()


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Apply edits to a text; where two blank lines meet, one is dropped."""
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda edit: (edit.first, edit.last), reverse=True):
        start = edit.first - 1
        lines[start : edit.last] = edit.lines
        is_double = not edit.lines and 0 < start < len(lines) and not lines[start - 1].strip()
        if is_double and not lines[start].strip():
            del lines[start]
    return "\n".join(lines)


def without_actions(
    overlay: Overlay,
    stale: Iterable[Action],
    misplaced: Iterable[tuple[Action, Way]],
    narrowed: Mapping[int, Sequence[str]] | None = None,
) -> str | None:
    """Return the text of an overlay file without its stale parts.

    Args:
        overlay: The overlay.
        stale: Actions to remove.
        misplaced: Actions to remove a part of the update from, and the path to that part.
        narrowed: The remaining targets of actions that no longer apply everywhere, by the action's index.

    Returns:
        The text; None if no action is left.

    Raises:
        BuildError: It is written in a style that can't be edited line by line.
    """
    content = read_bytes(overlay.path)
    ways: dict[int, set[Way]] = {action.index: {()} for action in stale}
    for action, way in misplaced:
        ways.setdefault(action.index, set()).add(way)
    edits: list[Edit] = []
    root = compose(content, str(overlay.path))
    text = content.decode("utf-8-sig")
    for action in overlay.actions:
        if narrowed and action.index in narrowed:
            edits.append(_narrowed(overlay.path, action, narrowed[action.index], text))
        elif action.index in ways:
            edits += _action_edits(overlay.path, action, ways[action.index], root)
    whole = {(action.lines[0], action.lines[1]) for action in overlay.actions if action.lines}
    if whole == {(edit.first, edit.last) for edit in edits if not edit.lines}:
        return None
    return edited(text, edits)


def _narrowed(path: Path, action: Action, kept: Sequence[str], text: str) -> Edit:
    """Write an action once for each of its remaining targets."""
    if action.lines is None:
        raise _by_hand(path)
    first, last = action.lines
    dash = text.split("\n")[first - 1]
    indent = dash[: len(dash) - len(dash.lstrip())]
    lines: list[str] = []
    for target in kept:
        does = "remove: true" if action.remove else f"update: {json.dumps(action.update, ensure_ascii=False)}"
        values = (
            f"target: {json.dumps(target)}",
            f"description: {json.dumps(action.reason, ensure_ascii=False)}",
            does,
        )
        lines += [*([""] if lines else []), *(f"{indent}{'  ' if i else '- '}{line}" for i, line in enumerate(values))]
    return Edit(first, last, tuple(lines))


def _action_edits(path: Path, action: Action, ways: set[Way], root: Any) -> list[Edit]:  # composed nodes
    if action.lines is None:
        raise _by_hand(path)
    gone = _topmost(action.update, ways)
    if () in gone:
        return [Edit(*action.lines)]
    update = _value(_value(root, "actions").value[action.index], "update")
    return [Edit(*_entry_lines(path, update, way)) for way in gone]


def _topmost(value: Any, ways: set[Way], way: Way = ()) -> list[Way]:  # any JSON value
    """Return the paths to remove: those given, and those of objects that are empty without them."""
    if way in ways:
        return [way]
    if not isinstance(value, dict):
        return []
    gone = [found for name, inner in value.items() for found in _topmost(inner, ways, (*way, name))]
    return [way] if value and {(*way, name) for name in value} <= set(gone) else gone


def layout_text(root: Path, found: layout.Misfits) -> str:
    """Return the text of ``openapi/layout.yaml`` with all proposals accepted.

    Raises:
        BuildError: It is written in a style that can't be edited line by line.
    """
    path = root / layout.LAYOUT
    content = read_bytes(path)
    sub_apis = _value(compose(content, str(path)), "sub_apis")
    names = list(construct(sub_apis, str(path)))
    edits = [Edit(*_entry_lines(path, sub_apis, (name,))) for name in found.emptied]
    changed = {(item.sub_api, item.method.name): item for item in found.departures if item.sub_api not in found.emptied}
    for (sub_api, name), departure in changed.items():
        method = layout.replacement(departure)
        lines = _entry_lines(path, sub_apis, (sub_api, "methods", name))
        edits.append(Edit(*lines, (f"      {layout.line_of(method)}",) if method else ()))
    by_sub_api: dict[str, list[layout.Addition]] = {}
    for addition in found.additions:
        by_sub_api.setdefault(addition.sub_api, []).append(addition)
    edits += [_insertion(path, sub_apis, names, added) for added in by_sub_api.values()]
    return edited(content.decode("utf-8-sig"), edits)


def _insertion(path: Path, sub_apis: Any, names: Sequence[str], added: Sequence[layout.Addition]) -> Edit:
    """Add new methods after the existing ones of their sub-API; a new sub-API is inserted by its name."""
    sub_api, js = added[0].sub_api, added[0].sub_api_js
    lines = tuple(f"      {addition.line}" for addition in added)
    if sub_api in names:
        after = _entry_lines(path, sub_apis, (sub_api, "methods"))[1] + 1
        return Edit(after, after - 1, lines)
    spelt = (f"    js: {js}",) if js not in (None, camel_case(sub_api)) else ()
    block = (f"  {sub_api}:", *spelt, "    methods:", *lines)
    following = [name for name in names if name > sub_api]
    if following:
        first = _entry_lines(path, sub_apis, (following[0],))[0]
        return Edit(first, first - 1, block)
    after = _entry_lines(path, sub_apis, (names[-1],))[1] + 1
    return Edit(after, after - 1, block)


def _value(node: Any, name: str) -> Any:  # composed nodes of a file that was checked
    return next(value for key, value in node.value if key.value == name)


def _entry_lines(path: Path, node: Any, way: Way) -> tuple[int, int]:
    """Return the first and last line, counted from 1, of the entry at a path through mappings."""
    *outer, last = way
    for name in outer:
        node = _value(node, name)
    if node.flow_style:
        raise _by_hand(path)
    key, value = next((key, value) for key, value in node.value if key.value == last)
    end = value.end_mark.line if isinstance(value, yaml.CollectionNode) and value.flow_style else content_end(value)
    return key.start_mark.line + 1, end + 1


def _by_hand(path: Path) -> BuildError:
    return BuildError(f"{path}: written with braces, which can't be edited line by line; edit it by hand")
