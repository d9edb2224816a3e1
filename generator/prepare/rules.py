"""The general rules that make the effective document from the corrected one.

Each fixes one kind of thing that openapi-python-client can't read, or would turn into something worse than the document
says, wherever it occurs. Whatever concerns a single operation is an overlay action instead. A rule changes the document
in place and returns the number of places it changed.
"""

from __future__ import annotations

import copy
from collections.abc import Callable

from .. import extensions
from ..document.strict import is_with_null
from ..document.walk import (
    Document,
    Schema,
    content_places,
    every_place,
    operations,
    parameters_of,
    reachable_schemas,
    resolve,
)
from ..names import pascal_case, snake_case
from .inline_objects import hoist_named_objects, is_model_shape, name_inline_objects
from .layout import Layout
from .limits import refuse_unsupported
from .narrowing import (
    choose_content,
    drop_ignored_headers,
    drop_null_of_bodies,
    each_schema,
    give_arrays_items,
    keep_listed_numbers,
    name_booleans,
    name_further_answers,
)


def effective_document(corrected: Document, layout: Layout) -> tuple[Document, dict[str, int]]:
    """Apply all rules to a copy of the corrected document.

    Returns:
        The effective document, and how many places each rule changed.

    Raises:
        BuildError: Something in the document is not supported, or two objects would have the same name.
    """
    refuse_unsupported(corrected)
    document = copy.deepcopy(corrected)
    counts = {rule.__name__: rule(document) for rule in RULES}
    counts["place_operations"] = place_operations(document, layout)
    return document, counts


def drop_error_responses(document: Document) -> int:
    """All errors have the same body and become exceptions: responses of 3xx, 4xx and 5xx need no models.

    The statuses are kept in `x-clerk-errors`, to document what an operation raises.
    """
    count = 0
    for _, _, operation in operations(document):
        statuses = [status for status in operation["responses"] if not status.startswith("2")]
        operation[extensions.ERRORS] = sorted(status for status in statuses if status.isdigit())
        for status in statuses:
            del operation["responses"][status]
            count += 1
    return count


def inline_shared_responses(document: Document) -> int:
    """A shared response is inlined into each operation, after its object was named.

    openapi-python-client would name its object after the first operation it finds.
    """
    for name, response in document.get("components", {}).get("responses", {}).items():
        for media_type in response.get("content", {}).values():
            schema = media_type.get("schema", {})
            if is_model_shape(schema):
                schema.setdefault("title", pascal_case(name))
    count = 0
    for _, _, operation in operations(document):
        for status, response in operation["responses"].items():
            if "$ref" in response:
                operation["responses"][status] = copy.deepcopy(resolve(document, response))
                count += 1
    document.get("components", {}).pop("responses", None)
    return count


def inline_shared_bodies(document: Document) -> int:
    """A shared request body is inlined into each operation: its properties become the method's keywords."""
    count = 0
    for _, _, operation in operations(document):
        if "$ref" in operation.get("requestBody", {}):
            operation["requestBody"] = copy.deepcopy(resolve(document, operation["requestBody"]))
            count += 1
    document.get("components", {}).pop("requestBodies", None)
    return count


def drop_required_only_unions(document: Document) -> int:
    """A union whose members only list required properties turns an object into `Any`, or into broken code."""

    def fix(schema: Schema) -> int:
        count = 0
        for keyword in ("anyOf", "oneOf"):
            if schema.get(keyword) and all(set(member) == {"required"} for member in schema[keyword]):
                del schema[keyword]
                count += 1
        return count

    return each_schema(document, fix)


def gather_null(document: Document) -> int:
    """A union of a value and null becomes a nullable value, which openapi-python-client understands."""

    def fix(schema: Schema) -> int:
        if not is_with_null(schema):
            return 0
        schema.update(schema.pop("anyOf")[0])
        return 1

    return each_schema(document, fix)


def drop_type_beside_references(document: Document) -> int:
    """`type: object` beside a composition of references makes openapi-python-client drop `nullable`."""

    def fix(schema: Schema) -> int:
        members = [member for keyword in ("oneOf", "anyOf", "allOf") for member in schema.get(keyword, [])]
        if schema.get("type") == "object" and "properties" not in schema and members:
            del schema["type"]
            return 1
        return 0

    return each_schema(document, fix)


def keep_facts_beside_references(document: Document) -> int:
    """OpenAPI 3.0 ignores everything beside `$ref`: with `nullable`, the reference is wrapped in `allOf`."""

    def fix(schema: Schema) -> int:
        if "$ref" not in schema or not schema.get("nullable"):
            return 0
        schema["allOf"] = [{"$ref": schema.pop("$ref")}]
        return 1

    return each_schema(document, fix)


def move_null_to_references(document: Document) -> int:
    """A nullable component would become a class `...Type0`: `nullable` moves to the references to it."""
    schemas = document.get("components", {}).get("schemas", {})
    nullable = {
        f"#/components/schemas/{name}" for name, s in schemas.items() if s.get("nullable") and "properties" in s
    }
    for place in list(every_place(document)):
        if place.schema.get("$ref") in nullable and not place.is_part:
            place.container[place.key] = {**place.schema, "nullable": True}
    for reference in nullable:
        del resolve(document, {"$ref": reference})["nullable"]
    return len(nullable)


