"""openapi/layout.yaml: which method of which sub-API calls which operation.

What a method or a sub-API is called in the Node.js client follows from its name and from openapi/node-js.yaml, which
lists what that client has. `js` is written only where the client spells it otherwise (`verifyTOTP`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .._errors import BuildError
from ..document import files
from ..document.walk import Document, operations
from ..names import TAKEN_SUB_API_NAMES, camel_case, snake_case
from .proposals import Existing, Known, NodeClient, propose

LAYOUT = Path("openapi/layout.yaml")
NODE_CLIENT = Path("openapi/node-js.yaml")


@dataclass(frozen=True)
class MethodEntry:
    """One method of a sub-API.

    Attributes:
        name: Its Python name.
        operations: The ids of the operations it calls; the second, if any, for calls with its extra path parameter.
        deprecated: What to use instead, if the name is deprecated; else None.
        js: Its name in the Node.js client, or None.
    """

    name: str
    operations: tuple[str, ...]
    deprecated: str | None = None
    js: str | None = None


@dataclass(frozen=True)
class SubAPIEntry:
    """One sub-API.

    Attributes:
        name: Its Python name.
        methods: Its methods, in order.
        js: Its name in the Node.js client, or None.
        about: What it is for, in a sentence; empty if it has no description yet.
    """

    name: str
    methods: tuple[MethodEntry, ...]
    js: str | None = None
    about: str = ""


@dataclass(frozen=True)
class Layout:
    """The layout of the whole client.

    Attributes:
        sub_apis: The sub-APIs, in order.
        node: The methods of the Node.js client, by its sub-APIs; new methods are named after them.
        problems: What is wrong with a `js`: it follows from the name, or the Node.js client doesn't have it.
    """

    sub_apis: tuple[SubAPIEntry, ...]
    node: NodeClient = field(default_factory=dict[str, tuple[str, ...]], compare=False)
    problems: tuple[str, ...] = field(default=(), compare=False)

    def sub_api_of(self, operation_id: str) -> str:
        """Return the sub-API whose folder holds the operation's module: the first that lists it."""
        for sub_api in self.sub_apis:
            if any(operation_id in method.operations for method in sub_api.methods):
                return sub_api.name
        raise BuildError(f"{LAYOUT}: operation {operation_id} is in no sub-API")


def load(root: Path) -> Layout:
    """Read the layout below a project's root.

    Raises:
        BuildError: The file is missing or invalid.
    """
    loaded = files.load(root / LAYOUT).value
    sub_apis = loaded.get("sub_apis") if isinstance(loaded, dict) else None
    if not isinstance(sub_apis, dict):
        raise BuildError(f"{LAYOUT}: no `sub_apis`")
    node = _node_client(root)
    entries = tuple(_sub_api(name, value, node) for name, value in sub_apis.items())
    problems = [line for entry in entries for line in _problems(entry, sub_apis[entry.name], node)]
    return Layout(entries, node, tuple(problems))


def _node_client(root: Path) -> dict[str, tuple[str, ...]]:
    if not (root / NODE_CLIENT).exists():
        return {}
    loaded = files.load(root / NODE_CLIENT).value
    sub_apis = loaded.get("sub_apis") if isinstance(loaded, dict) else None
    if not isinstance(sub_apis, dict) or not all(_is_list_of_text(methods) for methods in sub_apis.values()):
        raise BuildError(f"{NODE_CLIENT}: no table `sub_apis` of lists of methods")
    return {name: tuple(methods) for name, methods in sub_apis.items()}


def _is_list_of_text(value: Any) -> bool:  # a file may hold anything
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _sub_api(name: str, value: Any, node: NodeClient) -> SubAPIEntry:  # a file may hold anything
    _refuse_bad_name(name, name)
    if name in TAKEN_SUB_API_NAMES:
        taken = ", ".join(sorted(TAKEN_SUB_API_NAMES))
        raise BuildError(
            f"{LAYOUT}: {name} can't be the name of a sub-API: the package needs it. Reserved are: {taken}"
        )
    if not isinstance(value, dict) or not isinstance(value.get("methods"), dict):
        raise BuildError(f"{LAYOUT}: {name} has no `methods`")
    _refuse_unknown_keys(name, value, {"about", "js", "methods"})
    _refuse_other_than_text(name, value, ("about", "js"))
    js = value.get("js") or _derived(name, node)
    theirs = node.get(js or "", ())
    methods = tuple(_method(f"{name}.{key}", key, method, theirs) for key, method in value["methods"].items())
    return SubAPIEntry(name, methods, js, value.get("about", ""))


def _derived(name: str, known: Collection[str]) -> str | None:
    """Return what the Node.js client calls something of this name, if it has it under the name that follows."""
    return camel_case(name) if camel_case(name) in known else None


