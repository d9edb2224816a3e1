"""Signatures and docstrings of the generated code, as a reader of the reference wants them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import griffe

ROOT = Path(__file__).parents[2]
_REQUEST = re.compile(r"`((?:GET|POST|PUT|PATCH|DELETE) /[^`]*)`")


@dataclass(frozen=True)
class Parameter:
    """A parameter: its name, its type, how it is given, and what it means."""

    name: str
    annotation: str
    is_positional: bool
    is_required: bool
    text: str


@dataclass(frozen=True)
class Method:
    """A method of a sub-API.

    Attributes:
        name: Its name.
        path: Its dotted name.
        summary: What it does, in a sentence.
        description: What else there is to know; may be empty.
        deprecated: What a deprecated method's callers should know, or nothing.
        http: The requests that it makes, each as method and path.
        parameters: Its parameters.
        returns: What it returns, as a type.
        raises: The names of errors, and when each is raised.
    """

    name: str
    path: str
    summary: str
    description: str
    deprecated: str
    http: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    returns: str
    raises: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Model:
    """A model: its name, its dotted name, its words, and of each attribute the name, the type and what it means."""

    name: str
    path: str
    summary: str
    description: str
    attributes: tuple[tuple[str, str, str], ...]


@cache
def _package() -> Any:  # griffe has several classes for what a package holds
    return griffe.load(
        "clerk_generated",
        search_paths=[str(ROOT)],
        docstring_parser="google",
        docstring_options={"warn_missing_types": False, "warn_unknown_params": False},
    )


def sub_api_class(sub_api: str) -> Any:  # griffe's class for a class
    """Return the class of a sub-API."""
    module = _package()["sub_apis"][sub_api]
    (found,) = (member for member in module.classes.values() if member.name.endswith("Api"))
    return found


def method_of(sub_api: str, name: str) -> Method:
    """Describe a method of a sub-API."""
    function = sub_api_class(sub_api)[name]
    sections: dict[str, Any] = {section.kind.value: section.value for section in function.docstring.parsed}
    text = sections["text"]
    words = {item.name: " ".join(item.description.split()) for item in sections.get("parameters", ())}
    paragraphs = [" ".join(part.split()) for part in text.split("\n\n")]
    deprecated = [part.removeprefix("Deprecated: ") for part in paragraphs if part.startswith("Deprecated: ")]
    requests = [part for part in paragraphs if _REQUEST.match(part)]
    others = [part for part in paragraphs[1:] if part not in requests and not part.startswith("Deprecated: ")]
    return Method(
        name=name,
        path=function.path,
        summary=paragraphs[0],
        description="\n\n".join(others),
        deprecated=" ".join(deprecated),
        http=tuple(_REQUEST.findall(" ".join(requests))),
        parameters=tuple(
            Parameter(
                value.name,
                plain(str(value.annotation)),
                value.kind is griffe.ParameterKind.positional_or_keyword,
                value.default is None,
                words.get(value.name, ""),
            )
            for value in function.parameters
            if value.name != "self"
        ),
        returns=plain(str(function.returns)),
        raises=tuple((str(item.annotation), " ".join(item.description.split())) for item in sections.get("raises", ())),
    )


@cache
def models(package: str = "models") -> dict[str, Model]:
    """Describe all models of `clerk_generated.models`, or of another of its packages, by name."""
    found = {}
    for module in _package()[package].modules.values():
        for member in module.classes.values():
            found[member.name] = _model(member)
    return found


def _model(member: Any) -> Model:  # griffe's class for a class
    sections: dict[str, Any] = {section.kind.value: section.value for section in member.docstring.parsed}
    first, _, rest = sections.get("text", "").partition("\n\n")
    words = {item.name: item.description for item in sections.get("attributes", ())}
    attributes = [
        (
            name,
            plain(str(attribute.annotation)),
            attribute.docstring.value if attribute.docstring else words.get(name),
        )
        for name, attribute in member.attributes.items()
        if not name.startswith("_") and attribute.annotation and "ClassVar" not in str(attribute.annotation)
    ]
    return Model(
        name=member.name,
        path=member.path,
        summary=" ".join(first.split()),
        description=rest,
        attributes=tuple((name, kind, " ".join((text or "").split())) for name, kind, text in attributes),
    )


def enumerations(_: Path) -> str:
    """Return a table of the values that the API's document lists."""
    rows = ["| alias | values |", "|---|---|"]
    for name, attribute in sorted(_package()["enums"].attributes.items()):
        values = re.findall(r"['\"]([^'\"]*)['\"]", str(attribute.value))
        if values and not name.startswith("_") and name != "__all__":
            rows.append(f"| `{name}` | {_listed(values)} |")
    return "\n".join(rows)


def _listed(values: list[str]) -> str:
    """List values, those with a sign before them in a word."""
    bare = [value for value in values if not value.startswith(("+", "-"))]
    signs = sorted({value[:1] for value in values} & {"+", "-"})
    text = ", ".join(f"`{value}`" if value else '`""`' for value in bare)
    if {sign + value for sign in signs for value in bare} | set(bare) != set(values):
        raise ValueError(f"some values have signs and others don't: {values}")
    return f"{text}; also with {' or '.join(f'`{sign}`' for sign in signs)} before it" if signs else text


def plain(annotation: str) -> str:
    """Return an annotation without what only says that an argument can be left out, or where a name stands."""
    text = re.sub(
        r"\b(?:models|enums|typed_dicts|pages|types|builtins|datetime)\.(?=\w)",
        "",
        annotation,
    )
    parts = [part for part in _members(text) if part not in ("Unset", "UNSET")]
    return " | ".join(parts)


def _members(annotation: str) -> list[str]:
    """Split a union at its own bars, not those inside brackets."""
    parts, depth, part = [], 0, ""
    for character in annotation:
        depth += {"[": 1, "]": -1}.get(character, 0)
        if character == "|" and depth == 0:
            parts.append(part.strip())
            part = ""
        else:
            part += character
    return [*parts, part.strip()]


def link_models(annotation: str, package: str = "models") -> str:
    """Return an annotation as Markdown whose models lead to their pages."""
    known = models(package)
    pieces = re.split(r"(\w+)", annotation)
    linked = [f"[`{piece}`][{known[piece].path}]" if piece in known else piece for piece in pieces]
    text = "".join(piece if piece.startswith("[`") else f"\0{piece}\0" for piece in linked)
    text = text.replace("\0\0", "")
    return re.sub("\0([^\0]*)\0", lambda match: f"`{match[1]}`" if match[1] else "", text).replace("``", "` `")


__all__ = [
    "Method",
    "Model",
    "Parameter",
    "enumerations",
    "link_models",
    "method_of",
    "models",
    "plain",
    "sub_api_class",
]