def drop_type_beside_null(document: Document) -> int:
    """An enum that contains null would become a union with any text if it had a `type`."""

    def fix(schema: Schema) -> int:
        if None in schema.get("enum", []) and "type" in schema:
            del schema["type"]
            return 1
        return 0

    return each_schema(document, fix)


def open_responses(document: Document) -> int:
    """`additionalProperties: false` in a response would drop new properties, which must not get lost.

    Requests stay closed; no schema is used in both.
    """
    answers = (
        place
        for _, _, operation in operations(document)
        for response in operation["responses"].values()
        for place in content_places(response)
    )
    closed = [s for s in reachable_schemas(document, answers) if s.get("additionalProperties") is False]
    for schema in closed:
        del schema["additionalProperties"]
    return len(closed)


def keep_page_limits(document: Document) -> int:
    """The default of `limit` is the page size: it is kept in `x-clerk-listing` before defaults are dropped."""
    count = 0
    for path, _, operation in operations(document):
        query = {item["name"]: item for item in parameters_of(document, path, operation) if item["in"] == "query"}
        if "limit" in query and "offset" in query:
            limit = resolve(document, query["limit"]["schema"])
            default = int(limit.get("default", 10))
            operation[extensions.LISTING] = {
                "default_limit": default,
                "maximum_limit": int(limit.get("maximum", default)),
                "cursor": "starting_after" if "starting_after" in query else None,
            }
            count += 1
    return count


def drop_defaults(document: Document) -> int:
    """openapi-python-client would send the service's defaults as if the caller had passed them."""

    def fix(schema: Schema) -> int:
        return 0 if schema.pop("default", _ABSENT) is _ABSENT else 1

    return each_schema(document, fix)


def require_bodies(document: Document) -> int:
    """A body that is an array, or has required properties, is required even if the operation doesn't say so."""
    count = 0
    for _, _, operation in operations(document):
        body = operation.get("requestBody")
        if body is None or body.get("required"):
            continue
        if any(_asks_for_something(document, place.schema) for place in content_places(body)):
            body["required"] = True
            count += 1
    return count


def _asks_for_something(document: Document, schema: Schema) -> bool:
    schema = resolve(document, schema)
    if schema.get("required") or schema.get("type") == "array":
        return True
    return any(_asks_for_something(document, member) for member in schema.get("allOf", []))


def merge_members(document: Document) -> int:
    """`allOf` with one inline member becomes one object: openapi-python-client ignores `required` beside it."""

    def fix(schema: Schema) -> int:
        members = schema.get("allOf", [])
        if len(members) != 1 or "$ref" in members[0]:
            return 0
        del schema["allOf"]
        for key, value in members[0].items():
            if key == "properties":
                schema[key] = {**value, **schema.get(key, {})}
            elif key == "required":
                schema[key] = list(dict.fromkeys([*value, *schema.get(key, [])]))
            else:
                schema.setdefault(key, value)
        return 1

    return each_schema(document, fix)


def unwrap_pages(document: Document) -> int:
    """A list operation returns an array, an object with array and total, or either: that becomes the array.

    `x-clerk-page` keeps the name of the property that holds the array, so that both shapes can be decoded.
    """
    count = 0
    for _, method, operation in operations(document):
        answers = [place for response in operation["responses"].values() for place in content_places(response)]
        for place in answers if method == "get" else ():
            shape = page_shape(document, place.schema)
            if shape:
                operation[extensions.PAGE], items = shape
                place.container[place.key] = {"type": "array", "items": items}
                count += 1
    return count


def page_shape(document: Document, schema: Schema) -> tuple[str, Schema] | None:
    """Return the property that holds the items of a list response, and their schema; None if it is not a list."""
    schema = resolve(document, schema)
    if "oneOf" in schema:
        shapes = [page_shape(document, member) for member in schema["oneOf"]]
        found = [shape for shape in shapes if shape]
        return found[-1] if found and len(found) == len(shapes) else None
    if schema.get("type") == "array":
        return "data", schema["items"]
    properties = schema.get("properties", {})
    arrays = [name for name, value in properties.items() if resolve(document, value).get("type") == "array"]
    if len(arrays) == 1 and set(properties) == {arrays[0], "total_count"}:
        items: Schema = resolve(document, properties[arrays[0]])["items"]
        return arrays[0], items
    return None


def place_operations(document: Document, layout: Layout) -> int:
    """An operation's module is named after the operation and put into the folder of its sub-API."""
    count = 0
    for _, _, operation in operations(document):
        operation[extensions.OPERATION] = operation["operationId"]
        operation["tags"] = [layout.sub_api_of(operation["operationId"])]
        operation["operationId"] = snake_case(operation["operationId"])
        count += 1
    return count


RULES: tuple[Callable[[Document], int], ...] = (
    drop_error_responses,
    inline_shared_responses,
    inline_shared_bodies,
    drop_ignored_headers,
    choose_content,
    give_arrays_items,
    gather_null,
    keep_listed_numbers,
    name_booleans,
    drop_null_of_bodies,
    drop_required_only_unions,
    merge_members,
    drop_type_beside_references,
    move_null_to_references,
    keep_facts_beside_references,
    drop_type_beside_null,
    open_responses,
    keep_page_limits,
    drop_defaults,
    require_bodies,
    unwrap_pages,
    name_further_answers,
    name_inline_objects,
    hoist_named_objects,
)

_ABSENT = object()