def _problems(entry: SubAPIEntry, written: Mapping[str, Any], node: NodeClient) -> Iterator[str]:  # JSON values
    """Yield what is wrong with each `js` of a sub-API and its methods."""
    if not node:
        return
    yield from _problem(entry.name, entry, written, node)
    theirs = node.get(entry.js or "", ())
    for method in entry.methods:
        yield from _problem(f"{entry.name}.{method.name}", method, written["methods"][method.name], theirs)


def _problem(
    place: str, entry: SubAPIEntry | MethodEntry, written: Mapping[str, Any], known: Collection[str]
) -> Iterator[str]:
    if "js" in written and entry.js == _derived(entry.name, known):
        yield f"{place}: `js` follows from the name: leave it out"
    elif "js" in written and entry.js not in known:
        yield f"{place}: `js` is {entry.js}, which is not in {NODE_CLIENT}: correct it, or leave it out"


def _method(place: str, name: str, value: Any, theirs: Collection[str]) -> MethodEntry:  # a file may hold anything
    _refuse_bad_name(place, name)
    if not isinstance(value, dict) or ("operation" in value) == ("operations" in value):
        raise BuildError(f"{LAYOUT}: {place} needs either `operation` or `operations`")
    _refuse_unknown_keys(place, value, {"operation", "operations", "deprecated", "js"})
    _refuse_other_than_text(place, value, ("deprecated", "js"))
    return MethodEntry(
        name=name,
        operations=_operations_of(place, value),
        deprecated=value.get("deprecated"),
        js=value.get("js") or _derived(name, theirs),
    )


def _operations_of(place: str, value: dict[str, Any]) -> tuple[str, ...]:
    found = value["operations"] if "operations" in value else [value["operation"]]
    if not isinstance(found, list) or not found or not all(isinstance(name, str) for name in found):
        raise BuildError(f"{LAYOUT}: {place}: `operation` must be an operationId, `operations` a list of them")
    return tuple(found)


def _refuse_bad_name(place: str, name: str) -> None:
    if name != snake_case(name):
        raise BuildError(f"{LAYOUT}: {place} is not in snake_case: write {snake_case(name)}")


def _refuse_other_than_text(place: str, value: dict[str, Any], keys: tuple[str, ...]) -> None:
    for key in keys:
        if not isinstance(value.get(key, ""), str):
            raise BuildError(f"{LAYOUT}: {place}: `{key}` must be text")


def _refuse_unknown_keys(place: str, value: dict[str, Any], known: set[str]) -> None:
    unknown = sorted(set(value) - known)
    if unknown:
        raise BuildError(f"{LAYOUT}: {place} has unknown keys: {', '.join(unknown)}")


@dataclass(frozen=True)
class Addition:
    """A proposed place for an operation that the layout doesn't list.

    Attributes:
        operation_id: The operation.
        path: Its path.
        sub_api: The sub-API proposed for it.
        name: The name of the method proposed for it.
        js: The name of the method in the Node.js client, or None.
        sub_api_js: The name of the sub-API there, or None.
    """

    operation_id: str
    path: str
    sub_api: str
    name: str
    js: str | None = None
    sub_api_js: str | None = None

    @property
    def line(self) -> str:
        """The line for the layout."""
        return line_of(MethodEntry(self.name, (self.operation_id,), js=self.js))


@dataclass(frozen=True)
class Departure:
    """A method in the layout whose operation no longer exists.

    Attributes:
        operation_id: The operation that no longer exists.
        sub_api: The sub-API of the method.
        method: The method.
        left: The operations that the method still has, by their new ids.
        renamed: The operation's new id, if only its id changed.
    """

    operation_id: str
    sub_api: str
    method: MethodEntry
    left: tuple[str, ...]
    renamed: str | None = None


@dataclass(frozen=True)
class Misfits:
    """Where a layout doesn't fit a document.

    Attributes:
        additions: The operations that the layout doesn't list.
        departures: The methods whose operations no longer exist.
        emptied: The sub-APIs without any operation left.
    """

    additions: tuple[Addition, ...] = ()
    departures: tuple[Departure, ...] = ()
    emptied: tuple[str, ...] = ()


def check(layout: Layout, document: Document) -> None:
    """Check that a layout fits the document and the Node.js client.

    Raises:
        BuildError: A `js` is redundant or wrong (one line); or operations are not listed, or listed ones don't exist
            (each with a line ready to paste).
    """
    if layout.problems:
        raise BuildError(f"{LAYOUT}: {'; '.join(layout.problems)}")
    found = misfits(layout, document)
    if found != Misfits():
        raise BuildError(misfits_report(found))


