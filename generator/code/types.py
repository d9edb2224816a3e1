"""Draws up types, enums and models from what openapi-python-client parsed."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from openapi_python_client import strings
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.properties import AnyProperty, LiteralEnumProperty, ModelProperty, Property
from openapi_python_client.parser.properties.boolean import BooleanProperty
from openapi_python_client.parser.properties.date import DateProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.float import FloatProperty
from openapi_python_client.parser.properties.int import IntProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.none import NoneProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.string import StringProperty
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.parser.properties.uuid import UuidProperty

from .. import extensions
from .._errors import BuildError
from ..document.walk import Document, Schema, resolve
from ..names import pascal_case, snake_case
from . import blueprint
from .shortcuts import shortcuts

_SCALAR_KINDS: dict[type, blueprint.Kind] = {
    StringProperty: "text",
    IntProperty: "integer",
    FloatProperty: "number",
    BooleanProperty: "boolean",
    DateTimeProperty: "datetime",
    DateProperty: "date",
    UuidProperty: "text",
    FileProperty: "file",
    AnyProperty: "any",
    NoneProperty: "any",  # only null, as in a document that is not finished
}

# Names that every model has besides its properties.
_MODEL_NAMES = frozenset(
    ("additional_properties", "from_dict", "to_dict", "_apart", "_attributes", "_decode", "_unions", "_wire_names")
    + ("attrs_field", "property", "staticmethod")  # used in its class
)

# The first and the last properties of a model.
_FIRST = ("id", "object", "name", "slug", "first_name", "last_name", "username")
_LAST = ("created_at", "updated_at")


class Types:
    """Converts parsed properties to types and models, and collects the enums.

    Attributes:
        enums: The values of each enum found so far, by its name.
    """

    def __init__(self, effective: Document, data: GeneratorData) -> None:
        self.enums: dict[str, tuple[str | int, ...]] = {}
        self._owner = ("", "")
        self._document = effective
        self._parsed = {str(model.class_info.name): model for model in data.models}
        self._schemas = {
            str(strings.ClassName(schema.get("title", name), "")): schema
            for name, schema in effective["components"]["schemas"].items()
        }

    def belong_to(self, parsed: str = "", operation: str = "") -> None:
        """Set the operation that the enums found from now on are named after; by default only their models name them.

        Args:
            parsed: The operation's name in the parser.
            operation: The operation's own name.
        """
        self._owner = (strings.pascal_case(parsed), pascal_case(operation))

    def model(self, name: str) -> blueprint.Model:
        """Return a model by the name of its class.

        Raises:
            BuildError: The parser made up the name, or two properties would share a name.
        """
        parsed, schema = self._parsed[name], self._schemas.get(name, {})
        properties = self.properties(parsed, schema)
        computed = tuple(shortcuts(name, schema, properties))
        refuse_shared_names(
            name, [*(value.name for value in properties), *(item.name for item in computed)], _MODEL_NAMES
        )
        ordered = sorted(properties, key=lambda value: _order(value.wire_name))
        if re.search(r"(Type\d+|Response\d{3})$", name):
            raise BuildError(f"{name}: not a good name for a model: give its schema a `title` in an overlay")
        return blueprint.Model(name, snake_case(name), tuple(ordered), schema.get("description", "").strip(), computed)

    def properties(self, parsed: ModelProperty, schema: Schema) -> tuple[blueprint.Value, ...]:
        """Return the properties of an object, in the order of its schema."""
        sources = _property_schemas(self._document, schema)
        items = [*(parsed.required_properties or []), *(parsed.optional_properties or [])]
        order = list(sources)
        values = [self._property(item, sources[item.name.get_untrusted_value()]) for item in items]
        return tuple(sorted(values, key=lambda value: order.index(value.wire_name)))

    def _property(self, item: Property, source: Schema) -> blueprint.Value:
        name = item.name.get_untrusted_value()
        schema = resolve(self._document, source)
        return blueprint.Value(
            name=source.get(extensions.NAME) or snake_case(name),
            wire_name=name,
            type=self.type_of(item, source),
            required=item.required,
            deprecated=source.get("deprecated", False),
            instead=source.get(extensions.INSTEAD, ""),
            description=source.get("description", "").strip(),
            bounds=bounds(schema),
            milliseconds=is_milliseconds(source, schema),
            pattern=schema.get("pattern"),
        )

    def type_of(self, item: PropertyProtocol, schema: Schema | None = None) -> blueprint.Type:
        """Return the type of a property, parameter, body or response.

        Args:
            item: What was parsed.
            schema: Where it came from, if the parser may have left something out.

        Raises:
            BuildError: The type is not supported.
        """
        if isinstance(item, UnionProperty):
            return self._union(item, schema or {})
        if isinstance(item, ListProperty):
            inner = resolve(self._document, schema).get("items") if schema else None
            return blueprint.Type("list", item=self.type_of(item.inner_property, inner))
        if isinstance(item, LiteralEnumProperty):
            return self._enum(item)
        if isinstance(item, ModelProperty):
            return self._object(item)
        kind = _SCALAR_KINDS.get(type(item))
        if kind is None:
            raise BuildError(
                f"a property of the type {type(item).__name__} ({item.name.get_untrusted_value()}) is not supported"
            )
        constants = [value for value in (schema or {}).get("enum", []) if value is not None]
        return blueprint.Type(kind, values=tuple(constants) if kind == "boolean" and len(constants) == 1 else ())

    def with_known_values(self, found: blueprint.Type, parameter: str, schema: Schema) -> blueprint.Type:
        """Return the type of a parameter with its known values, which editors then complete.

        It stays open, because the service may accept other values.

        Args:
            found: The type without them.
            parameter: The parameter's name on the wire.
            schema: The parameter's schema.

        Raises:
            BuildError: The parameter is not text.
        """
        values = [
            sign + value
            for value in schema.get(extensions.VALUES, ())
            for sign in ("", *schema.get(extensions.SIGNS, ()))
        ]
        if not values:
            return found
        name = self._owner[1] + pascal_case(parameter)
        if found.kind != "text":
            raise BuildError(f"{name}: `{extensions.VALUES}` is only for text")
        self.enums[name] = tuple(values)
        return replace(found, values=tuple(values), name=name)

    def whole(self, item: ModelProperty) -> ModelProperty:
        """Return the model with its properties: references to it were copied before they were parsed."""
        return self._parsed[str(item.class_info.name)]

    def _object(self, item: ModelProperty) -> blueprint.Type:
        item = self.whole(item)
        if not is_free(item):
            return blueprint.Type("model", name=str(item.class_info.name))
        value = item.additional_properties
        if value is None or isinstance(value, AnyProperty):
            return blueprint.Type("object")
        return blueprint.Type("dict", item=self.type_of(value))

    def _enum(self, item: LiteralEnumProperty) -> blueprint.Type:
        values = tuple(sorted(item.values))
        if len(values) == 1:
            return blueprint.Type("enum", values=values)
        name = re.sub(r"Type\d+$", "", str(item.class_info.name)).removesuffix("Item")
        name = re.sub(r"Response(\d{3}|\dXX)", "Result", name)
        parsed_owner, owner = self._owner
        if parsed_owner and name.lower().startswith(parsed_owner.lower()):
            name = owner + name[len(parsed_owner) :].removeprefix("Body")
        if self.enums.setdefault(name, values) != values:
            raise BuildError(f"two different enums would be named {name}: give one of them a `title` in an overlay")
        return blueprint.Type("enum", values=values, name=name)

    def _union(self, item: UnionProperty, schema: Schema) -> blueprint.Type:
        inner = [member for member in item.inner_properties if not isinstance(member, NoneProperty)]
        has_null = len(inner) < len(item.inner_properties)
        if len(inner) == 1:
            found = self.type_of(inner[0], schema)
            return replace(found, nullable=has_null or found.nullable)
        found = one_of([self.type_of(member) for member in inner], nullable=has_null)
        models = tuple(member for member in found.members if member.kind == "model")
        if len(models) < 2:
            return found
        if any(member.item and member.models for member in found.members):
            name = item.name.get_untrusted_value()
            raise BuildError(
                f"{name}: objects of several kinds mixed with arrays or maps of objects are not supported: "
                "change it in an overlay"
            )
        tags = self._tags(models, schema)
        return replace(found, tags=tags, patterns=self._patterns(models, [name for name, _ in tags]))

    def _tags(self, members: tuple[blueprint.Type, ...], schema: Schema) -> blueprint.Tags:
        """Find the properties that distinguish the members: the discriminator, then any other that can."""
        discriminator = schema.get("discriminator", {}).get("propertyName")
        if discriminator is None:
            return ()
        names = [discriminator, *(name for name in ("strategy", "type") if name != discriminator)]
        found: list[tuple[str, tuple[tuple[str, str], ...]]] = []
        for name in names:
            tags = self._values_of(members, name)
            if name == discriminator:
                tags.update(self._mapping(schema))
            if tags:
                found.append((name, tuple(sorted(tags.items()))))
        return tuple(found)

    def _patterns(self, members: tuple[blueprint.Type, ...], names: list[str]) -> tuple[tuple[str, str, str], ...]:
        """Find the members whose tag is any text that matches a pattern."""
        return tuple(
            (name, value.pattern, member.name or "")
            for name in names
            for member in members
            for value in self.model(member.name or "").properties
            if value.wire_name == name and value.pattern
        )

    def _values_of(self, members: tuple[blueprint.Type, ...], name: str) -> dict[str, str]:
        """Map each value that the property can have in only one member to that member."""
        owners: dict[str, list[str]] = {}
        for member in members:
            for value in self.model(member.name or "").properties:
                if value.wire_name == name and value.type.kind == "enum":
                    for tag in value.type.values:
                        owners.setdefault(str(tag), []).append(member.name or "")
        return {tag: names[0] for tag, names in owners.items() if len(names) == 1}

    def _mapping(self, schema: Schema) -> dict[str, str]:
        mapping = schema.get("discriminator", {}).get("mapping", {})
        names = {tag: reference.rsplit("/", 1)[-1] for tag, reference in mapping.items()}
        schemas = self._document["components"]["schemas"]
        return {tag: str(strings.ClassName(schemas[name].get("title", name), "")) for tag, name in names.items()}


def one_of(kinds: list[blueprint.Type], *, nullable: bool = False) -> blueprint.Type:
    """Return the type that allows any of several types."""
    members = [part for kind in kinds for part in _flat(kind)]
    distinct = _distinct(members)
    nullable = nullable or any(member.nullable for member in members)
    if not distinct:
        return blueprint.Type("any", nullable=True)
    if len(distinct) == 1:
        return replace(distinct[0], nullable=nullable)
    return blueprint.Type("union", nullable, members=distinct)


def _flat(kind: blueprint.Type) -> tuple[blueprint.Type, ...]:
    """Return the members of a union, or another type unchanged."""
    return tuple(replace(member, nullable=kind.nullable) for member in kind.members) or (kind,)


def _distinct(members: list[blueprint.Type]) -> tuple[blueprint.Type, ...]:
    """Return the types that are not covered by another one; those that match more values come last."""
    found = dict.fromkeys(replace(member, nullable=False) for member in members)
    if any(member.kind == "any" for member in found):
        return (blueprint.Type("any"),)
    kinds = {member.kind for member in found}
    swallowed = {"date", "datetime"} if "text" in kinds else set[str]()
    left = [
        member
        for member in found
        if member.kind not in swallowed and not (member.kind == "enum" and _is_open(member, kinds))
    ]
    return tuple(sorted(left, key=lambda member: member.kind in ("dict", "object")))


def _is_open(enum: blueprint.Type, kinds: Collection[str]) -> bool:
    return ("text" if enum.is_text else "integer") in kinds


def refuse_shared_names(owner: str, names: list[str], taken: frozenset[str]) -> None:
    """Check that names are unique and not reserved.

    Args:
        owner: What the named things belong to.
        names: Their names.
        taken: Reserved names.

    Raises:
        BuildError: A name occurs twice, or is reserved.
    """
    for name in sorted({name for name in names if names.count(name) > 1 or name in taken}):
        raise BuildError(
            f"{owner}: more than one thing is named {name}: rename one with `{extensions.NAME}` in an overlay"
        )


def is_free(item: ModelProperty) -> bool:
    """Return whether an object has no declared properties."""
    return not item.required_properties and not item.optional_properties


def is_milliseconds(source: dict[str, Any], schema: Schema) -> bool:
    """Return whether a value is in milliseconds since the Unix epoch, by its place or its schema."""
    return "milliseconds" in (source.get(extensions.TIMESTAMP), schema.get(extensions.TIMESTAMP))


def _property_schemas(document: Document, schema: Schema) -> dict[str, Schema]:
    """Return the schemas of an object's properties, including those from `allOf`."""
    schema = resolve(document, schema)
    found: dict[str, Schema] = {}
    for member in schema.get("allOf", []):
        found.update(_property_schemas(document, member))
    return {**found, **schema.get("properties", {})}


def _order(wire_name: str) -> tuple[int, int]:
    if wire_name in _FIRST:
        return 0, _FIRST.index(wire_name)
    if wire_name in _LAST:
        return 2, _LAST.index(wire_name)
    return 1, 0


def bounds(schema: Schema) -> tuple[str, ...]:
    """Return the limits of a value as short phrases, for the documentation."""
    phrases = {
        "minimum": "above {}" if schema.get("exclusiveMinimum") is True else "at least {}",
        "maximum": "below {}" if schema.get("exclusiveMaximum") is True else "at most {}",
        "minLength": "at least {} characters",
        "maxLength": "at most {} characters",
        "minItems": "at least {} items",
        "maxItems": "at most {} items",
        "pattern": "matching `{}`",
    }
    found = [phrase.format(schema[keyword]) for keyword, phrase in phrases.items() if keyword in schema]
    if extensions.NUMBERS in schema:
        found.append(f"one of {', '.join(str(value) for value in schema[extensions.NUMBERS])}")
    return tuple(found)
