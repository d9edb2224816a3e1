"""The tables of names for those who come from another client of the same API."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

from generator.document import files
from generator.document.walk import operations
from generator.prepare import layout

from .folds import counted, folded
from .reference import class_of

OFFICIAL_SDK = Path("docs/data/official-python-sdk.yaml")
_DOCUMENT = Path("clerk_generated/corrected_document.json")
_NONE = "none"


class Place(NamedTuple):
    """Where an operation stands in this client."""

    sub_api: str
    method: layout.MethodEntry

    def link(self, *, short: bool = False) -> str:
        """Return a link to it in the reference, with or without the sub-API's name."""
        name = self.method.name
        text = name if short else f"{self.sub_api}.{name}"
        return f"[`{text}`][{class_of(self.sub_api)}.{name}]"


def from_node_js(root: Path) -> str:
    """Return tables of the Node.js client's methods beside those of this one, one for each sub-API, folded."""
    parts = []
    for sub_api in sorted(layout.load(root).sub_apis, key=lambda item: item.name):
        theirs = f" (`{sub_api.js}`)" if sub_api.js else " (not in Node.js)"
        parts += [f"### {sub_api.name}{theirs}", "", sub_api.about, ""]
        rows = []
        for method in sub_api.methods:
            ours = Place(sub_api.name, method).link(short=True) + _note(method)
            rows.append(f"| {f'`{method.js}`' if method.js else _NONE} | {ours} |")
        parts += folded(counted(len(rows), "method"), ["| Node.js | Python |", "|---|---|", *rows])
    return "\n".join(parts)


def from_official_sdk(root: Path) -> str:
    """Return tables of all operations, one for each part of the official SDK; those come last that it lacks."""
    official = _official_methods(root)
    places = _places(layout.load(root))
    groups: dict[str, list[str]] = defaultdict(list)
    found = [(official.get(operation), operation) for operation in _operation_ids(root)]
    for theirs, operation in sorted(found, key=lambda item: (item[0] is None, item)):
        ours = ", ".join(place.link() + _note(place.method) for place in places[operation])
        group = f"`{theirs.rpartition('.')[0]}`" if theirs else "Not in the official SDK"
        groups[group].append(f"| {f'`{theirs}`' if theirs else _NONE} | {ours} |")
    parts = []
    for group, rows in groups.items():
        head = ["| official SDK | `clerk_client` |", "|---|---|"]
        parts += folded(f"{group}: {counted(len(rows), 'operation')}", [*head, *rows])
    return "\n".join(parts)


def only_in_official_sdk(root: Path) -> str:
    """Return a list of the official SDK's methods that have no counterpart here."""
    known = _places(layout.load(root))
    missing = sorted(name for operation, name in _official_methods(root).items() if operation not in known)
    return "\n".join(f"- `{name}`" for name in missing) or "There are none."


def _official_methods(root: Path) -> dict[str, str]:
    table: Any = files.load(root / OFFICIAL_SDK).value  # any YAML value
    methods: dict[str, str] = table["methods"]
    return methods


def _places(client_layout: layout.Layout) -> dict[str, list[Place]]:
    places: dict[str, list[Place]] = defaultdict(list)
    for sub_api in client_layout.sub_apis:
        for method in sub_api.methods:
            for operation in method.operations:
                places[operation].append(Place(sub_api.name, method))
    return places


def _operation_ids(root: Path) -> list[str]:
    document = json.loads((root / _DOCUMENT).read_text(encoding="utf-8"))
    return [operation["operationId"] for _, _, operation in operations(document)]


def _note(method: layout.MethodEntry) -> str:
    return " (deprecated)" if method.deprecated else ""


__all__ = ["from_node_js", "from_official_sdk", "only_in_official_sdk"]
