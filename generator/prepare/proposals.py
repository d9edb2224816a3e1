"""Proposes the sub-API of a new operation, and the name of its method.

If the Node.js client has a method that means the same and has no operation yet, its name is taken. Otherwise the name
is formed like those of the neighbours: of all ways to form one, the way that yields most of their names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..names import TAKEN_SUB_API_NAMES, singular, snake_case, split_words

Existing = Mapping[str, tuple[str, dict[str, Any]]]  # operationId -> path and operation object
Placed = Mapping[str, Mapping[str, tuple[str, ...]]]  # sub-API -> method -> operationIds
NodeClient = Mapping[str, tuple[str, ...]]  # sub-API of the Node.js client -> its methods

_SAME_VERBS = {"upload": "update", "set": "update", "merge": "update"}  # as the Node.js client names them
_SHORT = frozenset({"list", "get", "create", "update", "delete"})
_BY = re.compile(r"\{[^}]*\}$")


class Proposal(NamedTuple):
    """A place for an operation: sub-API and method, and their names in the Node.js client."""

    sub_api: str
    name: str
    js: str | None = None
    sub_api_js: str | None = None


@dataclass(frozen=True)
class Known:
    """What proposals are based on.

    Attributes:
        existing: The path and the object of each of the document's operations, by id.
        placed: The methods in the layout.
        node: The methods of the Node.js client.
        node_names: The names of the sub-APIs in the Node.js client, by their own names.
        used: The methods of the Node.js client that the layout already has: sub-API and method, by their names there.
    """

    existing: Existing
    placed: Placed
    node: NodeClient
    node_names: Mapping[str, str]
    used: AbstractSet[tuple[str, str]]


def propose(known: Known, operation_id: str, taken: AbstractSet[tuple[str, str]]) -> Proposal:
    """Propose a place for a new operation.

    Args:
        known: What proposals are based on.
        operation_id: The new operation.
        taken: The sub-API and the name of every existing method.

    Returns:
        The place.
    """
    return _as_in_node_js(known, operation_id, taken) or _as_neighbours(known, operation_id, taken)


def _as_in_node_js(known: Known, operation_id: str, taken: AbstractSet[tuple[str, str]]) -> Proposal | None:
    by_js = {js: name for name, js in known.node_names.items()}
    home = _sub_api(known, operation_id)
    fitting: list[tuple[bool, Proposal]] = []
    for js, methods in known.node.items():
        sub_api = by_js.get(js, snake_case(js.strip("_")))
        meant = {_meaning(split_words(operation_id), sub_api)}
        override = known.existing[operation_id][1].get("x-speakeasy-name-override")
        if override and sub_api == home:
            meant.add(_meaning(split_words(override), sub_api))
        for method in methods:
            name = snake_case(method)
            if (js, method) in known.used or (sub_api, name) in taken:
                continue
            is_exact = split_words(method) == split_words(operation_id) or name == snake_case(operation_id)
            if is_exact or (
                _meaning(split_words(method), sub_api) in meant and _may_stand_in(sub_api, home, operation_id)
            ):
                fitting.append((sub_api == home, Proposal(sub_api, name, method, js)))
    return max(fitting, default=(False, None), key=lambda item: item[0])[1]


def _may_stand_in(sub_api: str, home: str, operation_id: str) -> bool:
    """Return whether a sub-API is that of the neighbours, or the operation's name contains the sub-API's."""
    spoken = {singular(word) for word in _lower(split_words(operation_id))}
    about = {singular(word) for word in sub_api.split("_")}
    return sub_api == home or (len(about) > 1 and len(about & spoken) > 1)


def _meaning(parts: list[str], sub_api: str) -> frozenset[str]:
    """Return the words of a name without those of its sub-API, in the singular; `list` for a plural `get`."""
    lower = _lower(parts)
    plural = any(word != singular(word) for word in lower)
    about = {singular(word) for word in sub_api.split("_")}
    spoken = {_SAME_VERBS.get(singular(word), singular(word)) for word in lower}
    if "get" in spoken and (plural or "list" in spoken):
        spoken = (spoken - {"get"}) | {"list"}
    return frozenset(spoken - about - {"bulk"}) | ({"bulk"} if "bulk" in spoken else set())


def _lower(parts: list[str]) -> list[str]:
    return [word.lower() for word in parts]


def _as_neighbours(known: Known, operation_id: str, taken: AbstractSet[tuple[str, str]]) -> Proposal:
    sub_api = _sub_api(known, operation_id)
    neighbours = [
        (method, operation)
        for method, operations in known.placed.get(sub_api, {}).items()
        for operation in operations[:1]
        if operation in known.existing
    ]
    nearest = [item for item in neighbours if _beginning(known, item[1]) == _beginning(known, operation_id)]
    is_short = any(method in _SHORT for method, _ in neighbours)
    ways = sorted(
        _WAYS,
        key=lambda way: (
            -_agreements(known, sub_api, way, nearest or neighbours),
            way is _by_override and not is_short,
        ),
    )
    names = [name for way in ways for name in [way(known, sub_api, operation_id)] if name]
    names.append(snake_case(operation_id))
    free = next((name for name in names if (sub_api, name) not in taken), f"{names[-1]}_2")
    return Proposal(sub_api, free)


def _agreements(known: Known, sub_api: str, way: _Way, neighbours: list[tuple[str, str]]) -> int:
    """Return how many of the neighbours' names a way yields."""
    return sum(1 for method, operation in neighbours if way(known, sub_api, operation) == method)


