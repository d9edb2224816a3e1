"""Imports Clerk's documents into ``openapi/``: checked, reduced to their facts, in canonical form.

There are two: the document of the Backend API, and that of the webhooks, which has events instead of paths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jsonschema import ValidationError
from jsonschema.validators import validator_for
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator
from openapi_spec_validator.validation.validators import SpecValidator

from .._errors import BuildError
from . import lock, origin
from .canonical import canonical, path_items
from .files import dump, load, one_line, pointer, resolve, write_files
from .openapi31 import as_30, is_31
from .strict import make_strict
from .walk import EVENTS, METHODS, operations, pointers_to

__all__ = [
    "Vendored",
    "canonical",
    "check",
    "has_events",
    "serialised",
    "take_over",
    "vendor",
    "version_of_events",
]

_COMMENT = (
    "The facts of Clerk's document, written by `make vendor`. Do not edit: corrections belong in openapi/overlays."
)


def _in_python(validator: type[SpecValidator]) -> type[SpecValidator]:
    """Validate with jsonschema, whatever else is installed: the messages depend on the library."""
    schema = validator.schema_validator.schema
    return type(validator.__name__, (validator,), {"schema_validator": validator_for(schema)(schema)})


_VALIDATORS = {"3.0": _in_python(OpenAPIV30SpecValidator), "3.1": _in_python(OpenAPIV31SpecValidator)}

# Fields whose keys are names that the API has chosen, and fields whose values are arbitrary data.
_FIELDS_OF_NAMES = frozenset(
    {
        *(
            "paths",
            EVENTS,
            "schemas",
            "responses",
            "parameters",
            "headers",
            "requestBodies",
            "securitySchemes",
            "links",
        ),
        *("callbacks", "pathItems", "content", "encoding"),
        *("properties", "patternProperties", "dependentSchemas", "$defs"),
    }
)
_FIELDS_OF_DATA = frozenset({"enum", "const", "example", "examples", "webhooks"})


@dataclass(frozen=True)
class Vendored:
    """What ``vendor`` has imported.

    Attributes:
        version: The document's version: a date.
        operations: The number of its operations or, for webhooks, events.
        schemas: The number of its named schemas.
        has_events: Whether it is the document of the webhooks.
    """

    version: str
    operations: int
    schemas: int
    has_events: bool = False

    def __str__(self) -> str:
        kind = "events" if self.has_events else "operations"
        return f"{self.version}: {self.operations} {kind}, {self.schemas} schemas"


def vendor(source: str | Path, root: Path) -> Vendored:
    """Import a document: write its facts and its part of ``openapi/lock.json``.

    Args:
        source: A path, or an ``http(s)`` URL, of an OpenAPI document in YAML or JSON.
        root: The project's root.

    Returns:
        What was imported.

    Raises:
        BuildError: The document can't be read or is invalid (one line); no file has changed.
    """
    loaded = load(source)
    return take_over(check(loaded.value, str(source)), loaded.content, root, str(source))


def take_over(document: dict[str, Any], source_content: bytes, root: Path, source: str = "") -> Vendored:
    """Write a checked document and its part of the lock.

    Args:
        document: What ``check`` returned.
        source_content: The bytes of the original document.
        root: The project's root.
        source: Its file or URL.

    Returns:
        What was imported.

    Raises:
        BuildError: A file can't be written; no file has changed.
    """
    content = serialised(document)
    schemas = len(document.get("components", {}).get("schemas", {}))
    vendored = (
        Vendored(version_of_events(document, source), len(document[EVENTS]), schemas, has_events=True)
        if has_events(document)
        else Vendored(document["info"]["version"], sum(1 for _ in operations(document)), schemas)
    )
    previous = lock.Lock("", "", "")
    with suppress(BuildError):  # the first document, or a broken lock file, which is replaced
        previous = lock.read(root)
    hashes = {"source_sha256": lock.sha256(source_content), "vendored_sha256": lock.sha256(content)}
    renewed = _locked(previous, vendored, hashes, origin.of(source))
    path = lock.VENDORED_EVENTS if vendored.has_events else lock.VENDORED
    write_files({root / path: content, root / lock.LOCK: lock.serialised(renewed)})
    return vendored


def _locked(previous: lock.Lock, vendored: Vendored, hashes: Mapping[str, str], source: Mapping[str, str]) -> lock.Lock:
    if vendored.has_events:
        counts = {**previous.counts, "events": vendored.operations, "event_schemas": vendored.schemas}
        return replace(previous, webhooks={"version": vendored.version, **source, **hashes}, counts=counts)
    counts = {**previous.counts, "operations": vendored.operations, "schemas": vendored.schemas}
    return replace(
        previous,
        api_version=vendored.version,
        source=source,
        source_sha256=hashes["source_sha256"],
        vendored_sha256=hashes["vendored_sha256"],
        counts=counts,
    )


def has_events(document: dict[str, Any]) -> bool:
    """Return whether a document is that of the webhooks."""
    return bool(document.get(EVENTS)) and not document.get("paths")


def version_of_events(document: dict[str, Any], source: str) -> str:
    """Return the version of a document of webhooks: the date in its file name, as it contains none."""
    dates = re.findall(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)", source.rpartition("/")[2])
    return str(dates[-1] if dates else document["info"]["version"])


def serialised(document: dict[str, Any]) -> bytes:
    """Return the bytes of a checked document as written to ``openapi/``."""
    return dump(document, _COMMENT)


def check(document: Any, source: str) -> dict[str, Any]:  # a document may hold anything until it is checked
    """Check that a document is valid OpenAPI that a client can be generated from.

    Args:
        document: The document's root value.
        source: Where it came from, for messages.

    Returns:
        Its canonical form, with `nullable` and `required` as a strict OpenAPI 3.0 validator reads them.

    Raises:
        BuildError: It is invalid; one line that says what is wrong and where, as a JSON pointer.
    """
    try:
        _check_root(document)
        reduced = canonical(document)
        _check_references(document, reduced)
        _check_operation_ids(document)
        if not is_31(reduced):
            _write_constants(reduced)
        _validate(reduced)
        if is_31(reduced):
            reduced = as_30(reduced)
            _validate(reduced)
        make_strict(reduced)
    except BuildError as error:
        raise BuildError(f"{source}: {one_line(str(error))}") from error
    return reduced


def _check_root(document: Any) -> None:  # a document may hold anything
    if not isinstance(document, dict):
        raise BuildError(f"not an OpenAPI document: the root is {_kind(document)}, not a mapping")
    version = document.get("openapi")
    if not isinstance(version, str):
        found = f"Swagger {document['swagger']}" if "swagger" in document else "no `openapi` field"
        raise BuildError(f"not an OpenAPI 3.0 or 3.1 document: {found}")
    if version.rpartition(".")[0] not in _VALIDATORS:
        raise BuildError(f"not an OpenAPI 3.0 or 3.1 document: `openapi` is {version!r}")
    if document.get("x-unreleased"):
        dated = _mapping(document.get("info")).get("version")
        raise BuildError(f"{dated} is marked x-unreleased: Clerk has published the document, but not yet the version")
    if not document.get("paths") and not document.get(EVENTS):
        raise BuildError("no paths: the document describes no operations and no events")


def _mapping(value: Any) -> dict[str, Any]:  # a document may hold anything
    return value if isinstance(value, dict) else {}


def _kind(value: object) -> str:
    return {list: "a list", type(None): "empty"}.get(type(value), "a scalar")


def _check_references(document: dict[str, Any], reduced: dict[str, Any]) -> None:
    for place, reference in _references(document):
        if not reference.startswith("#"):
            raise BuildError(f"{pointer(*place)}: $ref {reference!r} points outside the document")
        if re.search(r"/parameters/\d+(/|$)", reference) and not reference.startswith("#/components/parameters/"):
            raise BuildError(
                f"{pointer(*place)}: $ref {reference!r} refers to a parameter by its index, which is not kept"
            )
        if not _leads_somewhere(document, reference):
            raise BuildError(f"{pointer(*place)}: $ref {reference!r} can't be resolved")
        if not _leads_somewhere(reduced, reference):
            raise BuildError(f"{pointer(*place)}: $ref {reference!r} refers to a part that is not vendored")


def _references(node: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the place and the text of each reference inside an OpenAPI object or a list of them."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _references(item, (*place, index))
    if not isinstance(node, dict):
        return
    if isinstance(node.get("$ref"), str):
        yield place, node["$ref"]
    for field, value in node.items():
        if field in _FIELDS_OF_DATA or (field.startswith("x-") and field != EVENTS):
            continue
        if field == "mapping" and isinstance(value, dict):
            yield from (((*place, field, tag), text) for tag, text in value.items() if "#" in str(text))
        elif field in _FIELDS_OF_NAMES and isinstance(value, dict):
            for name, item in value.items():
                yield from _references(item, (*place, field, name))
        else:
            yield from _references(value, (*place, field))


def _write_constants(node: Any, *, has_names: bool = False) -> None:
    """Write each `const` as an enum of one value: OpenAPI 3.0 has no such word, but documents of 3.0 use it.

    Args:
        node: A part of the document.
        has_names: Whether its keys are names that the API chose.
    """
    if isinstance(node, list):
        for item in node:
            _write_constants(item)
    if not isinstance(node, dict):
        return
    if not has_names and "const" in node and "enum" not in node:
        node["enum"] = [node.pop("const")]
    for field, value in node.items():
        if has_names or not (field in _FIELDS_OF_DATA or (field.startswith("x-") and field != EVENTS)):
            _write_constants(value, has_names=not has_names and field in _FIELDS_OF_NAMES)


def _leads_somewhere(document: dict[str, Any], reference: str) -> bool:
    seen: set[str] = set()
    while reference not in seen:
        seen.add(reference)
        try:
            target = resolve(document, reference)
        except LookupError:
            return False
        if not isinstance(target, dict) or not isinstance(target.get("$ref"), str):
            return True
        reference = target["$ref"]
    return False


def _check_operation_ids(document: dict[str, Any]) -> None:
    places: dict[str, str] = {}
    for way, item in path_items(document):
        for method in METHODS:
            operation = item.get(method)
            if not isinstance(operation, dict):
                continue
            place, identifier = pointer(*way, method), operation.get("operationId")
            if identifier in places:
                raise BuildError(f"{place}: operationId {identifier!r} is already used at {places[identifier]}")
            if isinstance(identifier, str) and identifier:
                places[identifier] = place
            elif way[:-1] == ("paths",):  # callbacks and events are never called
                raise BuildError(f"{place}: the operation has no operationId")


def _validate(document: dict[str, Any]) -> None:
    if has_events(document):
        try:
            _validate(_with_paths(document))
        except BuildError as invalid:  # as the document itself has it
            raise BuildError(str(invalid).replace("/paths/~1", f"/{EVENTS}/")) from invalid
        return
    validator = _VALIDATORS[document["openapi"].rpartition(".")[0]](document)
    try:
        error = next(validator.iter_errors(), None)
    except Exception as crash:  # the validator crashes on some invalid documents
        raise BuildError(f"not valid OpenAPI: the validator crashed with {type(crash).__name__}: {crash}") from crash
    if error is not None:
        innermost = _innermost(error)
        raise BuildError(f"{_place(innermost, document)}not valid OpenAPI: {innermost.message}")


def _with_paths(document: dict[str, Any]) -> dict[str, Any]:
    """Return the webhooks' document as valid OpenAPI: its events as paths, each with a response."""
    answered = {
        f"/{event}": {
            method: {**item[method], "responses": {"200": {"description": ""}}} for method in METHODS if method in item
        }
        for event, item in document[EVENTS].items()
    }
    return {**{name: value for name, value in document.items() if name != EVENTS}, "paths": answered}


def _innermost(error: ValidationError) -> ValidationError:
    """Return the most specific error: of failed alternatives, that of the member that got furthest."""
    while error.context:
        error = max(error.context, key=lambda member: len(member.absolute_path))
    return error


def _place(error: ValidationError, document: dict[str, Any]) -> str:
    """Return the place of an error; empty if it can't be found.

    The validator gives the place relative to the root, or to some schema, or not at all (for an invalid default).
    """
    path = pointer(*error.absolute_path)
    wanted = error.instance if path else error.schema
    place = min((found for found in pointers_to(wanted, document) if found.endswith(path)), key=len, default="")
    return f"{place}: " if place else ""
