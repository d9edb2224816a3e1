"""Records the values that overlays replace, so that it shows when Clerk changes one of them.

A correction is written for one value. The lock records that value, by action and place; if the next document has
another value there, a person has to decide whether the correction is still right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .files import pointer
from .overlays import Action, Location

Values = Mapping[str, Any]  # JSON values by the name of the field; None for one that is missing
_TYPE = ("type", "format")


@dataclass
class Corrections:
    """Records what actions replace while overlays are applied: `watch` is called before each change.

    Attributes:
        replaced: The values that are replaced, by action and by the place of the node.
        actions: The actions, by the same keys.
        targets: The JSONPaths of the nodes, by action and place.
    """

    replaced: dict[str, dict[str, Values]] = field(default_factory=dict[str, dict[str, Values]])
    actions: dict[str, Action] = field(default_factory=dict[str, Action])
    targets: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])

    def watch(self, action: Action, document: Any, location: Location, node: Any) -> None:  # any JSON values
        """Record what an action is about to change at a node."""
        found = _removed(node) if action.remove else dict(_replaced(node, action.update))
        if found:
            key, place = key_of(action), readable(document, location)
            self.actions[key] = action
            self.replaced.setdefault(key, {})[place] = found
            self.targets.setdefault(key, {})[place] = path_to(document, location)


@dataclass(frozen=True)
class Doubt:
    """A correction of a value that has changed since.

    Attributes:
        action: The action.
        place: The place of the node that it corrects.
        name: The field that holds the value.
        before: The value that the action was written for.
        now: The value that the document has now.
        says: What the action sets instead; None if it removes the value.
    """

    action: Action
    place: str
    name: str
    before: Any  # JSON values
    now: Any
    says: Any

    def __str__(self) -> str:
        says = "removes it" if self.action.remove else f"sets {_shown(self.says)}"
        was, is_now = _shown(self.before), _shown(self.now)
        return f"{self.action.place}: {self.place}: {self.name} was {was} and is now {is_now}; the correction {says}"


def doubts(former: Mapping[str, Mapping[str, Values]], now: Corrections) -> list[Doubt]:
    """Find the corrections of values that have changed.

    Args:
        former: What was replaced in the last build.
        now: What is replaced now.

    Returns:
        Each value that differs. A place that is new to an action is compared with the action's other places.
    """
    found: list[Doubt] = []
    for key, places in now.replaced.items():
        before = former.get(key)
        if before is None:
            continue  # a new correction
        for place, values in places.items():
            known = [before[place]] if place in before else list(before.values())
            if values not in known:
                found += _differences(now.actions[key], place, known[0], values)
    return found


def _differences(action: Action, place: str, before: Values, now: Values) -> Iterator[Doubt]:
    for name in sorted(before.keys() | now.keys()):
        says: Any = action.update
        for part in name.split("."):
            says = says.get(part) if isinstance(says, dict) else None
        if now.get(name) not in (before.get(name), says):
            yield Doubt(action, place, name, before.get(name), now.get(name), says)


def readable(document: Any, location: Location) -> str:  # any JSON value
    """Write a location as a JSON pointer, with parameters by name, so that their order doesn't matter."""
    tokens: list[str | int] = []
    node = document
    for token in location:
        node = node[token]
        is_named = isinstance(token, int) and isinstance(node, dict) and isinstance(node.get("name"), str)
        tokens.append(node["name"] if is_named else token)
    return pointer(*tokens)


def path_to(document: Any, location: Location) -> str:  # any JSON value
    """Write a location as the JSONPath of a target."""
    text, node = "$", document
    for token in location:
        node = node[token]
        if isinstance(token, int):
            is_named = isinstance(node, dict) and isinstance(node.get("name"), str)
            text += f"[?@.name == {quoted(node['name'])}]" if is_named else f"[{token}]"
        else:
            text += f".{token}" if re.fullmatch(r"[A-Za-z_]\w*", token) else f"[{quoted(token)}]"
    return text


def quoted(text: str) -> str:
    """Write a name as a string of a JSONPath."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def key_of(action: Action) -> str:
    """Return the key of an action in the lock: its file and target."""
    return f"{action.path.name}: {' '.join(action.target.split())}"


def _removed(node: Any) -> dict[str, Any]:  # any JSON value
    """Return what is removed, if it is a plain value and not an object."""
    return {} if isinstance(node, dict) else {"value": node}


def _replaced(node: Any, update: Any, way: str = "") -> Iterator[tuple[str, Any]]:  # any JSON values
    """Yield what an update replaces in a node; for a schema also its type, which every correction depends on."""
    if not isinstance(node, dict) or not isinstance(update, dict):
        return
    names = [name for name, value in update.items() if not isinstance(value, dict) and name != "title"]
    if names and isinstance(node.get("type"), str):
        names += [name for name in _TYPE if name not in names]
    for name in names:
        yield way + name, node.get(name)
    for name, value in update.items():
        if isinstance(value, dict) and name in node:
            yield from _replaced(node[name], value, f"{way}{name}.")


def _shown(value: Any) -> str:  # any JSON value
    return "missing" if value is None else repr(value)


__all__ = ["Corrections", "Doubt", "Values", "doubts", "key_of", "path_to", "quoted", "readable"]