def misfits(layout: Layout, document: Document, renamed: Mapping[str, str] | None = None) -> Misfits:
    """Find where a layout doesn't fit a document.

    Args:
        layout: The layout.
        document: The document.
        renamed: The new ids of renamed operations, by their old ones.

    Returns:
        The misfits, in the order of the layout.
    """
    existing = {operation["operationId"]: (path, operation) for path, _, operation in operations(document)}
    renamed = renamed or {}
    additions = tuple(_additions(layout, existing, frozenset(renamed.values())))
    departures = tuple(found for sub_api in layout.sub_apis for found in _departures(sub_api, existing, renamed))
    growing = {addition.sub_api for addition in additions}
    lost = Counter(departure.sub_api for departure in departures if departure.renamed is None)
    sizes = {item.name: sum(len(method.operations) for method in item.methods) for item in layout.sub_apis}
    emptied = tuple(name for name, size in sizes.items() if lost[name] == size and name not in growing)
    return Misfits(additions, departures, emptied)


def misfits_report(found: Misfits) -> str:
    """List misfits, each with the line to add, replace or remove."""
    problems = [
        f"  {item.operation_id} ({item.path}) is in no sub-API; under {item.sub_api}: methods: add\n      {item.line}"
        for item in found.additions
    ]
    by_sub_api: dict[str, list[str]] = {}
    for departure in found.departures:
        by_sub_api.setdefault(departure.sub_api, []).append(_todo(departure))
    by_sub_api.update({name: by_sub_api.get(name, []) for name in found.emptied})
    for name, gone in by_sub_api.items():
        problems += gone
        if name in found.emptied:
            problems.append(f"  {name} has no operation left; remove from sub_apis\n      {name}: ...")
    return f"{LAYOUT} does not fit the document, {len(problems)} places:\n" + "\n".join(problems)


def fitted(layout: Layout, found: Misfits) -> Layout:
    """Return a layout with all proposals accepted."""
    changes = {(item.sub_api, item.method.name): replacement(item) for item in found.departures}
    sub_apis = {
        sub_api.name: replace(
            sub_api,
            methods=tuple(
                method
                for method in (changes.get((sub_api.name, item.name), item) for item in sub_api.methods)
                if method is not None
            ),
        )
        for sub_api in layout.sub_apis
    }
    for item in found.additions:
        sub_api = sub_apis.get(item.sub_api, SubAPIEntry(item.sub_api, (), item.sub_api_js))
        methods = (*sub_api.methods, MethodEntry(item.name, (item.operation_id,), js=item.js))
        sub_apis[item.sub_api] = replace(sub_api, methods=methods)
    return replace(layout, sub_apis=tuple(sub_api for sub_api in sub_apis.values() if sub_api.methods))


def known_of(layout: Layout, existing: Existing) -> Known:
    """Return what proposals are based on."""
    return Known(
        existing=existing,
        placed={one.name: {method.name: method.operations for method in one.methods} for one in layout.sub_apis},
        node=layout.node,
        node_names={one.name: one.js for one in layout.sub_apis if one.js},
        used=frozenset(
            (one.js, method.js) for one in layout.sub_apis for method in one.methods if one.js and method.js
        ),
    )


def replacement(departure: Departure) -> MethodEntry | None:
    """Return the method without the operation that no longer exists; None if it has no other."""
    return replace(departure.method, operations=departure.left) if departure.left else None


def _additions(layout: Layout, existing: Existing, renamed: frozenset[str]) -> Iterator[Addition]:
    placed = {name for sub_api in layout.sub_apis for method in sub_api.methods for name in method.operations}
    taken = {(sub_api.name, method.name) for sub_api in layout.sub_apis for method in sub_api.methods}
    known = known_of(layout, existing)
    for operation_id in existing:
        if operation_id not in placed | renamed:
            found = propose(known, operation_id, taken)
            taken.add((found.sub_api, found.name))
            yield Addition(operation_id, existing[operation_id][0], *found)


def _departures(sub_api: SubAPIEntry, existing: Existing, renamed: Mapping[str, str]) -> Iterator[Departure]:
    for method in sub_api.methods:
        now = (name if name in existing else renamed.get(name) for name in method.operations)
        left = tuple(name for name in now if name is not None)
        for operation_id in method.operations:
            if operation_id not in existing:
                yield Departure(operation_id, sub_api.name, method, left, renamed.get(operation_id))


def _todo(departure: Departure) -> str:
    method = replacement(departure)
    if method is None:
        todo, line = f"remove from {departure.sub_api}", f"{departure.method.name}: ..."
    else:
        todo, line = f"in {departure.sub_api}: methods: replace with", line_of(method)
    if departure.renamed:
        return f"  {departure.operation_id} is now called {departure.renamed}; {todo}\n      {line}"
    return f"  {departure.operation_id} no longer exists; {todo}\n      {line}"


def line_of(method: MethodEntry) -> str:
    """Write a method as a line of the layout."""
    one = len(method.operations) == 1
    operation = f"operation: {method.operations[0]}" if one else f"operations: [{', '.join(method.operations)}]"
    js = f", js: {method.js}" if method.js not in (None, camel_case(method.name)) else ""
    deprecated = f", deprecated: {json.dumps(method.deprecated)}" if method.deprecated else ""
    return f"{method.name}: {{{operation}{js}{deprecated}}}"
