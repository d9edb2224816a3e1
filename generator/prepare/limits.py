"""Refuses whatever the templates don't support, with its place and a remedy, before the code is generated.

So nothing in the document is left out silently.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .._errors import BuildError, naming
from ..document.walk import Document, Schema, every_place, operations, parameters_of, pointers_to, resolve

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_STYLES = {"header": "simple", "path": "simple", "query": "form"}
_SHAPES = ("properties", "additionalProperties")

OF_THE_CLIENT = frozenset(
    ("accept-encoding", "clerk-api-version", "connection", "content-length", "cookie", "host", "transfer-encoding")
    + ("user-agent",)
)
"""Headers that the client sets, in lower case."""


def refuse_unsupported(document: Document) -> None:
    """Refuse a corrected document that contains something the templates don't support.

    Raises:
        BuildError: It contains something unsupported; the message says what, where, and what to do.
    """
    for path, _, operation in operations(document):
        with naming(operation["operationId"]):
            for parameter in parameters_of(document, path, operation):
                _check_parameter(document, parameter)
            _check_body(resolve(document, operation.get("requestBody", {})))
            for response in _successes(operation):
                _check_answer(resolve(document, response))
    for place in every_place(document):
        problem = _problem_of(place.schema)
        if problem:
            raise BuildError(f"{next(pointers_to(place.schema, document))}: {problem}")


def is_json(media_type: str) -> bool:
    """Return whether a media type is JSON."""
    name = media_type.partition(";")[0].strip()
    return name == "application/json" or name.endswith("+json")


def _successes(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    statuses = operation["responses"]
    if "default" in statuses and not any(status.startswith("2") for status in statuses):
        raise BuildError("the only response besides errors is `default`: say in an overlay which status means success")
    for status, response in statuses.items():
        if status.startswith("2"):
            yield response


def _check_parameter(document: Document, parameter: dict[str, Any]) -> None:
    name, place = parameter["name"], parameter["in"]
    if place == "cookie":
        raise BuildError(f"{name}: a cookie parameter is not supported: remove it in an overlay")
    if place == "header" and name.lower() in OF_THE_CLIENT:
        raise BuildError(f"{name}: the client sets this header itself: remove the parameter in an overlay")
    if "schema" not in parameter:
        raise BuildError(f"{name}: a parameter with `content` is not supported: give it a `schema` in an overlay")
    if parameter.get("style", _STYLES[place]) != _STYLES[place]:
        raise BuildError(f"{name}: the style {parameter['style']} is not supported: remove the parameter in an overlay")
    if parameter.get("allowReserved"):
        raise BuildError(f"{name}: `allowReserved` is not supported: remove it in an overlay")
    schema = resolve(document, parameter["schema"])
    if schema.get("type") == "array" and place != "query":
        raise BuildError(f"{name}: an array outside the query is not supported: change it in an overlay")
    if _has_objects(document, schema):
        raise BuildError(f"{name}: an object parameter is not supported: remove it in an overlay")


def _has_objects(document: Document, schema: Schema) -> bool:
    """Whether a value can be an object, or a list with objects."""
    schema = resolve(document, schema)
    if schema.get("type") == "object" or any(key in schema for key in _SHAPES):
        return True
    members = [member for keyword in ("oneOf", "anyOf", "allOf") for member in schema.get(keyword, [])]
    return any(_has_objects(document, member) for member in (*members, schema.get("items", {})) if member)


def _check_body(body: dict[str, Any]) -> None:
    content = {
        media_type.partition(";")[0].strip(): described for media_type, described in body.get("content", {}).items()
    }
    if not content:
        return
    supported = [media_type for media_type in content if media_type in _FORMS or is_json(media_type)]
    if not supported:
        raise BuildError(
            f"a body of {next(iter(content))} is not supported: give it another content type in an overlay"
        )
    for media_type in [name for name in supported if is_json(name)] or supported:  # JSON is what is sent, if possible
        if "schema" not in content[media_type]:
            raise BuildError("a body without a schema is not supported: give it one in an overlay")
        if not is_json(media_type) and content[media_type].get("encoding"):
            raise BuildError("the `encoding` of a form is not supported: remove it in an overlay")


def _check_answer(response: dict[str, Any]) -> None:
    content = response.get("content", {})
    for media_type, described in content.items():
        if is_json(media_type) and "schema" not in described:
            raise BuildError("a response without a schema is not supported: give it one in an overlay")
    if content and not any(_is_readable(media_type) for media_type in content):
        raise BuildError(f"a response of {next(iter(content))} is not supported: give it another type in an overlay")


def _is_readable(media_type: str) -> bool:
    return is_json(media_type) or media_type.startswith(("text/", "application/octet-stream"))


def _problem_of(schema: Schema) -> str:
    values = {type(value) for value in schema.get("enum", []) if value is not None}
    if len(values) > 1 and not values <= {int, float}:
        return "an enum of values of different types is not supported: change it in an overlay"
    if values & {dict, list}:
        return "an enum of objects or arrays is not supported: remove it in an overlay"
    if "properties" in schema and any(
        set(member) != {"required"} for keyword in ("anyOf", "oneOf") for member in schema.get(keyword, [])
    ):
        return "properties next to `anyOf` or `oneOf` are not supported: move them into its members in an overlay"
    return ""


__all__ = ["OF_THE_CLIENT", "is_json", "refuse_unsupported"]
