"""Draws up the blueprint of the code from what openapi-python-client parsed.

What its parser leaves out (`explode`, `discriminator`, security, our extensions) is read from the effective document
beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import ModelProperty, Property

from .. import extensions
from .._errors import BuildError
from ..document.walk import Document, content_places, operations, parameters_of, resolve
from ..names import snake_case
from ..prepare.layout import Layout
from . import blueprint
from .docstrings import AVOID
from .types import Types, bounds, is_free, is_milliseconds, refuse_shared_names


def draw(effective: Document, data: GeneratorData, layout: Layout) -> blueprint.Blueprint:
    """Draw up the blueprint of everything to render.

    Raises:
        BuildError: Two things would have one name, or a type has no place in the templates.
    """
    drawing = _Drawing(effective, data)
    by_id = {operation.id: operation for operation in drawing.operations()}
    models = drawing.reachable_models(by_id.values())
    return blueprint.Blueprint(
        version=str(effective["info"]["version"]),
        models=tuple(models[name] for name in sorted(models)),
        enums=tuple(blueprint.Enum(name, drawing.types.enums[name]) for name in sorted(drawing.types.enums)),
        arguments=frozenset(drawing.argument_models(by_id.values(), models)),
        operations=tuple(by_id.values()),
        sub_apis=tuple(_sub_api(sub_api, by_id) for sub_api in layout.sub_apis),
        by_name=models,
    )


class _Drawing:
    """Turns parsed endpoints into operations, and finds the models that they need."""

    def __init__(self, effective: Document, data: GeneratorData) -> None:
        self.types = Types(effective, data)
        self._document = effective
        self._endpoints = {
            str(endpoint.name): endpoint
            for collection in data.endpoint_collections_by_tag.values()
            for endpoint in collection.endpoints
        }

    def operations(self) -> Iterator[blueprint.Operation]:
        for path, method, source in operations(self._document):
            yield self._operation(path, method, source, self._endpoints[source["operationId"]])

    def _operation(self, path: str, method: str, source: dict[str, Any], endpoint: Endpoint) -> blueprint.Operation:
        self.types.belong_to(str(endpoint.name), source[extensions.OPERATION])
        parameters = {(item["in"], item["name"]): item for item in parameters_of(self._document, path, source)}
        listing = source.get(extensions.LISTING)
        kind, answer = self._answer(source, endpoint)
        operation = blueprint.Operation(
            id=source[extensions.OPERATION],
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
            header_parameters=tuple(self._parameter(item, parameters, "header") for item in endpoint.header_parameters),
            body=self._body(source, endpoint),
            answer_kind=kind,
            answer=answer,
            page_key=source.get(extensions.PAGE, "data"),
            listing=blueprint.Listing(**listing) if listing and kind == "page" else None,
            send_paginated=source.get(extensions.SEND_PAGINATED, False),
            unwrap=source.get(extensions.ANSWER, {}).get("unwrap"),
            credential=_credential(source),
            errors=tuple(source[extensions.ERRORS]),
            deprecated=source.get("deprecated", False),
            summary=source.get("summary", "").strip(),
            description=source.get("description", "").strip(),
        )
        if endpoint.cookie_parameters:
            raise BuildError(f"{operation.id}: cookie parameters have no template: take them out by an overlay")
        refuse_shared_names(operation.id, [value.name for value in operation.parameters], frozenset(("client",)))
        return operation

    def _parameter(
        self, item: Property, parameters: dict[tuple[str, str], dict[str, Any]], location: str
    ) -> blueprint.Value:
        name = item.name.get_untrusted_value()
        source = parameters[location, name]
        schema = resolve(self._document, source["schema"])
        return blueprint.Value(
            name=source.get(extensions.NAME) or snake_case(name),
            wire_name=name,
            type=self.types.with_known_values(self.types.type_of(item), name, schema),
            required=item.required,
            deprecated=source.get("deprecated", False),
            instead=source.get(extensions.INSTEAD, ""),
            description=source.get("description", "").strip(),
            bounds=bounds(schema),
            prefix=source.get(extensions.PREFIX) or schema.get(extensions.PREFIX),
            milliseconds=is_milliseconds(source, schema),
            joined=source.get("explode") is False,
        )

    def _body(self, source: dict[str, Any], endpoint: Endpoint) -> blueprint.Body:
        if not endpoint.bodies:
            return blueprint.Body()
        if len(endpoint.bodies) > 1:
            raise BuildError(f"{source[extensions.OPERATION]}: bodies of more than one content type have no template")
        body, place = endpoint.bodies[0], next(content_places(source["requestBody"]))
        if body.body_type not in ("json", "files"):
            raise BuildError(
                f"{source[extensions.OPERATION]}: a body of {body.content_type.get_untrusted_value()} has no template"
            )
        schema = resolve(self._document, place.schema)
        required = source["requestBody"].get("required", False)
        if isinstance(body.prop, ModelProperty) and not is_free(self.types.whole(body.prop)):
            kind: blueprint.BodyKind = "multipart" if body.body_type == "files" else "json_object"
            return blueprint.Body(kind, required, self.types.properties(self.types.whole(body.prop), schema))
        value = blueprint.Value(
            "body", "body", self.types.type_of(body.prop), required, description=schema.get("description", "")
        )
        return blueprint.Body("json_value", required, (value,))

    def _answer(self, source: dict[str, Any], endpoint: Endpoint) -> tuple[blueprint.AnswerKind, blueprint.Type | None]:
        answers = [(item.source["return_type"], item.prop) for item in endpoint.responses.patterns]
        contents = [(returns, prop) for returns, prop in answers if returns != "None"]
        schemas = [place.schema for response in source["responses"].values() for place in content_places(response)]
        if len(schemas) < sum(len(response.get("content", {})) for response in source["responses"].values()):
            raise BuildError(f"{source[extensions.OPERATION]}: an answer without a schema has no template")
        if not contents:
            return "nothing", None
        schema = resolve(self._document, schemas[0])
        types = {self.types.type_of(prop, schema) for _, prop in contents}
        if len(types) != 1:
            raise BuildError(f"{source[extensions.OPERATION]}: successful answers of different types have no template")
        returns, answer = contents[0][0], types.pop()
        if answer.nullable:
            raise BuildError(f"{source[extensions.OPERATION]}: an answer that may be null has no template")
        if returns == "str":
            return "text", None
        if extensions.PAGE in source:
            return "page", answer.item
        return "value", answer

    def reachable_models(self, found: Iterable[blueprint.Operation]) -> dict[str, blueprint.Model]:
        """Return the models that the operations' bodies and answers hold, by name."""
        self.types.belong_to()
        waiting = [name for operation in found for kind in _types(operation) for name in kind.models]
        models: dict[str, blueprint.Model] = {}
        while waiting:
            name = waiting.pop()
            if name not in models:
                models[name] = self.types.model(name)
                waiting.extend(models[name].references)
        modules = [model.module for model in models.values()]
        for module in sorted({module for module in modules if modules.count(module) > 1}):
            raise BuildError(f"two models would stand in models/{module}.py: give one a `title` in an overlay")
        return models

    def argument_models(self, found: Iterable[blueprint.Operation], models: dict[str, blueprint.Model]) -> set[str]:
        """Return the names of the models that requests take."""
        waiting = [name for operation in found for value in operation.keywords for name in value.type.models]
        names: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name not in names:
                names.add(name)
                waiting.extend(models[name].references)
        return names


