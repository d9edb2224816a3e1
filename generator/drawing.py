"""Draws up the blueprint of the code from what openapi-python-client parsed.

What its parser leaves out (`explode`, `discriminator`, security, our extensions) is read from the effective document
beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from openapi_python_client import strings
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.openapi import Endpoint
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

from . import blueprint as plan
from ._errors import BuildError
from .layout import Layout
from .naming import pascal_case, snake_case
from .walking import Document, Schema, content_places, operations, parameters_of, resolve

_SCALAR_KINDS: dict[type, plan.Kind] = {
    StringProperty: "text",
    IntProperty: "integer",
    FloatProperty: "number",
    BooleanProperty: "boolean",
    DateTimeProperty: "datetime",
    DateProperty: "date",
    FileProperty: "file",
    AnyProperty: "any",
}

# What a model has beside its properties.
_MODEL_NAMES = frozenset(("additional_properties", "from_dict", "to_dict"))

# What reads first in a model, and what last.
_FIRST = ("id", "object", "name", "slug", "first_name", "last_name", "username")
_LAST = ("created_at", "updated_at")


def draw(effective: Document, data: GeneratorData, layout: Layout) -> plan.Blueprint:
    """Draw up the blueprint of everything to render.

    Raises:
        BuildError: Two things would have one name, or a type has no place in the templates.
    """
    drawing = _Drawing(effective, data)
    by_id = {operation.id: operation for operation in drawing.operations()}
    models = drawing.reachable_models(by_id.values())
    return plan.Blueprint(
        version=str(effective["info"]["version"]),
        models=tuple(models[name] for name in sorted(models)),
        enums=tuple(plan.Enum(name, drawing.enums[name]) for name in sorted(drawing.enums)),
        arguments=frozenset(drawing.argument_models(by_id.values(), models)),
        operations=tuple(by_id.values()),
        sub_apis=tuple(_sub_api(sub_api, by_id) for sub_api in layout.sub_apis),
        by_name=models,
    )


class _Drawing:
    """Turns parsed properties into types, models and operations, and collects the enums on the way."""

    def __init__(self, effective: Document, data: GeneratorData) -> None:
        self.enums: dict[str, tuple[str | int, ...]] = {}
        self._owner = ("", "")  # the operation's name as the parser writes it, and as we do
        self._document = effective
        self._parsed = {str(model.class_info.name): model for model in data.models}
        self._endpoints = {
            str(endpoint.name): endpoint
            for collection in data.endpoint_collections_by_tag.values()
            for endpoint in collection.endpoints
        }
        self._schemas = {
            str(strings.ClassName(schema.get("title", name), "")): schema
            for name, schema in effective["components"]["schemas"].items()
        }

    def operations(self) -> Iterator[plan.Operation]:
        for path, method, source in operations(self._document):
            yield self._operation(path, method, source, self._endpoints[source["operationId"]])

    def _operation(self, path: str, method: str, source: dict[str, Any], endpoint: Endpoint) -> plan.Operation:
        self._owner = (strings.pascal_case(str(endpoint.name)), pascal_case(source["x-clerk-operation"]))
        parameters = {(item["in"], item["name"]): item for item in parameters_of(self._document, path, source)}
        listing = source.get("x-clerk-listing")
        kind, answer = self._answer(source, endpoint)
        operation = plan.Operation(
            id=source["x-clerk-operation"],
            module=source["operationId"],
            sub_api=source["tags"][0],
            method=method.upper(),
            path=path,
            path_parameters=tuple(self._parameter(item, parameters, "path") for item in endpoint.path_parameters),
            query_parameters=tuple(
                self._parameter(item, parameters, "query")
                for item in endpoint.query_parameters
                if item.name != "paginated"
            ),
            body=self._body(source, endpoint),
            answer_kind=kind,
            answer=answer,
            page_key=source.get("x-clerk-page", "data"),
            listing=plan.Listing(**listing) if listing and kind == "page" else None,
            send_paginated=source.get("x-clerk-send-paginated", False),
            unwrap=source.get("x-clerk-answer", {}).get("unwrap"),
            credential=_credential(source),
            errors=tuple(source["x-clerk-errors"]),
            deprecated=source.get("deprecated", False),
            summary=source.get("summary", "").strip(),
            description=source.get("description", "").strip(),
        )
        _refuse_shared_names(operation.id, [value.name for value in operation.parameters], frozenset(("client",)))
        if endpoint.header_parameters or endpoint.cookie_parameters:
            raise BuildError(f"{operation.id}: header and cookie parameters have no template")
        return operation

    def _parameter(
        self, item: Property, parameters: dict[tuple[str, str], dict[str, Any]], location: str
    ) -> plan.Value:
        name = item.name.get_untrusted_value()
        source = parameters[location, name]
        schema = resolve(self._document, source["schema"])
        return plan.Value(
            name=source.get("x-clerk-name") or snake_case(name),
            wire_name=name,
            type=self._type(item),
            required=item.required,
            deprecated=source.get("deprecated", False),
            description=source.get("description", "").strip(),
            bounds=_bounds(schema),
            prefix=source.get("x-clerk-prefix") or schema.get("x-clerk-prefix"),
            milliseconds=_is_milliseconds(source, schema),
            joined=source.get("explode") is False,
        )

    def _body(self, source: dict[str, Any], endpoint: Endpoint) -> plan.Body:
        if not endpoint.bodies:
            return plan.Body()
        if len(endpoint.bodies) > 1:
            raise BuildError(f"{source['x-clerk-operation']}: bodies of more than one content type have no template")
        body, place = endpoint.bodies[0], next(content_places(source["requestBody"]))
        if body.body_type not in ("json", "files"):
            raise BuildError(
                f"{source['x-clerk-operation']}: a body of {body.content_type.get_untrusted_value()} has no template"
            )
        schema = resolve(self._document, place.schema)
        required = source["requestBody"].get("required", False)
        if isinstance(body.prop, ModelProperty) and not _is_free(self._whole(body.prop)):
            kind: plan.BodyKind = "multipart" if body.body_type == "files" else "json_object"
            return plan.Body(kind, required, self._properties(self._whole(body.prop), schema))
        value = plan.Value("body", "body", self._type(body.prop), required, description=schema.get("description", ""))
        return plan.Body("json_value", required, (value,))

    def _answer(self, source: dict[str, Any], endpoint: Endpoint) -> tuple[plan.AnswerKind, plan.Type | None]:
        answers = [(item.source["return_type"], item.prop) for item in endpoint.responses.patterns]
        contents = [(returns, prop) for returns, prop in answers if returns != "None"]
        schemas = [place.schema for response in source["responses"].values() for place in content_places(response)]
        if len(schemas) < len(
            [place for response in source["responses"].values() for place in response.get("content", {})]
        ):
            raise BuildError(f"{source['x-clerk-operation']}: an answer without a schema has no template")
        if not contents:
            return "nothing", None
        schema = resolve(self._document, schemas[0])
        types = {self._type(prop, schema) for _, prop in contents}
        if len(types) != 1:
            raise BuildError(f"{source['x-clerk-operation']}: successful answers of different types have no template")
        returns, answer = contents[0][0], types.pop()
        if answer.nullable:
            raise BuildError(f"{source['x-clerk-operation']}: an answer that may be null has no template")
        if returns == "str":
            return "text", None
        if "x-clerk-page" in source:
            return "page", answer.item
        return "value", answer

    def reachable_models(self, found: Iterable[plan.Operation]) -> dict[str, plan.Model]:
        """Return the models that the operations' bodies and answers hold, by name."""
        self._owner = ("", "")
        waiting = [name for operation in found for kind in _types(operation) for name in kind.models]
        models: dict[str, plan.Model] = {}
        while waiting:
            name = waiting.pop()
            if name not in models:
                models[name] = self._model(name)
                waiting.extend(models[name].references)
        modules = [model.module for model in models.values()]
        for module in sorted({module for module in modules if modules.count(module) > 1}):
            raise BuildError(f"two models would stand in models/{module}.py: give one a `title` in an overlay")
        return models

    def argument_models(self, found: Iterable[plan.Operation], models: dict[str, plan.Model]) -> set[str]:
        """Return the names of the models that requests take."""
        waiting = [name for operation in found for value in operation.keywords for name in value.type.models]
        names: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name not in names:
                names.add(name)
                waiting.extend(models[name].references)
        return names

    def _model(self, name: str) -> plan.Model:
        parsed, schema = self._parsed[name], self._schemas.get(name, {})
        properties = self._properties(parsed, schema)
        _refuse_shared_names(name, [value.name for value in properties], _MODEL_NAMES)
        ordered = sorted(properties, key=lambda value: _order(value.wire_name))
        if re.search(r"(Type\d+|Response\d{3})$", name):
            raise BuildError(f"no good name for {name}: give its schema a `title` in an overlay")
        return plan.Model(name, snake_case(name), tuple(ordered), schema.get("description", "").strip())

    def _properties(self, parsed: ModelProperty, schema: Schema) -> tuple[plan.Value, ...]:
        sources = _property_schemas(self._document, schema)
        items = [*(parsed.required_properties or []), *(parsed.optional_properties or [])]
        order = list(sources)
        values = [self._property(item, sources[item.name.get_untrusted_value()]) for item in items]
        return tuple(sorted(values, key=lambda value: order.index(value.wire_name)))

    def _property(self, item: Property, source: Schema) -> plan.Value:
        name = item.name.get_untrusted_value()
        schema = resolve(self._document, source)
        return plan.Value(
            name=source.get("x-clerk-name") or snake_case(name),
            wire_name=name,
            type=self._type(item, source),
            required=item.required,
            deprecated=source.get("deprecated", False),
            description=source.get("description", "").strip(),
            bounds=_bounds(schema),
            milliseconds=_is_milliseconds(source, schema),
            pattern=schema.get("pattern"),
        )

    def _type(self, item: PropertyProtocol, schema: Schema | None = None) -> plan.Type:
        if isinstance(item, UnionProperty):
            return self._union(item, schema or {})
        if isinstance(item, ListProperty):
            inner = resolve(self._document, schema).get("items") if schema else None
            return plan.Type("list", item=self._type(item.inner_property, inner))
        if isinstance(item, LiteralEnumProperty):
            return self._enum(item)
        if isinstance(item, ModelProperty):
            return self._object(item)
        kind = _SCALAR_KINDS.get(type(item))
        if kind is None:
            raise BuildError(
                f"a property of the type {type(item).__name__} ({item.name.get_untrusted_value()}) has no template"
            )
        constants = [value for value in (schema or {}).get("enum", []) if value is not None]
        return plan.Type(kind, values=tuple(constants) if kind == "boolean" and len(constants) == 1 else ())

    def _whole(self, item: ModelProperty) -> ModelProperty:
        """Return the model with its properties: what refers to it was copied before they were parsed."""
        return self._parsed[str(item.class_info.name)]

    def _object(self, item: ModelProperty) -> plan.Type:
        item = self._whole(item)
        if not _is_free(item):
            return plan.Type("model", name=str(item.class_info.name))
        value = item.additional_properties
        if value is None or isinstance(value, AnyProperty):
            return plan.Type("object")
        return plan.Type("dict", item=self._type(value))

    def _enum(self, item: LiteralEnumProperty) -> plan.Type:
        values = tuple(sorted(item.values))
        if len(values) == 1:
            return plan.Type("enum", values=values)
        name = re.sub(r"Type\d+$", "", str(item.class_info.name)).removesuffix("Item")
        parsed_owner, owner = self._owner
        if parsed_owner and name.lower().startswith(parsed_owner.lower()):
            name = owner + name[len(parsed_owner) :].removeprefix("Body")
        if self.enums.setdefault(name, values) != values:
            raise BuildError(f"two different enums would be named {name}: give one of them a `title` in an overlay")
        return plan.Type("enum", values=values, name=name)

    def _union(self, item: UnionProperty, schema: Schema) -> plan.Type:
        inner = [member for member in item.inner_properties if not isinstance(member, NoneProperty)]
        nullable = len(inner) < len(item.inner_properties)
        if len(inner) == 1:
            found = self._type(inner[0], schema)
        elif all(isinstance(member, ModelProperty) for member in inner):
            members = tuple(self._type(member) for member in inner)
            if any(member.kind != "model" for member in members):
                raise self._no_union(item)
            tags = self._tags(members, schema)
            patterns = self._patterns(members, [name for name, _ in tags])
            found = plan.Type("union", members=members, tags=tags, patterns=patterns)
        else:
            raise self._no_union(item)
        return replace(found, nullable=nullable)

    @staticmethod
    def _no_union(item: UnionProperty) -> BuildError:
        name = item.name.get_untrusted_value()
        return BuildError(f"{name}: a union of other things than objects has no template")

    def _tags(self, members: tuple[plan.Type, ...], schema: Schema) -> Any:
        """Find the properties that tell the members apart: the discriminator, then any other that can."""
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

    def _patterns(self, members: tuple[plan.Type, ...], names: list[str]) -> tuple[tuple[str, str, str], ...]:
        """Find the members whose tag is any text of a pattern."""
        return tuple(
            (name, value.pattern, member.name or "")
            for name in names
            for member in members
            for value in self._model(member.name or "").properties
            if value.wire_name == name and value.pattern
        )

    def _values_of(self, members: tuple[plan.Type, ...], name: str) -> dict[str, str]:
        """Map each value that only one member's property can have to that member."""
        owners: dict[str, list[str]] = {}
        for member in members:
            for value in self._model(member.name or "").properties:
                if value.wire_name == name and value.type.kind == "enum":
                    for tag in value.type.values:
                        owners.setdefault(str(tag), []).append(member.name or "")
        return {tag: names[0] for tag, names in owners.items() if len(names) == 1}

    def _mapping(self, schema: Schema) -> dict[str, str]:
        mapping = schema.get("discriminator", {}).get("mapping", {})
        names = {tag: reference.rsplit("/", 1)[-1] for tag, reference in mapping.items()}
        schemas = self._document["components"]["schemas"]
        return {tag: str(strings.ClassName(schemas[name].get("title", name), "")) for tag, name in names.items()}


