"""Applies OpenAPI Overlay 1.0 documents: corrections and additions as data, each with its reason.

Actions follow https://spec.openapis.org/overlay/v1.0.0.html; where 1.0 leaves a question open, 1.1 answers it:

- ``target`` is an RFC 9535 JSONPath. It selects objects only or arrays only when ``update`` is given, any nodes when
  ``remove: true`` is.
- ``update`` of an object merges recursively: a property that only one side has is kept or added; a scalar replaces a
  scalar (null is one); an object is merged into an object; an array is appended to an array. Any other pair is an
  error: remove the old value first, in an action of its own.
- ``update`` of an array appends the value, or each of its items if it is an array itself.
- ``remove: true`` deletes each selected node from its parent. ``remove: false`` does nothing.
- Files are applied in the order of their names, actions in the order of the file, each to the result of the last.

It is stricter than the specification, so that no correction goes stale unnoticed:

- ``description`` is required: it holds the reason.
- An action has either ``update`` or ``remove: true``; unknown keys (but for ``x-`` ones) are errors.
- An action that selects nothing, or whose update changes nothing it selects, is an error. The message lists every such
  action, and the commands that delete them.
- An item that an array already holds is not appended again: no array of OpenAPI needs an item twice.
"""

from __future__ import annotations

import copy
import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonpath_rfc9535

from .._errors import BuildError
from .files import one_line, pointer
from .overlay_files import Action, Overlay, content_end, load_overlays

__all__ = [
    "Action",
    "Applied",
    "Location",
    "Overlay",
    "Stale",
    "apply",
    "content_end",
    "examine",
    "load_overlays",
    "stale_report",
]

Location = tuple[str | int, ...]  # the way from the root to a node

Watch = Callable[[Action, Any, Location, Any], None]  # action, document, way to the node, the node: any JSON values


@dataclass(frozen=True)
class Stale:
    """An action that changed nothing.

    Attributes:
        overlay: The overlay that holds it.
        action: The action.
        count: How many nodes it selected; none of them changed.
    """

    overlay: Overlay
    action: Action
    count: int


@dataclass(frozen=True)
class Applied:
    """The result of ``apply`` and ``examine``.

    Attributes:
        document: The document with every action applied.
        matches: By file name, how many nodes each action selected, in the order of the actions.
        stale: The actions that changed nothing.
    """

    document: dict[str, Any]
    matches: Mapping[str, tuple[int, ...]]
    stale: tuple[Stale, ...] = ()


def apply(document: dict[str, Any], overlays: list[Overlay], watch: Watch | None = None) -> Applied:
    """Apply overlays to a document.

    Args:
        document: The document; it is not changed.
        overlays: What to apply, in order.
        watch: Called with each node before an action changes it.

    Returns:
        The changed copy, and how many nodes each action selected.

    Raises:
        BuildError: An action can't be applied (one line), or some change nothing (a list of all of them, with
            commands that delete them).
    """
    applied = examine(document, overlays, watch)
    if applied.stale:
        raise BuildError(stale_report(applied.stale))
    return applied


def examine(document: dict[str, Any], overlays: list[Overlay], watch: Watch | None = None) -> Applied:
    """Apply overlays as ``apply`` does, but return the actions that change nothing instead of raising.

    Args:
        document: The document; it is not changed.
        overlays: What to apply, in order.
        watch: Called with each node before an action changes it.

    Returns:
        The changed copy, and the actions that changed nothing.

    Raises:
        BuildError: An action can't be applied; one line.
    """
    result = copy.deepcopy(document)
    matches: dict[str, tuple[int, ...]] = {}
    stale: list[Stale] = []
    for overlay in overlays:
        counts = []
        for action in overlay.actions:
            count, changed = _perform(action, result, watch)
            counts.append(count)
            if not changed:
                stale.append(Stale(overlay, action, count))
        matches[overlay.path.name] = tuple(counts)
    return Applied(result, matches, tuple(stale))