def _sub_api(sub_api: Any, by_id: dict[str, blueprint.Operation]) -> blueprint.SubAPI:
    methods = tuple(_method(method, by_id) for method in sub_api.methods)
    class_name = "".join(word.capitalize() for word in sub_api.name.split("_"))
    return blueprint.SubAPI(sub_api.name, f"{class_name}Api", methods, sub_api.about)


def _method(method: Any, by_id: dict[str, blueprint.Operation]) -> blueprint.Method:
    first, *rest = (by_id[name] for name in method.operations)
    deprecated = method.deprecated or (AVOID if first.deprecated else None)
    if not rest:
        return blueprint.Method(method.name, first, deprecated=deprecated)
    known = {value.wire_name for value in first.path_parameters}
    further = [value for value in rest[0].path_parameters if value.wire_name not in known]
    if len(rest) > 1 or len(further) != 1 or rest[0].keywords != first.keywords or rest[0].answer != first.answer:
        raise BuildError(f"{method.name}: operations of one method may differ by one path parameter only")
    return blueprint.Method(method.name, first, rest[0], replace(further[0], required=False), deprecated)


def _types(operation: blueprint.Operation) -> Iterator[blueprint.Type]:
    if operation.answer:
        yield operation.answer
    for value in operation.parameters:
        yield value.type


def _credential(source: dict[str, Any]) -> str:
    if source.get("security") == []:
        return "none"
    credential: str = source.get(extensions.CREDENTIAL, "secret_key")
    return credential