def _sub_api(known: Known, operation_id: str) -> str:
    """Return the sub-API of operations with the same tags, else of the same group or with the same first segment."""
    path, operation = known.existing[operation_id]
    group = operation.get("x-speakeasy-group")
    for is_near in (_has_same_tags, _is_neighbour):
        near = Counter(
            sub_api
            for sub_api, methods in known.placed.items()
            for operations in methods.values()
            for name in operations
            if name in known.existing and name != operation_id and is_near(known.existing[name], (path, operation))
        )
        if near:
            return near.most_common(1)[0][0]
    name = snake_case(group or _first_segment(path))
    return f"{name}_api" if name in TAKEN_SUB_API_NAMES else name


def _has_same_tags(one: tuple[str, dict[str, Any]], other: tuple[str, dict[str, Any]]) -> bool:
    """Several tags are more specific than the group, which is that of the first segment of the path."""
    tags = one[1].get("tags", [])
    return len(tags) > 1 and tags == other[1].get("tags")


def _is_neighbour(one: tuple[str, dict[str, Any]], other: tuple[str, dict[str, Any]]) -> bool:
    group = one[1].get("x-speakeasy-group")
    if group is not None and group == other[1].get("x-speakeasy-group"):
        return True
    return _first_segment(one[0]) == _first_segment(other[0])


def _beginning(known: Known, operation_id: str) -> str:
    return _first_segment(known.existing[operation_id][0])


def _first_segment(path: str) -> str:
    return path.strip("/").split("/")[0]


# Ways to form a name; of two that fit the neighbours equally well, the first is used.
_Way = Callable[[Known, str, str], str | None]


def _by_override(known: Known, _sub_api: str, operation_id: str) -> str | None:
    override = known.existing[operation_id][1].get("x-speakeasy-name-override")
    return _joined(_listed(known, operation_id, split_words(override))) if override else None


def _by_whole_id(known: Known, _sub_api: str, operation_id: str) -> str | None:
    return _joined(_listed(known, operation_id, _verb_first(known, split_words(operation_id))))


def _by_short_id(known: Known, sub_api: str, operation_id: str) -> str | None:
    """The id without the words of the sub-API's name."""
    path = known.existing[operation_id][0]
    parts, about = split_words(operation_id), {singular(word) for word in sub_api.split("_")}
    if _first_segment(path) == sub_api or not sub_api.endswith("s"):
        verb, *rest = _verb_first(known, parts)
        left = [word for word in rest if singular(word.lower()) not in about]
        if not left and verb.lower() == "get" and rest and rest[-1].endswith("s"):
            return "list"
        return _joined(_listed(known, operation_id, [verb, *left]))
    return None


_WAYS: tuple[_Way, ...] = (_by_override, _by_whole_id, _by_short_id)


def _listed(known: Known, operation_id: str, parts: list[str]) -> list[str]:
    """`list X` and `get Xs` -> `get X list`, as the Node.js client names its lists."""
    verb, *rest = (word.lower() for word in parts)
    path, operation = known.existing[operation_id]
    if not rest:
        return [verb]
    several = rest[-1] not in (singular(rest[-1]), "settings") and not _BY.search(path)
    if verb == "list" or (verb == "get" and several and "requestBody" not in operation):
        return ["get", *rest[:-1], singular(rest[-1]), "list"]
    return ["update" if verb == "upload" else verb, *rest]


def _verb_first(known: Known, parts: list[str]) -> list[str]:
    """`UsersBan` -> ban users: the first word is the verb, unless only the last one is ever used as one."""
    verbs = Counter(split_words(operation_id)[0].lower() for operation_id in known.existing)
    if len(parts) == 2 and parts[0].endswith("s") and verbs[parts[0].lower()] < 2 + _others(known, parts[0]):
        return [parts[1], parts[0]]
    return parts


def _others(known: Known, word: str) -> int:
    return sum(1 for operation_id in known.existing if split_words(operation_id)[0] == word)


def _joined(parts: list[str]) -> str:
    return snake_case("_".join(parts))


__all__ = ["Existing", "Known", "NodeClient", "Proposal", "propose"]
