"""Answers that break the document in one place each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.operations.answers import answer_of, json_operations
from tests.operations.shapes import Anything, Array, FreeObject, Object, Scalar, Shape
from tests.operations.synthesis import Made, Node, Recipe, make, member_number, replaced, without

WRONG_TEXT = "nothing that a log may show"
KINDS = ("missing", "null", "text for an object", "another type")


@dataclass(frozen=True)
class Break:
    """A value that breaks the document in one place.

    Attributes:
        kind: In which way; one of `KINDS`.
        value: The value; what the answer's body holds.
        node: The place.
        around: The place of the object whose property it is; None for an item of the answer itself.
        is_excused: Whether the value is good all the same: what is left fits another member of a union without tags.
    """

    kind: str
    value: Any  # a JSON value
    node: Node
    around: Node | None
    is_excused: bool

    @property
    def description(self) -> str:
        """What is broken, for messages."""
        steps = "/".join(map(str, self.node.steps))
        return f"{self.kind}: {self.node.model} at {self.node.path} (in the value: {steps})"

    @property
    def is_about_the_kind(self) -> bool:
        """Whether it hides what kind of object this is, so that it can be reported for the object as a whole."""
        if self.around is None or self.around.union is None:
            return False
        return self.around.union.tag in (None, self.node.within)

    @property
    def paths(self) -> set[str]:
        """Where it may be reported."""
        paths = {self.node.path}
        if self.is_about_the_kind and self.around is not None:
            paths.add(self.around.path)
        return paths


def breaks(operation_id: str) -> Iterator[Break]:
    """Make the values that an operation has to cope with.

    Each property of each object is broken in every way at the first operation that reaches the object, and each
    operation has at least one place of each kind to cope with.
    """
    owned = _owners()[operation_id]
    made_values = variations(operation_id)
    for kind in KINDS:
        places = [(made, node) for made in made_values for node in made.nodes if _breakable(node, kind)]
        own = {
            (node.owner.name if node.owner else "", node.within): (made, node)
            for made, node in reversed(places)
            if node.owner is None or node.owner.name in owned
        }
        for made, node in list(own.values()) or places[len(operation_id) % max(len(places), 1) :][:1]:
            yield from _broken(made, node, kind)


@cache
def _owners() -> dict[str, set[str]]:
    owners: dict[str, set[str]] = {}
    taken: set[str] = set()
    for operation_id in json_operations():
        reached = set(answer_of(operation_id).objects)
        owners[operation_id] = reached - taken
        taken |= reached
    return owners


@cache
def variations(operation_id: str) -> list[Made]:
    """Make values of what an operation answers with, each member of each union in one of them."""
    answer = answer_of(operation_id)
    assert answer.shape is not None
    return [make(answer.shape, Recipe(member=member_number(number))) for number in range(answer.variations)]


def _breakable(node: Node, kind: str) -> bool:
    if not node.steps or not node.model:
        return False
    match kind:
        case "missing":
            return node.owner is not None and node.within in node.owner.required
        case "null":
            nullable = node.union.nullable if node.union else node.shape.nullable
            return not nullable
        case "text for an object":
            return isinstance(node.shape, (Object, FreeObject))
        case _:
            return not isinstance(node.shape, (Object, FreeObject, Anything))


def _broken(made: Made, node: Node, kind: str) -> Iterator[Break]:
    around = next((other for other in made.nodes if other.steps == node.steps[:-1] and other.model), None)
    if around is not None and not isinstance(around.shape, Object):
        around = None
    values = (
        [without(made.value, node.steps)]
        if kind == "missing"
        else [replaced(made.value, node.steps, new) for new in _replacements(node.shape, kind)]
    )
    for value in values:
        yield Break(kind, value, node, around, _is_excused(value, around))


def _replacements(shape: Shape, kind: str) -> list[Any]:
    if kind == "null":
        return [None]
    if kind == "text for an object":
        return [WRONG_TEXT]
    match shape:
        case Array():
            return [{"0": WRONG_TEXT}]
        case Scalar(kind="string"):
            return [12345, WRONG_TEXT] if shape.schema.get("format") in ("date", "date-time") else [12345]
        case Scalar(kind="integer"):
            return [WRONG_TEXT, 0.5, True]
        case _:
            return [WRONG_TEXT]


def _is_excused(value: Any, around: Node | None) -> bool:
    if around is None or around.union is None or around.union.tag is not None:
        return False
    for step in around.steps:
        value = value[step]
    return any(member.fits(value) for member in around.union.members)
