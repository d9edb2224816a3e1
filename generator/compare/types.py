"""Compares the types of a value in two versions of the API, from the caller's point of view.

Callers pass values in and receive values out; what is wider for one is narrower for the other:

| the type | in | out |
|---|---|---|
| becomes nullable | additive | breaking |
| is no longer nullable | breaking | additive |
| gets another value (enum), another model (union) | additive | additive: responses may have unknown ones anyway |
| loses a value, a model | breaking | invisible: it just no longer occurs |
| gets wider (int -> float, enum -> str, anything) | additive | breaking, but an open enum that becomes text: additive |
| gets narrower (float -> int, str -> enum) | breaking | additive |
| changes completely; an enum keeps none of its values | breaking | breaking |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from ..code.annotation import answer_annotation, argument_annotation, literal
from ..code.blueprint import Kind, Type
from .changes import Effect

Direction = Literal["in", "out"]
SameModel = Callable[[str, str], bool]

_WIDER_IN: frozenset[tuple[Kind, Kind]] = frozenset(
    {("integer", "number"), ("text", "date"), ("text", "datetime"), ("integer", "datetime"), ("dict", "object")}
)
_SCALARS: frozenset[Kind] = frozenset({"boolean", "integer", "number", "text"})


class Difference(NamedTuple):
    """One difference between types: what changed, and how it affects a caller."""

    what: str
    effect: Effect


def differences(old: Type, new: Type, direction: Direction, same_model: SameModel) -> Iterator[Difference]:
    """Yield how one type differs from another.

    Args:
        old: The old type.
        new: The new type.
        direction: Whether callers pass such values (in) or receive them (out).
        same_model: Returns whether an old model is the same as a new one, whatever their names.

    Yields:
        Each difference; nothing for equal types. Changes inside models are not compared.
    """
    if old.kind == "any" or new.kind == "any":
        if old.kind != new.kind:
            yield _retyped(old, new, direction)
        return
    yield from _nullability(old, new, direction)
    if old.kind != new.kind:
        yield from _between_kinds(old, new, direction, same_model)
    elif old.kind == "enum":
        yield from _enums(old, new, direction)
    elif old.kind == "union":
        yield from _unions(old.members, new.members, direction, same_model)
    elif old.kind == "model":
        if not same_model(str(old.name), str(new.name)):
            yield _retyped(old, new, direction)
    elif old.item is not None and new.item is not None:
        for difference in differences(old.item, new.item, direction, same_model):
            yield Difference(f"its items: {difference.what}", difference.effect)


def annotation(kind: Type, direction: Direction) -> str:
    """Write a type as callers see it."""
    return argument_annotation(kind) if direction == "in" else answer_annotation(kind)


def _nullability(old: Type, new: Type, direction: Direction) -> Iterator[Difference]:
    if new.nullable and not old.nullable:
        yield Difference("may be `None`", _by(direction, Effect.ADDITIVE, Effect.BREAKING))
    if old.nullable and not new.nullable:
        yield Difference("is no longer `None`", _by(direction, Effect.BREAKING, Effect.ADDITIVE))


def _between_kinds(old: Type, new: Type, direction: Direction, same_model: SameModel) -> Iterator[Difference]:
    if {old.kind, new.kind} == {"model", "union"} and direction == "in":
        yield from _unions(old.members or (old,), new.members or (new,), direction, same_model)
    else:
        yield _retyped(old, new, direction)


def _retyped(old: Type, new: Type, direction: Direction) -> Difference:
    what = f"type `{annotation(old, direction)}` is now `{annotation(new, direction)}`"
    is_harmless = _is_wider(old, new) if direction == "in" else _is_narrower_answer(old, new)
    return Difference(what, Effect.ADDITIVE if is_harmless else Effect.BREAKING)


def _is_wider(old: Type, new: Type) -> bool:
    return new.kind == "any" or (old.kind, new.kind) in _WIDER_IN or (old.kind == "enum" and new.kind == _base(old))


def _is_narrower_answer(old: Type, new: Type) -> bool:
    if old.kind == "any":
        return new.kind in _SCALARS or new.kind == "enum"
    if "enum" in (old.kind, new.kind):
        return _base(old) == _base(new)
    return (old.kind, new.kind) == ("number", "integer")


def _base(kind: Type) -> Kind:
    """The kind of an enum's values; of any other type, its own."""
    if kind.kind != "enum":
        return kind.kind
    return "text" if kind.is_text else "integer"


def _enums(old: Type, new: Type, direction: Direction) -> Iterator[Difference]:
    if not set(old.values) & set(new.values):
        values = ", ".join(f"`{literal(value)}`" for value in new.values)
        yield Difference(f"has other values: {values}", Effect.BREAKING)
        return
    for value in new.values:
        if value not in old.values:
            yield Difference(f"value `{literal(value)}` added", Effect.ADDITIVE)
    for value in old.values:
        if value not in new.values:
            effect = _by(direction, Effect.BREAKING, Effect.INVISIBLE)
            yield Difference(f"value `{literal(value)}` removed", effect)


def _unions(
    old: tuple[Type, ...], new: tuple[Type, ...], direction: Direction, same_model: SameModel
) -> Iterator[Difference]:
    pairs = [(one, other) for one in old for other in new if same_model(str(one.name), str(other.name))]
    for member in new:
        if member not in [other for _, other in pairs]:
            yield Difference(f"`{member.name}` added", Effect.ADDITIVE)
    for member in old:
        if member not in [one for one, _ in pairs]:
            yield Difference(f"`{member.name}` removed", _by(direction, Effect.BREAKING, Effect.INVISIBLE))


def _by(direction: Direction, way_in: Effect, way_out: Effect) -> Effect:
    return way_in if direction == "in" else way_out


__all__ = ["Difference", "Direction", "SameModel", "annotation", "differences"]