def _perform(action: Action, document: dict[str, Any], watch: Watch | None) -> tuple[int, bool]:
    """Do one action in place; return how many nodes it selected and whether it changed any."""
    try:
        nodes = {node.location: node.value for node in action.query.find(document)}
        if watch is not None:
            for location, value in nodes.items():
                watch(action, document, location, value)
        if action.remove:
            # From the end: removing an item must not shift the index of the next one, nor remove its parent.
            for location in sorted(nodes, reverse=True):
                _remove(document, location)
            return len(nodes), bool(nodes)
        if len({type(value) for value in nodes.values()}) > 1:
            raise BuildError("the target selects nodes of different types")
        changed = [_update(value, action.update, location) for location, value in nodes.items()]
    except BuildError as error:
        raise BuildError(f"{action.place}: {error}") from error
    except jsonpath_rfc9535.JSONPathError as error:
        raise BuildError(f"{action.place}: {one_line(str(error))}") from error
    return len(nodes), any(changed)


def _remove(document: Any, location: Location) -> None:  # the way goes through maps and lists
    if not location:
        raise BuildError("the root can't be removed")
    *way, last = location
    parent = document
    for token in way:
        parent = parent[token]
    del parent[last]


def _update(target: Any, update: Any, location: Location) -> bool:  # any JSON values
    """Merge or append in place; return whether anything changed."""
    if isinstance(target, list):
        return _append(target, update if isinstance(update, list) else [update])
    if not isinstance(target, dict):
        raise BuildError(f"{pointer(*location)} is a scalar: select the object that holds it")
    if not isinstance(update, dict):
        raise BuildError(f"{pointer(*location)} is an object, but the update is not")
    return _merge(target, update, location)


def _merge(target: dict[str, Any], update: dict[str, Any], location: Location) -> bool:
    changed = False
    for name, value in update.items():
        place = (*location, name)
        if name not in target:
            target[name] = copy.deepcopy(value)
            changed = True
        elif _kind(target[name]) != _kind(value):
            raise BuildError(
                f"{pointer(*place)} is {_kind(target[name])} but the update is {_kind(value)}: "
                "remove the old value first, in an action of its own"
            )
        elif isinstance(value, dict | list):
            changed |= _update(target[name], value, place)
        elif not _same(target[name], value):
            target[name] = value
            changed = True
    return changed


def _append(target: list[Any], items: list[Any]) -> bool:
    length = len(target)
    for item in items:
        if not any(_same(item, present) for present in target):
            target.append(copy.deepcopy(item))
    return len(target) > length


def _kind(value: object) -> str:
    if isinstance(value, dict):
        return "an object"
    return "an array" if isinstance(value, list) else "a scalar"


def _same(one: object, other: object) -> bool:
    """Whether two JSON values are equal; true is not 1."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def stale_report(stale: tuple[Stale, ...]) -> str:
    """List actions that change nothing, and the commands that delete them."""
    lines = ["overlay actions that no longer change anything:"]
    by_overlay: dict[Path, list[Stale]] = {}
    for found in stale:
        by_overlay.setdefault(found.overlay.path, []).append(found)
        state = (
            f"the document already says this at every match ({found.count}) of" if found.count else "nothing matches"
        )
        lines.append(f"  {found.action.place}: {state} {' '.join(found.action.target.split())}")
    lines.append("fix their targets, or delete them:")
    lines += [
        f"  {_deletion(path, [item.action for item in found], len(found[0].overlay.actions))}"
        for path, found in by_overlay.items()
    ]
    return "\n".join(lines)


def _deletion(path: Path, actions: list[Action], size: int) -> str:
    """A shell command that deletes actions from their file, or the file if they are all it has."""
    name = shlex.quote(str(path))
    if len(actions) == size:
        return f"rm {name}"
    if any(action.lines is None for action in actions):
        return f"edit {name}: actions {', '.join(str(action.index) for action in actions)}"
    ranges = ";".join(f"{first},{last}d" for first, last in (action.lines for action in actions if action.lines))
    return f"sed -i.bak '{ranges}' {name} && rm {shlex.quote(f'{path}.bak')}"
