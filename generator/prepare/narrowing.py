"""The rules for what a document can say in several ways: they convert it to the one that the templates support."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from .. import extensions
from ..document.walk import Document, Schema, content_places, every_place, operations, resolve
from ..names import pascal_case
from .inline_objects import is_model_shape
from .limits import is_json

_IGNORED_HEADERS = ("accept", "authorization", "content-type")
_RANKS = ("multipart/form-data", "application/x-www-form-urlencoded", "text/", "application/octet-stream")


def drop_ignored_headers(document: Document) -> int:
    """In OpenAPI, a header parameter `Accept`, `Authorization` or `Content-Type` has no meaning."""
    count = 0
    for holder in [*document["paths"].values(), *(operation for _, _, operation in operations(document))]:
        parameters = holder.get("parameters", [])
        kept = [item for item in parameters if not _is_ignored(resolve(document, item))]
        if len(kept) < len(parameters):
            holder["parameters"] = kept
            count += len(parameters) - len(kept)
    return count


def _is_ignored(parameter: dict[str, str]) -> bool:
    return parameter["in"] == "header" and parameter["name"].lower() in _IGNORED_HEADERS


def choose_content(document: Document) -> int:
    """If a request body or a response has several content types, JSON is chosen, or else the most expressive one."""
    count = 0
    for _, _, operation in operations(document):
        for holder in [operation.get("requestBody", {}), *operation["responses"].values()]:
            content = holder.get("content", {})
            if len(content) > 1:
                chosen = min(content, key=_rank)
                count += len(content) - 1
                holder["content"] = {chosen: content[chosen]}
    return count


def _rank(media_type: str) -> int:
    if is_json(media_type):
        return 0
    return next((rank for rank, start in enumerate(_RANKS, 1) if media_type.startswith(start)), len(_RANKS) + 1)


def drop_null_of_bodies(document: Document) -> int:
    """Null as a whole request body means the same as no body."""
    count = 0
    for _, _, operation in operations(document):
        for place in content_places(operation.get("requestBody", {})):
            if place.schema.pop("nullable", False):
                count += 1
    return count


def keep_listed_numbers(document: Document) -> int:
    """Python has no literal types of fractional numbers: the list stays in the description, the type is any number."""

    def fix(schema: Schema) -> int:
        values = [value for value in schema.get("enum", []) if value is not None]
        if not any(isinstance(value, float) for value in values):
            return 0
        del schema["enum"]
        schema.setdefault("type", "number")
        schema[extensions.NUMBERS] = values
        return 1

    return each_schema(document, fix)


def name_booleans(document: Document) -> int:
    """An enum of true, false or both is a boolean, even if the schema has no type; with null beside, any boolean."""

    def fix(schema: Schema) -> int:
        values = [value for value in schema.get("enum", []) if value is not None]
        if not values or not all(isinstance(value, bool) for value in values):
            return 0
        has_null = len(values) < len(schema["enum"])
        if "type" in schema and not has_null:
            return 0
        schema["type"] = "boolean"
        if has_null:  # openapi-python-client can't read a nullable constant
            schema["nullable"] = True
            del schema["enum"]
        return 1

    return each_schema(document, fix)


def give_arrays_items(document: Document) -> int:
    """An array without a type for its items has items of any type."""

    def fix(schema: Schema) -> int:
        if schema.get("type") != "array" or "items" in schema:
            return 0
        schema["items"] = {}
        return 1

    return each_schema(document, fix)


def name_further_answers(document: Document) -> int:
    """The objects of several success responses are named after their statuses, from the second on."""
    count = 0
    for _, _, operation in operations(document):
        first: Schema | None = None
        for status, response in operation["responses"].items():
            for place in content_places(response):
                schema = place.schema
                if first is None:
                    first = schema
                elif is_model_shape(schema) and "title" not in schema and schema != first:
                    schema["title"] = f"{pascal_case(operation['operationId'])}{_words_of(status)}Result"
                    count += 1
    return count


def _words_of(status: str) -> str:
    if not status.isdigit():
        return "Other"
    try:
        return pascal_case(HTTPStatus(int(status)).phrase.replace("-", " "))
    except ValueError:  # a status that no standard names
        return f"Status{status}"


def each_schema(document: Document, fix: Callable[[Schema], int]) -> int:
    """Fix every schema of a document, and return the number of changes."""
    return sum(fix(place.schema) for place in every_place(document))


__all__ = [
    "choose_content",
    "drop_ignored_headers",
    "drop_null_of_bodies",
    "each_schema",
    "give_arrays_items",
    "keep_listed_numbers",
    "name_booleans",
    "name_further_answers",
]
