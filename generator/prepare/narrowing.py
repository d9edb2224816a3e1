"""The rules for what a document may say in several ways: the templates know one, which means the same."""

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
    """By OpenAPI, a parameter that is the header `Accept`, `Authorization` or `Content-Type` means nothing."""
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
    """Where a body or an answer may come in several content types, JSON is chosen, or else what says most."""
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
    """Null as the whole of a body says what no body says."""
    count = 0
    for _, _, operation in operations(document):
        for place in content_places(operation.get("requestBody", {})):
            if place.schema.pop("nullable", False):
                count += 1
    return count


def keep_listed_numbers(document: Document) -> int:
    """Python has no literals of numbers that aren't whole: what is listed stays in words, and any number is typed."""

    def fix(schema: Schema) -> int:
        values = [value for value in schema.get("enum", []) if value is not None]
        if not any(isinstance(value, float) for value in values):
            return 0
        del schema["enum"]
        schema.setdefault("type", "number")
        schema[extensions.NUMBERS] = values
        return 1

    return _each_schema(document, fix)


def name_booleans(document: Document) -> int:
    """True or false as the only value of an enum is a boolean, whether or not the schema says so."""

    def fix(schema: Schema) -> int:
        values = [value for value in schema.get("enum", []) if value is not None]
        if "type" in schema or not values or not all(isinstance(value, bool) for value in values):
            return 0
        if len(values) < len(schema["enum"]):
            schema["nullable"] = True
        schema.update(type="boolean", enum=values)
        return 1

    return _each_schema(document, fix)


def give_arrays_items(document: Document) -> int:
    """An array that doesn't say of what it is one is one of anything."""

    def fix(schema: Schema) -> int:
        if schema.get("type") != "array" or "items" in schema:
            return 0
        schema["items"] = {}
        return 1

    return _each_schema(document, fix)


def name_further_answers(document: Document) -> int:
    """The objects of several answers of success are named after their statuses, from the second on."""
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
    return pascal_case(HTTPStatus(int(status)).phrase.replace("-", " ")) if status.isdigit() else "Other"


def _each_schema(document: Document, fix: Callable[[Schema], int]) -> int:
    return sum(fix(place.schema) for place in every_place(document))


__all__ = [
    "choose_content",
    "drop_ignored_headers",
    "drop_null_of_bodies",
    "give_arrays_items",
    "keep_listed_numbers",
    "name_booleans",
    "name_further_answers",
]
