"""The reference: a page for every sub-API and each of its methods, and one for every model and event.

The pages are made from the signatures and docstrings of `clerk_generated`, so that they say what an editor shows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from clerk_generated.events import CLASSES
from generator.prepare import layout

from . import examples
from .signatures import (
    Method,
    Model,
    Parameter,
    link_models,
    method_of,
    models,
    sub_api_class,
)

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
    # Any: mkdocs nests strings, lists and dicts.
    navigation: list[Any] = field(default_factory=list[Any])


def make(root: Path) -> Book:
    """Make the reference of the project below a folder."""
    book = Book(navigation=list(_HAND_WRITTEN))
    _add_sub_apis(book, layout.load(root))
    _add_models(book)
    _add_events(book)
    return book


def sub_apis(root: Path) -> str:
    """Return a table of all sub-APIs, for a page at the top of the site."""
    found = sorted(layout.load(root).sub_apis, key=lambda item: item.name)
    rows = [f"| [`{item.name}`]({SUB_APIS}/{item.name}/index.md) | {item.about} |" for item in found]
    return "\n".join(["| sub-API | what it is for |", "|---|---|", *rows])


@cache
def class_of(sub_api: str) -> str:
    """Return the dotted name of a sub-API's class, under which the reference has it."""
    path: str = sub_api_class(sub_api).path
    return path


def _add_sub_apis(book: Book, client_layout: layout.Layout) -> None:
    parts = [
        "# Sub-APIs\n",
        "Each is an attribute of every client, and can be imported from `clerk` by name.\n",
    ]
    navigation: list[Any] = [f"{SUB_APIS}/index.md"]
    for sub_api in sorted(client_layout.sub_apis, key=lambda item: item.name):
        name = sub_api.name
        methods = [method_of(name, method.name) for method in sub_api.methods]
        book.pages[f"{SUB_APIS}/{name}/index.md"] = _sub_api_page(sub_api, methods)
        entries: list[Any] = [f"{SUB_APIS}/{name}/index.md"]
        for method, placed in zip(methods, sub_api.methods, strict=True):
            path = f"{SUB_APIS}/{name}/{method.name}.md"
            book.pages[path] = _method_page(name, method, placed.js)
            entries.append({method.name: path})
        navigation.append({name: entries})
        links = ", ".join(f"[{item.name}]({name}/{item.name}.md)" for item in methods)
        parts.append(f"## [{name}]({name}/index.md)\n\n{sub_api.about}\n\n{links}\n")
    book.pages[f"{SUB_APIS}/index.md"] = "\n".join(parts)
    book.navigation.append({"Sub-APIs": navigation})


def _sub_api_page(sub_api: layout.SubAPIEntry, methods: list[Method]) -> str:
    name = sub_api.name
    rows = [f"| [`{method.name}`]({method.name}.md) | {method.summary} | `{method.http[0]}` |" for method in methods]
    return "\n".join(
        [
            f"# {name}\n",
            f"{sub_api.about}\n",
            f"`clerk_client.{name}`, or `from clerk import {name}`; with `async_clerk_client` the same, awaited.\n",
            "| method | what it does | request |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def _method_page(sub_api: str, method: Method, js: str | None) -> str:
    # Somebody who searches for a method, by its name here or in Node.js or in words, wants its page first.
    names = ", ".join(filter(None, [method.name.replace("_", " "), js]))
    # Of `get_client` and `get_client_list`, both of which have the words "get client", the shorter one is meant.
    boost = round(6 * 0.87 ** (method.name.count("_") - 1), 2)
    head = f"---\ntitle: '{sub_api}.{method.name}: {names}'\nsearch:\n  boost: {boost}\n---\n"
    heading = f"# {sub_api}.{method.name} <small>{names}</small> {{ #{method.path} }}"
    parts = [head, heading, method.summary]
    if method.deprecated:
        parts.append(f'!!! warning "Deprecated"\n    {method.deprecated}')
    parts += [method.description, "\n".join(f"`{request}`" for request in method.http)]
    parts.append(_tabs(examples.call(sub_api, method)))
    if method.parameters:
        parts += [
            "## Parameters",
            "\n".join(_parameter(value) for value in method.parameters),
        ]
    parts += ["## Returns", link_models(method.returns)]
    if method.raises:
        parts += [
            "## Raises",
            "\n".join(f"- [`{name}`][clerk.{name}]: {text}" for name, text in method.raises),
        ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _tabs(example: examples.Example) -> str:
    tabs = (("Sync", example.sync), ("Async", example.awaited))
    return "\n\n".join(
        f'=== "{title}"\n\n    ```python\n' + "".join(f"    {line}\n" for line in text.splitlines()) + "    ```"
        for title, text in tabs
    )


def _parameter(value: Parameter) -> str:
    kind = link_models(value.annotation)
    return f"- `{value.name}` ({kind}{', required' if value.is_required else ''}): {value.text}"


def _add_models(book: Book) -> None:
    found = sorted(models().values(), key=lambda model: model.name.lower())
    for model in found:
        book.pages[f"{MODELS}/{model.name}.md"] = _model_page(model)
    rows = [f"| [`{model.name}`]({model.name}.md) | {model.summary} |" for model in found]
    text = "What answers hold, and structured arguments: `from clerk import models`."
    book.pages[f"{MODELS}/index.md"] = "\n".join(
        ["# Models", "", text, "", "| model | what it is |", "|---|---|", *rows, ""]
    )
    paths = [f"{MODELS}/{model.name}.md" for model in found]
    book.navigation.append({"Models": [f"{MODELS}/index.md", *paths]})


def _add_events(book: Book) -> None:
    found = sorted(models("events").values(), key=lambda model: model.name.lower())
    of_type = {name: event_type for event_type, name in CLASSES.items()}
    for model in found:
        # Many are called as a model is: the title tells them apart in a search.
        kind = f"event {of_type[model.name]}" if model.name in of_type else "in events"
        book.pages[f"{EVENTS}/{model.name}.md"] = _model_page(model, f"{model.name} ({kind})", "events")
    parts = [
        "# Events\n",
        "What Clerk's webhooks tell: `from clerk import events`. The guide is [Webhooks](../../webhooks.md).\n",
        "::: clerk.verify_webhook\n    options:\n      heading_level: 2\n",
        "## The events\n\n| event | class |\n|---|---|",
        *(f"| `{event_type}` | [`{name}`]({name}.md) |" for event_type, name in sorted(CLASSES.items())),
        "\n::: clerk_generated._runtime.events.UnknownEvent",
        "    options:\n      heading_level: 2\n      members: false\n      show_signature: false\n",
        "## What they are about\n",
        *(f"- [`{model.name}`]({model.name}.md)" for model in found if model.name not in of_type),
        "",
    ]
    book.pages[f"{EVENTS}/index.md"] = "\n".join(parts)
    paths = [f"{EVENTS}/{model.name}.md" for model in found]
    book.navigation.append({"Events": [f"{EVENTS}/index.md", *paths]})


def _model_page(model: Model, title: str | None = None, package: str = "models") -> str:
    rows = [
        f"- `{name}` ({link_models(annotation, package)}): {text}".rstrip(": ")
        for name, annotation, text in model.attributes
    ]
    parts = [
        f"---\ntitle: {title or model.name}\nsearch:\n  boost: 2\n---\n",
        f"# {model.name} {{ #{model.path} }}",
        model.summary,
        model.description,
        "`from_dict()` makes one of the API's JSON, `to_dict()` gives the JSON back.",
        "## Attributes",
        "\n".join(rows) or "None.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


__all__ = ["Book", "class_of", "make", "sub_apis"]
