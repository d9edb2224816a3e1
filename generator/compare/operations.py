"""Compares the blueprints of two versions of the client, from the caller's point of view.

For changes of types, see `types`. Other changes:

| what changed | effect |
|---|---|
| a method or a keyword is removed or renamed | breaking |
| a path parameter is removed, added, moved or renamed | breaking |
| a keyword becomes required, or is added as required | breaking |
| a keyword becomes optional, or is added as optional | additive |
| a method is added | additive |
| a method, keyword or property is deprecated | additive |
| a property of a response is removed or renamed, or becomes optional | breaking |
| a property of a response is added, or becomes required | additive |
| a property of a model in requests | like a keyword |
| a model is removed or renamed; a model is added | breaking; additive |
| the returned value is always present now; may be absent now | additive; breaking |
| the call needs another key; it no longer needs any | breaking; additive |
| an operation has another path or operationId, but the same method | invisible |
| a keyword has another name or place in the request, a value other bounds, a call other error statuses | invisible |

Two operations are the same if their method and path are the same, or else their operationId. Two models are the same
if they have the same name; or if one replaced the other in some type, each name exists in only one of the versions, and
they share at least half of their properties.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..code.annotation import method_type
from ..code.blueprint import Blueprint, Method, Operation, SubAPI, Type, Value
from .changes import Change, Comparison, Effect
from .models import Models, Use
from .types import differences
from .values import compare_path_parameters, compare_values

_PRESENCE = {True: ("always there now", Effect.ADDITIVE), False: ("may be absent now", Effect.BREAKING)}


class NamedMethod(NamedTuple):
    """A method with its full name."""

    name: str
    method: Method


def compare(old: Blueprint, new: Blueprint) -> Comparison:
    """Compare two versions of the client.

    Args:
        old: The old version.
        new: The new version.

    Returns:
        All changes: operations first, then their arguments and results, then models.
    """
    return Comparison(old.version, new.version, tuple(_Comparing(old, new).changes()))


class _Comparing:
    def __init__(self, old: Blueprint, new: Blueprint) -> None:
        self._old, self._new = old, new
        self._old_methods, self._new_methods = _methods(old), _methods(new)
        self._models = Models(old, new)
        self._pairs = dict(_matched(old.operations, new.operations))

    def changes(self) -> Iterator[Change]:
        yield from self._operations()
        yield from sorted(self._methods(), key=lambda change: (change.section, change.subject))
        self._models.cover(_uses(self._old_methods, self._old), _uses(self._new_methods, self._new))
        yield from self._models.changes()

    def _operations(self) -> Iterator[Change]:
        for operation in self._old.operations:
            if operation.id not in self._pairs:
                yield self._removed(operation)
        matched = {operation.id for operation in self._pairs.values()}
        for operation in self._new.operations:
            if operation.id not in matched:
                names = _names(self._new_methods, operation)
                yield _operation(", ".join(names), f"added: {_place(operation)}", Effect.ADDITIVE)
        by_id = {operation.id: operation for operation in self._old.operations}
        for old_id, operation in self._pairs.items():
            yield from self._kept(by_id[old_id], operation)

    def _removed(self, operation: Operation) -> Change:
        names = _names(self._old_methods, operation)
        is_gone = any(name not in self._new_methods for name in names)
        effect = Effect.BREAKING if is_gone else Effect.INVISIBLE
        return _operation(", ".join(names), f"removed: {_place(operation)}", effect)

    def _kept(self, old: Operation, new: Operation) -> Iterator[Change]:
        before, now = _names(self._old_methods, old), _names(self._new_methods, new)
        lost = [name for name in before if name not in self._new_methods]
        won = [name for name in now if name not in self._old_methods]
        for name in lost:
            other = won.pop(0) if won else None
            what = f"renamed: now `{other}`" if other else f"removed; {_place(new)} is still `{now[0]}`"
            yield _operation(name, what, Effect.BREAKING)
        for name in won:
            yield _operation(name, f"added: another name of `{now[0]}`", Effect.ADDITIVE)
        if _route(old) != _route(new):
            yield _operation(now[0], f"moved: from {_place(old)} to {_place(new)}", Effect.INVISIBLE)
        if old.id != new.id:
            yield _operation(now[0], f"the document calls it `{new.id}`, no longer `{old.id}`", Effect.INVISIBLE)

    def _methods(self) -> Iterator[Change]:
        compared: set[tuple[str, str]] = set()
        for old, new in self._same_methods():
            yield from _deprecation(old, new)
            key = (old.method.operation.id, new.method.operation.id)
            if key not in compared:
                compared.add(key)
                yield from self._calls(old, new)

    def _same_methods(self) -> Iterator[tuple[NamedMethod, NamedMethod]]:
        """Yield pairs of old and new methods: by name, or by operation if the name no longer exists."""
        for name, old in self._old_methods.items():
            if name in self._new_methods:
                yield old, self._new_methods[name]
                continue
            operation = self._pairs.get(old.method.operation.id)
            names = _names(self._new_methods, operation) if operation else []
            if names:
                yield old, self._new_methods[names[0]]

    def _calls(self, old: NamedMethod, new: NamedMethod) -> Iterator[Change]:
        one, other = old.method.operation, new.method.operation
        matched = self._pairs.get(one.id)
        if matched is None or matched.id != other.id:
            yield Change("call", new.name, f"calls {_place(other)}, no longer {_place(one)}", Effect.INVISIBLE)
        for item in compare_path_parameters(one.path_parameters, other.path_parameters, self._models):
            yield Change("call", f"{new.name}({item.name})", item.what, item.effect)
        before, now = _keywords(old.method), _keywords(new.method)
        self._models.take(before, now, new.name)
        for item in compare_values(before, now, "in", self._models):
            what = f"removed{self._instead(new, item.name)}" if item.what == "removed" else item.what
            yield Change("call", f"{new.name}({item.name}=)", what, item.effect)
        yield from _wires(new.name, one, other)
        yield from self._answer(old, new)

    def _instead(self, named: NamedMethod, keyword: str) -> str:
        """Name the methods that take a removed keyword instead: those on a part of the same resource."""
        path, sub_api = named.method.operation.path, named.name.partition(".")[0]
        found = [
            f"`{name}`"
            for name, other in self._new_methods.items()
            if name.partition(".")[0] == sub_api
            and other.method.operation.path.startswith(f"{path}/")
            and other.method.operation.path.count("{") == path.count("{")
            and other.method.operation.method in ("PATCH", "PUT")
            and keyword in {value.name for value in other.method.operation.keywords}
        ]
        return f"; use {' or '.join(found)}" if found else ""

    def _answer(self, old: NamedMethod, new: NamedMethod) -> Iterator[Change]:
        one, other = old.method.operation, new.method.operation
        before, now = _answer_value(one, self._old), _answer_value(other, self._new)
        subject = f"{new.name}()"
        if one.answer_kind == other.answer_kind and before and now:
            self._models.give(before.type, now.type, new.name)
            if before.required != now.required:
                what, effect = _PRESENCE[now.required]
                yield Change("answer", subject, what, effect)
            for item in differences(before.type, now.type, "out", self._models.same):
                yield Change("answer", subject, item.what, item.effect)
            return
        texts = [
            method_type(operation, "Page", blueprint, frozenset())
            for operation, blueprint in ((one, self._old), (other, self._new))
        ]
        if texts[0] != texts[1]:
            yield Change("answer", subject, f"type `{texts[0]}` is now `{texts[1]}`", Effect.BREAKING)


def _methods(blueprint: Blueprint) -> dict[str, NamedMethod]:
    every = [(sub_api, method) for sub_api in blueprint.sub_apis for method in sub_api.methods]
    return {_full_name(*item): NamedMethod(_full_name(*item), item[1]) for item in every}


def _full_name(sub_api: SubAPI, method: Method) -> str:
    return f"{sub_api.name}.{method.name}"


def _names(methods: dict[str, NamedMethod], operation: Operation) -> list[str]:
    """Return the names of the methods that call an operation."""
    return [
        name
        for name, named in methods.items()
        if operation.id in (named.method.operation.id, named.method.further.id if named.method.further else None)
    ]


def _matched(old: tuple[Operation, ...], new: tuple[Operation, ...]) -> Iterator[tuple[str, Operation]]:
    by_place = {_route(operation): operation for operation in new}
    by_id = {operation.id: operation for operation in new}
    taken = {by_place[_route(operation)].id for operation in old if _route(operation) in by_place}
    for operation in old:
        if _route(operation) in by_place:
            yield operation.id, by_place[_route(operation)]
        elif operation.id in by_id and operation.id not in taken:
            yield operation.id, by_id[operation.id]


def _route(operation: Operation) -> tuple[str, str]:
    """The HTTP method and the path, without the names of path parameters."""
    return operation.method, re.sub(r"\{[^}]*\}", "{}", operation.path)


def _place(operation: Operation) -> str:
    return f"`{operation.method} {operation.path}`"


def _operation(subject: str, what: str, effect: Effect) -> Change:
    return Change("operation", subject, what, effect)


def _keywords(method: Method) -> tuple[Value, ...]:
    further = (method.further_parameter,) if method.further_parameter else ()
    return (*method.operation.keywords, *further)


def _deprecation(old: NamedMethod, new: NamedMethod) -> Iterator[Change]:
    if new.method.deprecated and not old.method.deprecated:
        yield _operation(new.name, "deprecated", Effect.ADDITIVE)
    if old.method.deprecated and not new.method.deprecated:
        yield _operation(new.name, "no longer deprecated", Effect.INVISIBLE)


def _wires(name: str, old: Operation, new: Operation) -> Iterator[Change]:
    """Yield what changed between the client and the service."""
    if old.credential != new.credential:
        effect = Effect.ADDITIVE if new.credential == "none" else Effect.BREAKING
        yield Change("call", f"{name}()", f"authenticated by `{new.credential}`, no longer `{old.credential}`", effect)
    if old.errors != new.errors:
        statuses = ", ".join(new.errors) or "none"
        yield Change("answer", f"{name}()", f"error statuses are now: {statuses}", Effect.INVISIBLE)
    if old.listing != new.listing and new.listing is not None and old.listing is not None:
        what = f"pages of at most {new.listing.maximum_limit}, {new.listing.default_limit} by default"
        yield Change("answer", f"{name}()", what, Effect.INVISIBLE)
    places, former = _places(new), _places(old)
    for keyword in sorted(places.keys() & former.keys()):
        if places[keyword] != former[keyword]:
            what = f"sent in the {places[keyword]}, no longer in the {former[keyword]}"
            yield Change("call", f"{name}({keyword}=)", what, Effect.INVISIBLE)


def _places(operation: Operation) -> dict[str, str]:
    """Map each keyword of an operation to the part of the request that it is sent in."""
    return {
        **{value.name: "body" for value in operation.body.properties},
        **{value.name: "query" for value in operation.query_parameters},
        **{value.name: "headers" for value in operation.header_parameters},
    }


class _Answer(NamedTuple):
    """What a method returns, without the page around it, and whether it is always present."""

    type: Type
    required: bool = True


def _answer_value(operation: Operation, blueprint: Blueprint) -> _Answer | None:
    if operation.answer is None:
        return None
    if operation.unwrap is None:
        return _Answer(operation.answer)
    model = blueprint.by_name[str(operation.answer.name)]
    return next(
        _Answer(value.type, value.required) for value in model.properties if value.wire_name == operation.unwrap
    )


def _uses(methods: dict[str, NamedMethod], blueprint: Blueprint) -> Iterator[Use]:
    for name, named in methods.items():
        yield name, "in", tuple(value.type for value in _keywords(named.method))
        answer = _answer_value(named.method.operation, blueprint)
        if answer is not None:
            yield name, "out", (answer.type,)


__all__ = ["compare"]
