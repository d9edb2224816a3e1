"""The reference: a page for every sub-API, model and event."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from clerk_generated.events import CLASSES
from generator.prepare import layout

_ROOT = Path(__file__).parents[2]
SUB_APIS = "reference/sub-apis"
MODELS = "reference/models"
EVENTS = "reference/events"

_HAND_WRITTEN = [
    "reference/index.md",
    "reference/clients.md",
    "reference/pages.md",
    "reference/exceptions.md",
    "reference/values.md",
    "reference/enumerations.md",
    "reference/dicts.md",
    "reference/testing.md",
]


@dataclass
class Book:
    """The generated pages of the reference.

    Attributes:
        pages: Path below docs/ -> Markdown.
        navigation: The whole reference in mkdocs' form, what is written by hand included.
    """

    pages: dict[str, str] = field(default_factory=dict[str, str])
    navigation: list[Any] = field(
        default_factory=list[Any]
    )  # Any: mkdocs nests strings, lists and dicts


def make(root: Path) -> Book:
    """Make the reference of the project below a folder."""
    book = Book(navigation=list(_HAND_WRITTEN))
    _add_sub_apis(book, layout.load(root))
    _add_models(book, root / "clerk_generated" / "models")
    _add_events(book, root / "clerk_generated" / "events")
    return book


@cache
def class_of(sub_api: str) -> str:
    """Return the dotted name of a sub-API's class, under which the reference has it."""
    module = _ROOT / "clerk_generated" / "sub_apis" / f"{sub_api}.py"
    (name,) = _classes(module)
    return f"clerk_generated.sub_apis.{sub_api}.{name}"


def _add_sub_apis(book: Book, plan: layout.Layout) -> None:
    rows = ["| sub-API | methods |", "|---|---|"]
    paths = []
    for sub_api in sorted(plan.sub_apis, key=lambda item: item.name):
        name = sub_api.name
        paths.append(f"{SUB_APIS}/{name}.md")
        book.pages[paths[-1]] = _sub_api_page(sub_api)
        links = ", ".join(
            f"[{method.name}][{class_of(name)}.{method.name}]"
            for method in sub_api.methods
        )
        rows.append(f"| [`{name}`]({name}.md) | {links} |")
    text = (
        "Each is an attribute of every client, and can be imported from `clerk` by name."
    )
    book.pages[f"{SUB_APIS}/index.md"] = "\n".join(
        ["# Sub-APIs", "", text, "", *rows, ""]
    )
    book.navigation.append({"Sub-APIs": [f"{SUB_APIS}/index.md", *paths]})


def _sub_api_page(sub_api: layout.SubAPI) -> str:
    name = sub_api.name
    # Somebody who searches for a method wants its own entry first.
    head = "---\nsearch:\n  boost: 3\n---\n\n"
    text = (
        f"`clerk_client.{name}`, or `from clerk import {name}`."
        f" The methods of `async_clerk_client.{name}` are the same, awaited."
    )
    parts = [f"{head}# {name}\n\n{text}\n"]
    parts += [
        _entry(f"{class_of(name)}.{method.name}", heading_level=2)
        for method in sub_api.methods
    ]
    return "\n".join(parts)


def _add_models(book: Book, folder: Path) -> None:
    names = dict(sorted(_models(folder), key=lambda item: item[0].lower()))
    for name, module in names.items():
        book.pages[f"{MODELS}/{name}.md"] = f"---\ntitle: {name}\n---\n\n" + _entry(
            f"clerk_generated.models.{module}.{name}",
            heading_level=1,
            members="false",
            show_signature="false",
        )
    rows = [f"- [`{name}`]({name}.md)" for name in names]
    text = "What answers hold, and structured arguments: `from clerk import models`."
    book.pages[f"{MODELS}/index.md"] = "\n".join(["# Models", "", text, "", *rows, ""])
    book.navigation.append(
        {"Models": [f"{MODELS}/index.md", *(f"{MODELS}/{name}.md" for name in names)]}
    )


def _add_events(book: Book, folder: Path) -> None:
    names = dict(sorted(_models(folder), key=lambda item: item[0].lower()))
    of_type = {name: event_type for event_type, name in CLASSES.items()}
    for name, module in names.items():
        # Many are called as a model is: the title tells them apart in a search.
        kind = f"event {of_type[name]}" if name in of_type else "in events"
        book.pages[f"{EVENTS}/{name}.md"] = (
            f"---\ntitle: {name} ({kind})\n---\n\n"
            + _entry(
                f"clerk_generated.events.{module}.{name}",
                heading_level=1,
                members="false",
                show_signature="false",
            )
        )
    text = (
        "What Clerk's webhooks tell: `from clerk import events`."
        " The guide is [Webhooks](../../webhooks.md)."
    )
    check = _entry("clerk.verify_webhook", heading_level=2)
    unknown = _entry(
        "clerk_generated._runtime.events.UnknownEvent",
        heading_level=2,
        members="false",
        show_signature="false",
    )
    rows = ["| event | class |", "|---|---|"]
    rows += [
        f"| `{event_type}` | [`{name}`]({name}.md) |"
        for event_type, name in sorted(CLASSES.items())
    ]
    data = [f"- [`{name}`]({name}.md)" for name in names if name not in of_type]
    book.pages[f"{EVENTS}/index.md"] = "\n".join(
        ["# Events", "", text, "", check, "## The events", "", *rows, ""]
        + [unknown, "## What they are about", "", *data, ""]
    )
    book.navigation.append(
        {"Events": [f"{EVENTS}/index.md", *(f"{EVENTS}/{name}.md" for name in names)]}
    )


def _entry(name: str, **options: object) -> str:
    lines = [
        f"::: {name}",
        "    options:",
        *(f"      {key}: {value}" for key, value in options.items()),
    ]
    return "\n".join(lines) + "\n"


def _models(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each model's name and its module's."""
    for path in folder.glob("*.py"):
        if path.name != "__init__.py":
            yield from ((name, path.stem) for name in _classes(path))


def _classes(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef)]


__all__ = ["Book", "class_of", "make"]