def _sub_api(sub_api: Any, by_id: dict[str, plan.Operation]) -> plan.SubAPI:
    methods = tuple(_method(method, by_id) for method in sub_api.methods)
    class_name = "".join(word.capitalize() for word in sub_api.name.split("_"))
    return plan.SubAPI(sub_api.name, f"{class_name}Api", methods)


def _method(method: Any, by_id: dict[str, plan.Operation]) -> plan.Method:
    first, *rest = (by_id[name] for name in method.operations)
    deprecated = method.deprecated or ("The API calls it deprecated." if first.deprecated else None)
    if not rest:
        return plan.Method(method.name, first, deprecated=deprecated)
    known = {value.wire_name for value in first.path_parameters}
    further = [value for value in rest[0].path_parameters if value.wire_name not in known]
    if len(rest) > 1 or len(further) != 1 or rest[0].keywords != first.keywords or rest[0].answer != first.answer:
        raise BuildError(f"{method.name}: operations of one method may differ by one path parameter only")
    return plan.Method(method.name, first, rest[0], replace(further[0], required=False), deprecated)


def _types(operation: plan.Operation) -> Iterator[plan.Type]:
    if operation.answer:
        yield operation.answer
    for value in operation.parameters:
        yield value.type


def _refuse_shared_names(owner: str, names: list[str], taken: frozenset[str]) -> None:
    for name in sorted({name for name in names if names.count(name) > 1 or name in taken}):
        raise BuildError(f"{owner}: more than one thing is named {name}: settle it by `x-clerk-name` in an overlay")


def _credential(source: dict[str, Any]) -> str:
    if source.get("security") == []:
        return "none"
    credential: str = source.get("x-clerk-credential", "secret_key")
    return credential


def _is_free(item: ModelProperty) -> bool:
    return not item.required_properties and not item.optional_properties


def _is_milliseconds(source: dict[str, Any], schema: Schema) -> bool:
    return "milliseconds" in (source.get("x-clerk-timestamp"), schema.get("x-clerk-timestamp"))


def _property_schemas(document: Document, schema: Schema) -> dict[str, Schema]:
    """Return the schemas of an object's properties, those of what it is composed of included."""
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


def _bounds(schema: Schema) -> tuple[str, ...]:
    """Put the limits of a value into short phrases, for the documentation."""
    phrases = {
        "minimum": "at least {}",
        "maximum": "at most {}",
        "exclusiveMinimum": "above {}",
        "minLength": "at least {} characters",
        "maxLength": "at most {} characters",
        "minItems": "at least {} items",
        "maxItems": "at most {} items",
        "pattern": "matching `{}`",
    }
    return tuple(
        phrase.format(schema[keyword])
        for keyword, phrase in phrases.items()
        if keyword in schema and schema[keyword] is not True
    )
