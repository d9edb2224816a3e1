"""Proposes names for new models without one: formed like those of their neighbours, kept in an overlay."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from typing import Any

from ..document.corrections import path_to
from ..document.overlays import Location
from ..document.walk import Document, Schema, operations
from ..names import pascal_case, split_words
from ..prepare.inline_objects import is_model_shape, name_inline_objects
from ..prepare.rules import page_shape
from .drafts import Draft
from .renames import Renames

_REASON = "A name like those of its neighbours."


def propose(former: Document, corrected: Document, renames: Renames) -> list[Draft]:
    """Propose a title for each new object without a name that can be used for its class.

    Args:
        former: The old corrected document.
        corrected: The new corrected document.
        renames: What was renamed: it keeps its class.

    Returns:
        Drafts of overlay actions, each with a `title`.
    """
    taken = {_title(name, schema) for name, schema in corrected.get("components", {}).get("schemas", {}).items()}
    drafts: dict[Location, Draft] = {}
    found = [*_kept(former, corrected, renames), *_components(former, corrected), *_inline(former, corrected)]
    for location, title, reason in found:
        if title not in taken and location not in drafts:
            taken.add(title)
            drafts[location] = Draft(path_to(corrected, location), {"title": title}, reason)
    return list(drafts.values())


def _kept(former: Document, corrected: Document, renames: Renames) -> Iterator[tuple[Location, str, str]]:
    for (section, old), new in renames.components.items():
        before = former["components"].get(section, {}).get(old)
        now = corrected["components"].get(section, {}).get(new)
        if section != "schemas" or before is None or now is None or not is_model_shape(now):
            continue
        if _title(old, before) != _title(new, now):
            yield (
                ("components", section, new),
                _title(old, before),
                f"Clerk calls it {new} now; the class keeps its name.",
            )


def _components(former: Document, corrected: Document) -> Iterator[tuple[Location, str, str]]:
    """Components whose names can't be used for classes."""
    known = former.get("components", {}).get("schemas", {})
    for name, schema in corrected.get("components", {}).get("schemas", {}).items():
        if name not in known and is_model_shape(schema) and "title" not in schema and pascal_case(name) != name:
            yield ("components", "schemas", name), pascal_case(name), _REASON


def _inline(former: Document, corrected: Document) -> Iterator[tuple[Location, str, str]]:
    known = {location for location, _ in _untitled(former)}
    named = copy.deepcopy(corrected)
    name_inline_objects(named)
    for location, schema in _untitled(corrected):
        if location in known:
            continue
        title = _at(named, location).get("title") or _title_of_answer(location)
        if title is not None:
            yield location, _like_neighbours(title, location, schema), _REASON


def _untitled(document: Document) -> Iterator[tuple[Location, Schema]]:
    """Yield objects without a title, in responses, requests and components, with their places."""
    components = document.get("components", {})
    methods = _methods_of_responses(document)
    for name, response in components.get("responses", {}).items():
        if name in methods:
            yield from _answered(document, response, ("components", "responses", name), methods[name] == {"get"})
    for name, schema in components.get("schemas", {}).items():
        yield from _inside(schema, ("components", "schemas", name))
    for path, method, operation in operations(document):
        here: Location = ("paths", path, method)
        for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
            yield from _inside(content.get("schema", {}), (*here, "requestBody", "content", media_type, "schema"))
        for status, response in operation["responses"].items():
            if status.startswith("2") and "$ref" not in response:
                yield from _answered(document, response, (*here, "responses", status), method == "get")


def _answered(document: Document, response: Any, way: Location, is_read: bool) -> Iterator[tuple[Location, Schema]]:
    """Yield the objects in a response; the list of a list operation is not one of them."""
    for media_type, content in response.get("content", {}).items():
        schema, place = content.get("schema", {}), (*way, "content", media_type, "schema")
        yield from (_inside if is_read and page_shape(document, schema) else _below)(schema, place)


def _inside(schema: Schema, way: Location) -> Iterator[tuple[Location, Schema]]:
    for name, value in schema.items():
        yield from _below(value, (*way, name))


def _below(node: Any, way: Location) -> Iterator[tuple[Location, Schema]]:
    if isinstance(node, dict):
        is_object = is_model_shape(node) and isinstance(node.get("properties", {}), dict)
        if is_object and "title" not in node and way[-2:-1] != ("allOf",):
            yield way, node
        for name, value in node.items():
            yield from _below(value, (*way, name))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _below(value, (*way, index))


def _methods_of_responses(document: Document) -> dict[str, set[str]]:
    """Return the HTTP methods of the operations that use a shared response, by its name."""
    found: dict[str, set[str]] = {}
    for _, method, operation in operations(document):
        for status, response in operation["responses"].items():
            if status.startswith("2") and "$ref" in response:
                found.setdefault(response["$ref"].rsplit("/", 1)[-1], set()).add(method)
    return found


def _title_of_answer(location: Location) -> str | None:
    """Return the name that a shared response gives its object; objects inside it are named in the operations."""
    if location[:2] == ("components", "responses") and location[-1] == "schema":
        return pascal_case(str(location[2]))
    return None


def _like_neighbours(title: str, location: Location, schema: Schema) -> str:
    """`MachineDeleted` -> `DeletedMachine`; models that are only sent end in `Params`."""
    if "requestBody" in location:
        return title if title.endswith("Params") else f"{title}Params"
    if {"deleted", "id"} <= schema.get("properties", {}).keys():
        parts = [
            word for word in split_words(re.sub(r"Result$", "", title)) if word.lower() not in ("delete", "deleted")
        ]
        return f"Deleted{''.join(parts)}"
    return title


def _title(name: str, schema: Schema) -> str:
    return str(schema.get("title", pascal_case(name)))


def _at(document: Document, location: Iterable[str | int]) -> Any:  # any JSON value
    node: Any = document
    for token in location:
        node = node[token]
    return node


__all__ = ["propose"]
