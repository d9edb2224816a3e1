"""The general rules that make the effective document from the corrected one.

Each mends one class of what openapi-python-client cannot digest, or would turn into something worse than the document
says, wherever it occurs. What is particular to one operation is an overlay action instead. A rule changes the document
in place and returns how many places it touched.
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
from .limits import refuse_what_has_no_template
from .narrowing import (
    choose_content,
    drop_ignored_headers,
    drop_null_of_bodies,
    give_arrays_items,
    keep_listed_numbers,
    name_booleans,
    name_further_answers,
)


def effective_document(corrected: Document, layout: Layout) -> tuple[Document, dict[str, int]]:
    """Apply all rules to a copy of the corrected document.

    Returns:
        The effective document, and for each rule how many places it touched.

    Raises:
        BuildError: The document says what no template can, or two objects would have one name.
    """
    refuse_what_has_no_template(corrected)
    document = copy.deepcopy(corrected)
    counts = {rule.__name__: rule(document) for rule in RULES}
    counts["place_operations"] = place_operations(document, layout)
    return document, counts


def drop_error_responses(document: Document) -> int:
    """Errors are exceptions with a body of one shape: the answers of 3xx, 4xx and 5xx need no models.

    The statuses stay, in `x-clerk-errors`, for the documentation of what an operation raises.
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
    """A response shared by reference gets a name for its object, then stands in each operation itself.

    The generator would otherwise name its object after whichever operation it met first.
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
    """A request body shared by reference stands in each operation itself: its properties are the method's keywords."""
    count = 0
    for _, _, operation in operations(document):
        if "$ref" in operation.get("requestBody", {}):
            operation["requestBody"] = copy.deepcopy(resolve(document, operation["requestBody"]))
            count += 1
    document.get("components", {}).pop("requestBodies", None)
    return count


def drop_required_only_unions(document: Document) -> int:
    """A union whose members only say what is required turns an object into `Any`, or into broken code."""

    def mend(schema: Schema) -> int:
        count = 0
        for keyword in ("anyOf", "oneOf"):
            if schema.get(keyword) and all(set(member) == {"required"} for member in schema[keyword]):
                del schema[keyword]
                count += 1
        return count

    return _each_schema(document, mend)


def gather_null(document: Document) -> int:
    """A composition of a value and null is written as a nullable value, which is what the generator knows."""

    def mend(schema: Schema) -> int:
        if not is_with_null(schema):
            return 0
        schema.update(schema.pop("anyOf")[0])
        return 1

    return _each_schema(document, mend)


def drop_type_beside_references(document: Document) -> int:
    """`type: object` beside a composition of references makes the generator lose the null of `nullable`."""

    def mend(schema: Schema) -> int:
        members = [member for keyword in ("oneOf", "anyOf", "allOf") for member in schema.get(keyword, [])]
        if schema.get("type") == "object" and "properties" not in schema and members:
            del schema["type"]
            return 1
        return 0

    return _each_schema(document, mend)


def keep_facts_beside_references(document: Document) -> int:
    """OpenAPI 3.0 ignores whatever stands beside `$ref`: the null of `nullable` needs a composition around it."""

    def mend(schema: Schema) -> int:
        if "$ref" not in schema or not schema.get("nullable"):
            return 0
        schema["allOf"] = [{"$ref": schema.pop("$ref")}]
        return 1

    return _each_schema(document, mend)


def move_null_to_references(document: Document) -> int:
    """A component that is nullable itself becomes a class `...Type0`: the null moves to where it is referred to."""
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
    """An enum with null in it becomes a union of itself and of any text if a `type` stands beside it."""

    def mend(schema: Schema) -> int:
        if None in schema.get("enum", []) and "type" in schema:
            del schema["type"]
            return 1
        return 0

    return _each_schema(document, mend)


def open_responses(document: Document) -> int:
    """`additionalProperties: false` in an answer would drop what the service adds: a new field must never get lost.

    Requests stay closed; no schema is part of both.
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
    """The default of `limit` says how long a page is: kept for paging, in `x-clerk-listing`, before defaults go."""
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
    """The generator would send the service's defaults as if the caller had given them."""

    def mend(schema: Schema) -> int:
        return 0 if schema.pop("default", _ABSENT) is _ABSENT else 1

    return _each_schema(document, mend)


def require_bodies(document: Document) -> int:
    """A body that is an array, or whose schema requires properties, is required even where the operation is silent."""
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
    """`allOf` with one inline member is one object: the generator would overlook what is `required` beside it."""

    def mend(schema: Schema) -> int:
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

    return _each_schema(document, mend)


def unwrap_pages(document: Document) -> int:
    """A GET that lists answers with an array, with an object of array and total, or with either: it becomes the array.

    `x-clerk-page` keeps under which name the array stands, so that both shapes decode.
    """
    count = 0
    for _, method, operation in operations(document):
        answers = [place for response in operation["responses"].values() for place in content_places(response)]
        shapes = [page_shape(document, place.schema) for place in answers] if method == "get" else []
        for place, shape in zip(answers, shapes, strict=False):
            if shape:
                operation[extensions.PAGE], items = shape
                place.container[place.key] = {"type": "array", "items": items}
                count += 1
    return count


def page_shape(document: Document, schema: Schema) -> tuple[str, Schema] | None:
    """Tell under which name a list answer holds its items, and the schema of an item; None if it is no list."""
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
    """An operation's module stands in the folder of its sub-API and is named after the operation."""
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


def _each_schema(document: Document, mend: Callable[[Schema], int]) -> int:
    return sum(mend(place.schema) for place in every_place(document))
