"""Builds the blueprint of the code from what openapi-python-client parsed.

What the parser leaves out (`explode`, `discriminator`, security, our extensions) is read from the effective document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import ModelProperty, Property

from .. import extensions
from .._errors import BuildError, naming
from ..document.walk import Document, content_places, operations, parameters_of, resolve
from ..names import snake_case
from ..prepare.layout import Layout, MethodEntry, SubAPIEntry
from . import blueprint
from .docstrings import AVOID
from .types import Types, bounds, is_free, is_milliseconds, one_of, refuse_shared_names


def draw(effective: Document, data: GeneratorData, layout: Layout) -> blueprint.Blueprint:
    """Build the blueprint of everything to render.

    Raises:
        BuildError: Two things would have the same name, or a type is not supported.
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
    )


class _Drawing:
    """Converts parsed endpoints to operations, and finds the models that they need."""

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
            with naming(source[extensions.OPERATION]):
                found = self._operation(path, method, source, self._endpoints[source["operationId"]])
            yield found

    def _operation(self, path: str, method: str, source: dict[str, Any], endpoint: Endpoint) -> blueprint.Operation:
        self.types.belong_to(str(endpoint.name), source[extensions.OPERATION])
        parameters = {(item["in"], item["name"]): item for item in parameters_of(self._document, path, source)}
        listing = source.get(extensions.LISTING)
        answers = self._answers(source, endpoint)
        kind, answer = _answer(answers, is_page=extensions.PAGE in source)
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
            by_status=tuple(answers) if len(answers) > 1 else (),
            media_type=answers[0].media_type if len(answers) == 1 else "",
        )
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
            # Null can't be sent as text.
            type=self.types.with_known_values(replace(self.types.type_of(item), nullable=False), name, schema),
            required=item.required,
            deprecated=source.get("deprecated", False),
            instead=source.get(extensions.INSTEAD, ""),
            description=source.get("description", "").strip(),
            bounds=bounds(schema),
            prefix=source.get(extensions.PREFIX),
            milliseconds=is_milliseconds(source, schema),
            joined=source.get("explode") is False,
        )

    def _body(self, source: dict[str, Any], endpoint: Endpoint) -> blueprint.Body:
        if not endpoint.bodies:
            return blueprint.Body()
        body, place = endpoint.bodies[0], next(content_places(source["requestBody"]))
        schema = resolve(self._document, place.schema)
        required = source["requestBody"].get("required", False)
        if isinstance(body.prop, ModelProperty) and not is_free(self.types.whole(body.prop)):
            kind: blueprint.BodyKind = _BODY_KINDS.get(body.body_type, "json_object")
            properties = self.types.properties(self.types.whole(body.prop), schema)
            if kind != "json_object":  # null can't be sent as text
                properties = tuple(replace(value, type=replace(value.type, nullable=False)) for value in properties)
            return blueprint.Body(kind, required, properties)
        if body.body_type in _BODY_KINDS:
            raise BuildError("a form without properties is not supported: give it some in an overlay")
        value = blueprint.Value(
            "body", "body", self.types.type_of(body.prop), required, description=schema.get("description", "")
        )
        return blueprint.Body("json_value", required, (value,))

    def _answers(self, source: dict[str, Any], endpoint: Endpoint) -> list[blueprint.StatusAnswer]:
        """Return the responses of the operation, or only one if all success statuses have the same."""
        found: list[blueprint.StatusAnswer] = []
        for item in endpoint.responses.patterns:
            status = item.status_code.pattern
            content: dict[str, dict[str, Any]] = source["responses"][status].get("content", {})
            media_type = next(iter(content), "")
            kind = _ANSWER_KINDS.get(item.source["return_type"], "value")
            schema = resolve(self._document, content[media_type]["schema"]) if kind == "value" else {}
            kind_of_value = self.types.type_of(item.prop, schema) if kind == "value" else None
            found.append(blueprint.StatusAnswer(status, kind, kind_of_value, media_type if kind == "text" else ""))
        alike = {(one.kind, one.type, one.media_type) for one in found}
        return found[:1] if len(alike) == 1 else found

    def reachable_models(self, found: Iterable[blueprint.Operation]) -> dict[str, blueprint.Model]:
        """Return the models in the bodies and responses of the operations, by name."""
        self.types.belong_to()
        waiting = [name for operation in found for kind in _types(operation) for name in kind.models]
        models: dict[str, blueprint.Model] = {}
        while waiting:
            name = waiting.pop()
            if name not in models:
                with naming(name):
                    models[name] = self.types.model(name)
                waiting.extend(models[name].references)
        modules = [model.module for model in models.values()]
        for module in sorted({module for module in modules if modules.count(module) > 1}):
            raise BuildError(f"two models would share models/{module}.py: give one a `title` in an overlay")
        return models

    def argument_models(self, found: Iterable[blueprint.Operation], models: dict[str, blueprint.Model]) -> set[str]:
        """Return the names of the models that are used in requests."""
        waiting = [name for operation in found for value in operation.keywords for name in value.type.models]
        names: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name not in names:
                names.add(name)
                waiting.extend(models[name].references)
        return names


_BODY_KINDS: dict[str, blueprint.BodyKind] = {"data": "form", "files": "multipart"}
_ANSWER_KINDS: dict[str, blueprint.AnswerKind] = {"None": "nothing", "str": "text", "bytes": "bytes"}


def _answer(
    answers: list[blueprint.StatusAnswer], *, is_page: bool
) -> tuple[blueprint.AnswerKind, blueprint.Type | None]:
    """Return the combined kind and type of the responses of an operation."""
    if not answers:
        return "nothing", None
    if len(answers) == 1:
        [one] = answers
        return ("page", one.type.item) if is_page and one.type else (one.kind, one.type)
    if is_page or any(one.kind == "bytes" for one in answers):
        raise BuildError("pages or bytes among other responses are not supported: remove one response in an overlay")
    kinds = [one.type or blueprint.Type("text") for one in answers if one.kind != "nothing"]
    return "value", one_of(kinds, nullable=len(kinds) < len(answers))


def _sub_api(sub_api: SubAPIEntry, by_id: dict[str, blueprint.Operation]) -> blueprint.SubAPI:
    methods = tuple(_method(method, by_id) for method in sub_api.methods)
    class_name = "".join(word.capitalize() for word in sub_api.name.split("_"))
    return blueprint.SubAPI(sub_api.name, f"{class_name}Api", methods, sub_api.about)


def _method(method: MethodEntry, by_id: dict[str, blueprint.Operation]) -> blueprint.Method:
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
