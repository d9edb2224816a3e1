"""Compares keywords, or the properties of a model, in two versions of the API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple, Protocol

from ..code.blueprint import Type, Value
from .changes import Effect
from .types import Direction, differences


class ModelMatch(Protocol):
    """Knows which old model is which new one."""

    def same(self, old: str, new: str) -> bool:
        """Return whether an old model is the same as a new one."""
        ...


class ValueChange(NamedTuple):
    """What changed about a value, by its name, and how that affects a caller."""

    name: str
    what: str
    effect: Effect


def compare_values(
    old: tuple[Value, ...], new: tuple[Value, ...], direction: Direction, models: ModelMatch
) -> Iterator[ValueChange]:
    """Compare the keywords of a method, or the properties of a model.

    Args:
        old: The old ones.
        new: The new ones.
        direction: Whether callers pass such values (in) or receive them (out).
        models: Knows which old model is which new one.

    Yields:
        Each change, by the new name, or by the old one if the value was removed.
    """
    by_name, by_wire_name = {value.name: value for value in new}, {value.wire_name: value for value in new}
    matched: set[str] = set()
    for value in old:
        other = by_name.get(value.name) or by_wire_name.get(value.wire_name)
        if other is None or other.name in matched:
            yield ValueChange(value.name, "removed", Effect.BREAKING)
            continue
        matched.add(other.name)
        if other.name != value.name:
            yield ValueChange(value.name, f"renamed: now `{other.name}`", Effect.BREAKING)
        yield from _compare(value, other, direction, models)
    for value in new:
        if value.name not in matched:
            is_asked = value.required and direction == "in"
            what = "added: required" if is_asked else "added"
            yield ValueChange(value.name, what, Effect.BREAKING if is_asked else Effect.ADDITIVE)


def compare_path_parameters(
    old: tuple[Value, ...], new: tuple[Value, ...], models: ModelMatch
) -> Iterator[ValueChange]:
    """Compare the path parameters of a method, which callers pass by position or by name.

    Args:
        old: The old ones, in the order of the path.
        new: The new ones.
        models: Knows which old model is which new one.

    Yields:
        Each change; if their number is unchanged, parameters at the same position are the same.
    """
    if len(old) == len(new):
        pairs = list(zip(old, new, strict=True))
    else:
        by_name = {value.name: value for value in new}
        pairs = [(value, by_name.pop(value.name)) for value in old if value.name in by_name]
        for value in old:
            if value.name not in [one.name for one, _ in pairs]:
                yield ValueChange(value.name, "removed", Effect.BREAKING)
        for name in by_name:
            yield ValueChange(name, "added: a path parameter", Effect.BREAKING)
    for one, other in pairs:
        if one.name != other.name:
            yield ValueChange(one.name, f"renamed: now `{other.name}`", Effect.BREAKING)
        for difference in differences(_seen(one, "in"), _seen(other, "in"), "in", models.same):
            yield ValueChange(other.name, *difference)


def _compare(old: Value, new: Value, direction: Direction, models: ModelMatch) -> Iterator[ValueChange]:
    is_in = direction == "in"
    if new.required and not old.required:
        yield ValueChange(new.name, "newly required", Effect.BREAKING if is_in else Effect.ADDITIVE)
    if old.required and not new.required:
        yield ValueChange(new.name, "no longer required", Effect.ADDITIVE if is_in else Effect.BREAKING)
    for difference in differences(_seen(old, direction), _seen(new, direction), direction, models.same):
        yield ValueChange(new.name, *difference)
    if new.deprecated and not old.deprecated:
        yield ValueChange(new.name, "deprecated", Effect.ADDITIVE)
    if old.deprecated and not new.deprecated:
        yield ValueChange(new.name, "no longer deprecated", Effect.INVISIBLE)
    if old.wire_name != new.wire_name:
        what = f"`{new.wire_name}` on the wire, no longer `{old.wire_name}`"
        yield ValueChange(new.name, what, Effect.INVISIBLE)
    if old.joined != new.joined and is_in:
        what = "its values are joined by commas now" if new.joined else "each of its values is sent by itself now"
        yield ValueChange(new.name, what, Effect.INVISIBLE)
    if old.bounds != new.bounds:
        yield ValueChange(new.name, f"bounds are now: {', '.join(new.bounds) or 'none'}", Effect.INVISIBLE)


def _seen(value: Value, direction: Direction) -> Type:
    """The type as callers see it: milliseconds may be passed as a datetime."""
    return replace(value.type, kind="datetime") if value.milliseconds and direction == "in" else value.type


__all__ = ["ModelMatch", "ValueChange", "compare_path_parameters", "compare_values"]
