"""openapi/layout.yaml: which operation stands behind which method of which sub-API."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import documents
from ._errors import BuildError
from .naming import snake_case, words
from .walking import Document, operations

LAYOUT = Path("openapi/layout.yaml")


@dataclass(frozen=True)
class Method:
    """One method of a sub-API.

    Attributes:
        name: Its Python name.
        operations: The ids of the operations it serves; a second one is for calls that give its further path parameter.
        deprecated: What to use instead, for a deprecated name; None otherwise.
        parameter_names: Wire name -> keyword, where the keyword is not the wire name in snake_case.
        js: The name in the Node.js client, or None.
    """

    name: str
    operations: tuple[str, ...]
    deprecated: str | None = None
    parameter_names: dict[str, str] = field(default_factory=dict[str, str])
    js: str | None = None


@dataclass(frozen=True)
class SubAPI:
    """One sub-API: its Python name, its methods in order, and its name in the Node.js client."""

    name: str
    methods: tuple[Method, ...]
    js: str | None = None


@dataclass(frozen=True)
class Layout:
    """The layout of the whole client."""

    sub_apis: tuple[SubAPI, ...]

    def sub_api_of(self, operation_id: str) -> str:
        """Return the sub-API whose folder holds the operation's module: the first that has a place for it."""
        for sub_api in self.sub_apis:
            if any(operation_id in method.operations for method in sub_api.methods):
                return sub_api.name
        raise BuildError(f"{LAYOUT}: operation {operation_id} has no place")


def load(root: Path) -> Layout:
    """Read the layout below a project's root.

    Raises:
        BuildError: The file is missing or holds something else.
    """
    loaded = documents.load(root / LAYOUT).value
    sub_apis = loaded.get("sub_apis")
    if not isinstance(sub_apis, dict):
        raise BuildError(f"{LAYOUT}: no `sub_apis`")
    return Layout(tuple(_sub_api(name, value) for name, value in sub_apis.items()))


def _sub_api(name: str, value: Any) -> SubAPI:
    if not isinstance(value, dict) or not isinstance(value.get("methods"), dict):
        raise BuildError(f"{LAYOUT}: {name} has no `methods`")
    _refuse_unknown_keys(name, value, {"js", "methods"})
    methods = tuple(_method(f"{name}.{key}", key, method) for key, method in value["methods"].items())
    return SubAPI(name, methods, value.get("js"))


def _method(place: str, name: str, value: Any) -> Method:
    if not isinstance(value, dict) or ("operation" in value) == ("operations" in value):
        raise BuildError(f"{LAYOUT}: {place} needs either `operation` or `operations`")
    _refuse_unknown_keys(place, value, {"operation", "operations", "deprecated", "parameter_names", "js"})
    return Method(
        name=name,
        operations=tuple(value.get("operations", [value.get("operation")])),
        deprecated=value.get("deprecated"),
        parameter_names=value.get("parameter_names", {}),
        js=value.get("js"),
    )


def _refuse_unknown_keys(place: str, value: dict[str, Any], known: set[str]) -> None:
    unknown = sorted(set(value) - known)
    if unknown:
        raise BuildError(f"{LAYOUT}: {place} has unknown keys: {', '.join(unknown)}")


def check(layout: Layout, document: Document) -> None:
    """Refuse a layout that does not fit the document.

    Raises:
        BuildError: Operations have no place, or places have no operation; each with a line ready to paste.
    """
    existing = {operation["operationId"]: (path, operation) for path, _, operation in operations(document)}
    placed = Counter(name for sub_api in layout.sub_apis for method in sub_api.methods for name in method.operations)
    problems = [
        f"  {operation_id} ({path}) has no place; under {sub_api}: methods: paste\n      {line}"
        for operation_id, (path, operation) in existing.items()
        if operation_id not in placed
        for sub_api, line in [propose(layout, existing, operation_id, path, operation)]
    ]
    problems += [
        f"  {operation_id} is gone; take out of {sub_api.name}\n      {method.name}: ..."
        for sub_api in layout.sub_apis
        for method in sub_api.methods
        for operation_id in method.operations
        if operation_id not in existing
    ]
    if problems:
        raise BuildError(f"{LAYOUT} does not fit the document, {len(problems)} places:\n" + "\n".join(problems))


def propose(
    layout: Layout, existing: dict[str, Any], operation_id: str, path: str, operation: dict[str, Any]
) -> tuple[str, str]:
    """Propose a place for a new operation.

    The sub-API is the one where operations of the document's same group, or of the same first path segment, stand
    already; the method's name follows the document's, in the style of its neighbours.

    Returns:
        The sub-API's name and the line for the layout.
    """
    group = operation.get("x-speakeasy-group")
    neighbours = Counter(
        sub_api.name
        for sub_api in layout.sub_apis
        for method in sub_api.methods
        for name in method.operations
        if name in existing and _is_neighbour(existing[name], group, path)
    )
    sub_api = neighbours.most_common(1)[0][0] if neighbours else snake_case(group or _first_segment(path))
    methods = next((item.methods for item in layout.sub_apis if item.name == sub_api), ())
    short = any(method.name in ("list", "get", "create", "update", "delete") for method in methods)
    override = operation.get("x-speakeasy-name-override")
    name = snake_case(override) if short and override else _long_name(operation_id)
    return sub_api, f"{name}: {{operation: {operation_id}}}"


def _is_neighbour(existing: tuple[str, dict[str, Any]], group: str | None, path: str) -> bool:
    other_path, other = existing
    if group is not None and other.get("x-speakeasy-group") == group:
        return True
    return _first_segment(other_path) == _first_segment(path)


def _first_segment(path: str) -> str:
    return path.strip("/").split("/")[0]


def _long_name(operation_id: str) -> str:
    """`ListOrganizationRoles` -> `get_organization_role_list`, as the Node.js client names its lists."""
    first, *rest = words(operation_id)
    if first.lower() != "list" or not rest:
        return snake_case(operation_id)
    return snake_case(f"get_{re.sub('ies$', 'y', '_'.join(rest).lower()).removesuffix('s')}_list")
