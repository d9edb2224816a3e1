"""Drafts overlays during a bump: names for new models, and words for whatever has none. Drafts are marked.

A draft is made from names and types, so that a missing sentence stops nothing. A person edits it, or moves it to where
it belongs, and removes the mark. `make words` lists the drafts, and a release refuses them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import build, extensions
from .._errors import BuildError
from ..code import parse
from ..code.blueprint import Blueprint, Operation, Type, Value
from ..code.operations import draw
from ..document import files, overlays
from ..document.corrections import quoted
from ..document.walk import Document, operations, resolve
from ..names import pascal_case, split_words
from ..prepare import layout, rules, words

NAMES = Path("openapi/overlays/19-drafted-names.yaml")
WORDS = Path("openapi/overlays/99-drafted-words.yaml")

_PHRASES = {
    "boolean": "true or false",
    "date": "a day",
    "datetime": "a time",
    "dict": "an object",
    "enum": "one of the values",
    "file": "a file",
    "integer": "a whole number",
    "list": "a list",
    "number": "a number",
    "object": "an object",
    "text": "text",
}


@dataclass(frozen=True)
class Draft:
    """A drafted action.

    Attributes:
        target: The JSONPath.
        update: What to merge there.
        reason: Why it is needed; empty for words.
    """

    target: str
    update: dict[str, Any] = field(hash=False)  # JSON
    reason: str = ""

    @property
    def lines(self) -> list[str]:
        """Its texts, one line each."""
        return [f"{self.target}{way}: {phrase}" for way, phrase in _phrases(self.update)]


def _phrases(update: dict[str, Any], way: str = "") -> Iterable[tuple[str, str]]:  # JSON
    for name, value in update.items():
        if isinstance(value, dict):
            yield from _phrases(value, way if name == "properties" else f"{way}.{name}")
        else:
            yield way, str(value)


def write_words(root: Path, drafts: Iterable[Draft]) -> None:
    """Add drafts to the overlay of drafted words of a project, which is created if it doesn't exist.

    Raises:
        BuildError: The overlay can't be read or written.
    """
    added = [{"target": draft.target, "x-draft": True, "update": draft.update} for draft in drafts]
    if not added:
        return
    path = root / WORDS
    present: list[Any] = files.load(path).value["actions"] if path.exists() else []
    info = {"title": "Drafted words", "version": "1.0.0"}
    content = {"overlay": "1.0.0", "info": info, "actions": [*present, *added]}
    comment = "Words drafted by `make bump`: edit them, and remove `x-draft`."
    files.write_files({path: files.dump(content, comment)})


def write_names(root: Path, drafts: Iterable[Draft]) -> None:
    """Add drafts to the table of drafted names of a project, which is created if it doesn't exist.

    Raises:
        BuildError: The table can't be read or written.
    """
    added = {draft.target: draft.update["title"] for draft in drafts}
    if not added:
        return
    path = root / NAMES
    present = files.load(path).value if path.exists() else {"names": {}}
    if not isinstance(present, dict) or not isinstance(present.get("names"), dict):
        raise BuildError(f"{path}: not a table of names; move what it says to 13-names.yaml")
    comment = "Names of models, drafted by `make bump`: edit them, and move them to 13-names.yaml."
    files.write_files({path: files.dump({"x-draft": True, "names": {**present["names"], **added}}, comment)})


def marked(root: Path) -> list[overlays.Action]:
    """Return the drafts in a project's overlays that nobody has reviewed yet.

    Raises:
        BuildError: An overlay can't be read.
    """
    every = overlays.load_overlays(root / build.OVERLAYS, reasons=False)
    return [action for overlay in every for action in overlay.actions if action.is_draft]


def without_words(root: Path) -> list[Draft]:
    """Draft words for everything that has none.

    Args:
        root: The project's root.

    Returns:
        The drafts; none if everything has words.

    Raises:
        BuildError: The project can't be built.
    """
    client_layout = layout.load(root)
    effective, _ = rules.effective_document(build.corrected_document(root), client_layout)
    described = words.put(effective, overlays.load_overlays(root / build.OVERLAYS, "9*.yaml", reasons=False))
    drawn = draw(described, parse.parse(described, parse.config(Path("unused"))), client_layout)
    by_target: dict[str, Draft] = {}
    for draft in (*_operations(described, drawn), *_models(described, drawn)):  # some parts are shared
        present = by_target.get(draft.target)
        by_target[draft.target] = (
            draft if present is None else Draft(draft.target, _merged(present.update, draft.update))
        )
    return list(by_target.values())


def _merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:  # JSON
    return {
        **one,
        **{
            name: _merged(one[name], value) if isinstance(one.get(name), dict) else value
            for name, value in other.items()
        },
    }


def _operations(document: Document, drawn: Blueprint) -> Iterable[Draft]:
    by_id = {operation[extensions.OPERATION]: (path, method) for path, method, operation in operations(document)}
    for operation in drawn.operations:
        path, method = by_id[operation.id]
        target = f"$.paths[{quoted(path)}].{method}"
        if not operation.summary:
            yield Draft(target, {"summary": f"{_sentence(split_words(operation.id))}."})
        yield from _parameters(document, operation, target)


def _parameters(document: Document, operation: Operation, target: str) -> Iterable[Draft]:
    path, method = next((p, m) for p, m, item in operations(document) if item[extensions.OPERATION] == operation.id)
    item, shared = document["paths"][path][method], document["paths"][path]
    for value in (*operation.path_parameters, *operation.query_parameters, *operation.header_parameters):
        if value.description:
            continue
        words_of_it = {"description": _meaning(value)}
        for holder, place in ((item, target), (shared, target.rpartition(".")[0])):
            for parameter in holder.get("parameters", []):
                if resolve(document, parameter)["name"] == value.wire_name:
                    yield Draft(_parameter_path(parameter, place, value.wire_name), words_of_it)
    missing = {value.wire_name: value for value in operation.body.properties if not value.description}
    for media_type, content in item.get("requestBody", {}).get("content", {}).items() if missing else ():
        place = f"{target}.requestBody.content[{quoted(media_type)}].schema"
        if operation.body.kind == "json_value":
            yield Draft(place, {"description": _meaning(operation.body.properties[0])})
        else:
            yield from _properties(document, content["schema"], place, missing)


def _parameter_path(parameter: dict[str, Any], place: str, name: str) -> str:
    if "$ref" in parameter:
        return f"$.components.parameters[{quoted(parameter['$ref'].rsplit('/', 1)[-1])}]"
    return f"{place}.parameters[?@.name == {quoted(name)}]"


def _models(document: Document, drawn: Blueprint) -> Iterable[Draft]:
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        model = drawn.by_name.get(schema.get("title", pascal_case(name)))
        if model is None:
            continue
        target = f"$.components.schemas[{quoted(name)}]"
        missing = {value.wire_name: value for value in model.properties if not value.description}
        own = {} if model.description else {"description": f"{_article(split_words(model.name))}."}
        properties = {wire: {"description": _meaning(value)} for wire, value in missing.items()}
        direct = {wire: said for wire, said in properties.items() if wire in schema.get("properties", {})}
        if own or direct:
            yield Draft(target, {**own, **({"properties": direct} if direct else {})})
        left = {wire: value for wire, value in missing.items() if wire not in direct}
        yield from _members(document, schema, target, left)


def _properties(document: Document, schema: Any, place: str, missing: dict[str, Value]) -> Iterable[Draft]:
    if "$ref" in schema:
        place = f"$.components.schemas[{quoted(schema['$ref'].rsplit('/', 1)[-1])}]"
        schema = resolve(document, schema)
    found = {
        name: {"description": _meaning(value)}
        for name, value in missing.items()
        if name in schema.get("properties", {})
    }
    if found:
        yield Draft(place, {"properties": found})
    yield from _members(document, schema, place, {name: missing[name] for name in missing if name not in found})


def _members(document: Document, schema: Any, place: str, missing: dict[str, Value]) -> Iterable[Draft]:
    for index, member in enumerate(schema.get("allOf", []) if missing else ()):
        if "$ref" not in member:  # a component has its own place
            yield from _properties(document, member, f"{place}.allOf[{index}]", missing)


def _meaning(value: Value) -> str:
    """Make a phrase from a name and a type: `Id of the role` or `Precedence: a whole number`."""
    parts = [word.lower() for word in split_words(value.wire_name)] or [value.wire_name]
    if value.type.kind == "text" and len(parts) > 1 and parts[-1] == "id":
        return f"Id of the {' '.join(parts[:-1])}."
    return f"{_capital(' '.join(parts))}: {_phrase(value.type)}."


def _phrase(kind: Type) -> str:
    if kind.name and kind.kind == "model":
        return _article(split_words(kind.name)).lower()
    return _PHRASES.get(kind.kind, "any value")


def _sentence(parts: list[str]) -> str:
    return _capital(" ".join(word if word.isupper() else word.lower() for word in parts))


def _article(parts: list[str]) -> str:
    said = " ".join(word if word.isupper() else word.lower() for word in parts)
    return f"{'An' if said[:1].lower() in 'aeio' else 'A'} {said}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


__all__ = ["NAMES", "WORDS", "Draft", "marked", "without_words", "write_names", "write_words"]
