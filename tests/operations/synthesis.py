"""Makes JSON values of a shape: as the document wants them, and with what it does not know."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.operations.document import DOCUMENT, JSONDict
from tests.operations.shapes import Anything, Array, FreeObject, Object, OneOf, Scalar, Shape
from tests.support.samples import sample

UNKNOWN_PROPERTY = "property_of_tomorrow"
UNKNOWN_PROPERTY_VALUE = {"nested": [1, None, "\N{SNOWMAN}"]}
UNKNOWN_VALUE = "value_of_tomorrow"
MOMENTS = (
    "2025-01-31T12:34:56.789Z",
    "2025-01-31T12:34:56Z",
    "2025-01-31T12:34:56.120000Z",
    "2025-01-31T12:34:56.123456789Z",
    "2025-01-31T12:34:56+00:00",
    "2025-01-31T12:34:56-08:30",
    "2025-01-31t12:34:56z",
    "1969-12-31T23:59:59.999999Z",
)
TEXTS = ("", "text", 'a "quoted" \\ text', "\N{SNOWMAN} \N{PILE OF POO}\n", " ", "null")


def tags_of(union: OneOf, member: Object) -> set[str]:
    """The properties that tell the members of a union apart: its tag, and whatever has an enum besides."""
    enums = {name for name, shape in member.properties.items() if isinstance(shape, Scalar) and shape.enum}
    told = {name for name, shape in member.properties.items() if name in ("strategy", union.tag)}
    return told if union.tag else enums


def _always() -> bool:
    return True


def _never() -> bool:
    return False


def _first(members: tuple[Object, ...]) -> Object:
    return members[0]


@dataclass(frozen=True)
class Recipe:
    """How a value is made.

    Attributes:
        optional: Whether a property that may be absent is there.
        null: Whether a value that may be null is.
        length: How many items an array has.
        member: Which member of a union it is.
        varied: Chooses among values of a kind; None for the same one always.
        unknown_properties: Whether each object has a property that the document does not know.
        unknown_enums: Whether each enum has a value that the document does not know; tags of unions stay.
        unknown_tags: Whether each tag of a union has a value that the document does not know.
    """

    optional: Callable[[], bool] = _always
    null: Callable[[], bool] = _never
    length: Callable[[], int] = lambda: 1
    member: Callable[[tuple[Object, ...]], Object] = _first
    varied: random.Random | None = None
    unknown_properties: bool = False
    unknown_enums: bool = False
    unknown_tags: bool = False


@contextmanager
def noted(note: str) -> Iterator[None]:
    """Say for which of several values a check failed."""
    try:
        yield
    except BaseException as error:
        error.add_note(note)
        raise


def member_number(number: int) -> Callable[[tuple[Object, ...]], Object]:
    """Choose the same member of each union, counted round."""
    return lambda members: members[number % len(members)]


def random_recipe(seed: str) -> Recipe:
    """Throw dice for all that may be one way or another; the same seed throws the same."""
    dice = random.Random(seed)
    return Recipe(
        optional=lambda: dice.random() < 0.6,
        null=lambda: dice.random() < 0.3,
        length=lambda: dice.randrange(4),
        member=dice.choice,
        varied=dice,
    )


class Node(NamedTuple):
    """A place in a value.

    Attributes:
        steps: The keys and indexes that lead there.
        shape: What is there; of a union the member.
        union: The union that it is a member of.
        owner: The object that it is a property of, or an item of a property of.
        model: The name of the outermost object around it, its own name included; empty where there is none.
        path: Where it stands in that object, as drift is reported.
        within: Where it stands in its owner, written alike.
    """

    steps: tuple[str | int, ...]
    shape: Shape
    union: OneOf | None
    owner: Object | None
    model: str
    path: str
    within: str

    def part(self, step: str | int, written: str) -> Node:
        """A place inside this one that has the same owner; `written` says how drift is reported."""
        return Node(
            (*self.steps, step), self.shape, None, self.owner, self.model, self.path + written, self.within + written
        )

    def property_of(self, owner: Object, name: str) -> Node:
        """The place of a property of the object that is here."""
        path = f"{self.path}.{name}" if self.path else name
        return Node((*self.steps, name), self.shape, None, owner, self.model, path, name)


@dataclass
class Made:
    """A value, and the places in it."""

    value: Any  # a JSON value
    nodes: list[Node] = field(default_factory=list[Node])


def make(shape: Shape, recipe: Recipe) -> Made:
    """Make a value of a shape."""
    made = Made(None)
    made.value = _Maker(recipe, made.nodes).value(shape, Node((), shape, None, None, "", "", ""))
    return made


class _Maker:
    def __init__(self, recipe: Recipe, nodes: list[Node]) -> None:
        self._recipe = recipe
        self._nodes = nodes

    def value(self, shape: Shape, place: Node) -> Any:  # a JSON value
        union = shape if isinstance(shape, OneOf) else None
        chosen = self._recipe.member(shape.members) if isinstance(shape, OneOf) else shape
        model = place.model or (chosen.name if isinstance(chosen, Object) else "")
        place = place._replace(shape=chosen, union=union, model=model)
        self._nodes.append(place)
        if shape.nullable and not isinstance(shape, Anything) and self._recipe.null():
            return None
        match chosen:
            case Anything():
                return {"free": [1, None, "text"]}
            case Scalar():
                return self._scalar(chosen, place)
            case FreeObject():
                return self._free_object(chosen, place)
            case Array():
                return self._array(chosen, place)
            case Object():
                return self._object(chosen, place)

    def _free_object(self, shape: FreeObject, place: Node) -> JSONDict:
        if shape.values is None:
            return {"free": ["text", 1, None, {"nested": True}], "Kept-As It Is": 0.5}
        return {"key": self.value(shape.values, place.part("key", ".*"))}

    def _array(self, shape: Array, place: Node) -> list[Any]:  # JSON values
        length = max(self._recipe.length(), shape.schema.get("minItems", 0))
        written = "[]" if place.model else ""
        return [self.value(shape.items, place.part(index, written)) for index in range(length)]

    def _object(self, shape: Object, place: Node) -> JSONDict:
        value: JSONDict = {}
        for name, inner in shape.properties.items():
            if name in shape.required or self._recipe.optional() or self._is_needed_tag(name, place):
                value[name] = self.value(inner, place.property_of(shape, name))
        if place.union is not None and self._recipe.unknown_tags:
            value.update({name: UNKNOWN_VALUE for name in tags_of(place.union, shape) if name in value})
        if self._recipe.unknown_properties:
            value[UNKNOWN_PROPERTY] = UNKNOWN_PROPERTY_VALUE
        return value

    def _is_needed_tag(self, name: str, place: Node) -> bool:
        return self._recipe.unknown_tags and place.union is not None and name == place.union.tag

    def _scalar(self, shape: Scalar, place: Node) -> Any:  # a JSON value
        if shape.enum:
            if self._recipe.unknown_enums and not self._is_tag(place):
                return not shape.enum[0] if shape.kind == "boolean" else UNKNOWN_VALUE
            return self._recipe.varied.choice(shape.enum) if self._recipe.varied else shape.enum[0]
        return self._varied(shape) if self._recipe.varied else self._plain(shape, place)

    def _is_tag(self, place: Node) -> bool:
        around = next((node for node in reversed(self._nodes) if node.steps == place.steps[:-1]), None)
        if around is None or around.union is None or place.owner is None:
            return False
        return around.union.tag in (None, place.within)

    def _plain(self, shape: Scalar, place: Node) -> Any:  # a JSON value
        number = len(self._nodes)
        if shape.kind == "boolean":
            return True
        if shape.kind != "string":
            return _within(number + (0.5 if shape.kind == "number" else 0), shape.schema)
        if "pattern" in shape.schema or "format" in shape.schema:
            return sample(shape.schema, DOCUMENT)
        text = f"{place.path or 'text'} {number}".ljust(shape.schema.get("minLength", 0), "x")
        return text[: shape.schema.get("maxLength")]

    def _varied(self, shape: Scalar) -> Any:  # a JSON value
        dice = self._recipe.varied
        assert dice is not None
        if shape.kind == "boolean":
            return dice.random() < 0.5
        if shape.kind == "integer":
            return dice.choice((0, -1, 1738326896789, 2**53 + 1))
        if shape.kind == "number":
            return dice.choice((0, 0.0, 1, -2.5, 1e21))
        if shape.schema.get("format") == "date-time":
            return dice.choice(MOMENTS)
        if "pattern" in shape.schema or shape.schema.get("format") == "date":
            return sample(shape.schema, DOCUMENT)
        return dice.choice(TEXTS)


def _within(number: float, schema: JSONDict) -> float:
    lowest: float = schema.get("minimum", number)
    highest: float = schema.get("maximum", number)
    return min(max(number, lowest), highest)


def replaced(value: Any, steps: tuple[str | int, ...], new: Any) -> Any:  # JSON values
    """Return a value with what is at a place exchanged; the rest is shared."""
    if not steps:
        return new
    copy = value.copy()
    copy[steps[0]] = replaced(value[steps[0]], steps[1:], new)
    return copy


def without(value: Any, steps: tuple[str | int, ...]) -> Any:  # JSON values
    """Return a value with the property at a place taken out; the rest is shared."""
    copy = value.copy()
    if len(steps) == 1:
        del copy[steps[0]]
    else:
        copy[steps[0]] = without(value[steps[0]], steps[1:])
    return copy
