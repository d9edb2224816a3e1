"""What a schema of the corrected document says a JSON value is, reduced to seven shapes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.operations.document import JSONDict, resolve


@dataclass(frozen=True)
class Anything:
    """A value that the document leaves free."""

    nullable: bool = True


@dataclass(frozen=True)
class Scalar:
    """A text, number or boolean."""

    kind: str
    schema: JSONDict
    nullable: bool

    @property
    def enum(self) -> list[Any]:  # an enum holds JSON values of any kind
        return [value for value in self.schema.get("enum", []) if value is not None]


@dataclass(frozen=True)
class FreeObject:
    """An object whose keys the document leaves free, and its values too unless it says what they are."""

    values: Shape | None
    nullable: bool


@dataclass(frozen=True)
class Array:
    """An array."""

    items: Shape
    nullable: bool
    schema: JSONDict


@dataclass(frozen=True, eq=False)
class Object:
    """An object with properties of its own, under the name that the document gives it."""

    name: str
    schema: JSONDict
    nullable: bool

    @cached_property
    def parts(self) -> list[JSONDict]:
        """The schema, and all that it is composed of, what is inside first."""
        return list(_parts(self.schema))

    @cached_property
    def required(self) -> set[str]:
        """The properties that are always there; what is required but nowhere described does not count."""
        named = {name for part in self.parts for name in part.get("required", [])}
        return named & set(self.properties)

    @cached_property
    def properties(self) -> dict[str, Shape]:
        merged: dict[str, JSONDict] = {}
        for part in self.parts:
            merged.update(part.get("properties", {}))
        return {name: shape_of(schema) for name, schema in merged.items()}

    @property
    def is_closed(self) -> bool:
        return any(part.get("additionalProperties") is False for part in self.parts)

    def fits(self, value: object) -> bool:
        """Tell whether a JSON value is what the object says, unknown properties aside."""
        if not isinstance(value, dict) or not self.required <= value.keys():
            return False
        return all(fits(shape, value[name]) for name, shape in self.properties.items() if name in value)


@dataclass(frozen=True)
class OneOf:
    """One of several objects; `tag` is the property that tells which, and `mapping` what its values mean."""

    members: tuple[Object, ...]
    tag: str | None
    mapping: dict[str, str]
    nullable: bool


NAMES: dict[int, str] = {}
"""What objects without a name are called, by the identity of their schemas: see `names`."""

Shape = Anything | Scalar | FreeObject | Array | Object | OneOf


def shape_of(schema: JSONDict) -> Shape:
    """Read a schema."""
    return _shape(schema, "", nullable=False)


def _shape(schema: JSONDict, name: str, *, nullable: bool) -> Shape:
    nullable = nullable or schema.get("nullable", False)
    name = schema.get("title", name)
    if "$ref" in schema:
        return _shape(resolve(schema), schema["$ref"].rsplit("/", 1)[-1], nullable=nullable)
    members = _members(schema)
    if len(members) == 1 and "properties" not in schema:
        return _shape(members[0], name, nullable=nullable)
    if "properties" in schema or "allOf" in schema:
        return Object(name or NAMES.get(id(schema), ""), schema, nullable)
    if members:
        return _union(schema, members, nullable=nullable)
    kind = schema.get("type")
    if kind == "array":
        return Array(_shape(schema["items"], "", nullable=False), nullable, schema)
    if kind == "object":
        values = schema.get("additionalProperties")
        return FreeObject(shape_of(values) if isinstance(values, dict) else None, nullable)
    return Scalar(kind, schema, nullable) if kind else Anything()


def _members(schema: JSONDict) -> list[JSONDict]:
    """The members of a composition, without null and those that only say what is required."""
    members = [member for keyword in ("oneOf", "anyOf", "allOf") for member in schema.get(keyword, [])]
    return [member for member in members if set(member) != {"required"} and member.get("enum") != [None]]


def _union(schema: JSONDict, members: list[JSONDict], *, nullable: bool) -> Shape:
    shapes = [shape_of(member) for member in members]
    objects = tuple(shape for shape in shapes if isinstance(shape, Object))
    assert len(objects) == len(shapes), "only lists are told from objects, and those are read as pages"
    tag = schema.get("discriminator", {})
    mapping = {value: _class_of(reference) for value, reference in tag.get("mapping", {}).items()}
    return OneOf(objects, tag.get("propertyName"), mapping, nullable)


def _class_of(reference: str) -> str:
    shape = shape_of({"$ref": reference})
    assert isinstance(shape, Object)
    return shape.name


def _parts(schema: JSONDict) -> Iterator[JSONDict]:
    for member in schema.get("allOf", []):
        yield from _parts(resolve(member))
    yield schema


_KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}


def fits(shape: Shape, value: Any) -> bool:  # any JSON value
    """Tell whether a JSON value is what a shape says; unknown properties are no matter."""
    if value is None:
        return shape.nullable
    match shape:
        case Anything():
            return True
        case Scalar():
            return _fits_scalar(shape, value)
        case FreeObject():
            return isinstance(value, dict) and (
                shape.values is None or all(fits(shape.values, item) for item in value.values())
            )
        case Array():
            return isinstance(value, list) and all(fits(shape.items, item) for item in value)
        case Object():
            return shape.fits(value)
        case OneOf():
            return any(member.fits(value) for member in shape.members)


def _fits_scalar(shape: Scalar, value: Any) -> bool:  # any JSON value
    if type(value) not in _KINDS[shape.kind] or (shape.enum and value not in shape.enum):
        return False
    pattern = shape.schema.get("pattern")
    return pattern is None or re.search(pattern, value) is not None


def likely_members(union: OneOf, value: JSONDict) -> set[str]:
    """The names of the members that an object may be: by its tag, else those that fit and know most of it."""
    tag = value.get(union.tag) if union.tag else None
    if isinstance(tag, str) and tag in union.mapping:
        return {union.mapping[tag]}
    scores = {
        member.name: len(member.properties.keys() & value.keys()) for member in union.members if member.fits(value)
    }
    return {name for name, score in scores.items() if score == max(scores.values())}


def objects_in(*roots: Shape) -> dict[str, Object]:
    """Every object that the shapes reach, by name."""
    found: dict[str, Object] = {}
    waiting: list[Shape | None] = list(roots)
    while waiting:
        match waiting.pop():
            case Object() as shape if shape.name not in found:
                found[shape.name] = shape
                waiting.extend(shape.properties.values())
            case OneOf(members=members):
                waiting.extend(members)
            case Array(items=items):
                waiting.append(items)
            case FreeObject(values=values):
                waiting.append(values)
            case _:
                pass
    return found
