"""How the words are; whether all have some is what `make words` tells and a release asks for."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from generator import build
from generator.code import docstrings, operations, parse
from generator.code.blueprint import Blueprint
from generator.code.borrow import borrow_words
from generator.document import overlays
from generator.document.walk import Document
from generator.prepare import events, layout, rules, words

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.xdist_group("words_are_complete")  # one worker draws the blueprints


def drawn(corrected: Document, client_layout: layout.Layout, layers: Path) -> Blueprint:
    effective, _ = rules.effective_document(corrected, client_layout)
    described = words.put(effective, overlays.load_overlays(ROOT / layers, "9*.yaml", reasons=False))
    return operations.draw(described, parse.parse(described, parse.config(Path("unused"))), client_layout)


@pytest.fixture(scope="module")
def blueprint() -> Blueprint:
    return drawn(build.corrected_document(ROOT), layout.load(ROOT), build.OVERLAYS)


@pytest.fixture(scope="module")
def event_blueprint(blueprint: Blueprint) -> Blueprint:
    described = drawn(*events.as_operations(build.corrected_events(ROOT), ""), build.EVENT_OVERLAYS)
    return borrow_words(described, blueprint)


def without_words(blueprint: Blueprint) -> list[str]:
    """Models and properties that nothing is said of."""
    without = [model.name for model in blueprint.models if not model.description]
    return without + [
        f"{model.name}.{value.name}"
        for model in blueprint.models
        for value in model.properties
        if not value.description
    ]


def test_every_event_and_all_that_it_is_about_has_words(event_blueprint: Blueprint) -> None:
    assert without_words(event_blueprint) == []


def deprecated(blueprint: Blueprint) -> dict[str, str]:
    """What is said of all that is deprecated, by where it is."""
    methods = {
        f"{sub_api.name}.{method.name}": method.deprecated
        for sub_api in blueprint.sub_apis
        for method in sub_api.methods
        if method.deprecated or method.operation.deprecated
    }
    holders = {operation.id: operation.parameters for operation in blueprint.operations}
    holders |= {model.name: model.properties for model in blueprint.models}
    values = {
        f"{holder}.{value.name}": value.instead
        for holder, items in holders.items()
        for value in items
        if value.deprecated
    }
    return {place: text or "" for place, text in (methods | values).items()}


def test_whatever_is_deprecated_says_what_to_use_instead_or_that_nothing_replaces_it(
    blueprint: Blueprint, event_blueprint: Blueprint
) -> None:
    said = deprecated(blueprint) | deprecated(event_blueprint)
    assert len(said) > 30
    unhelpful = {
        place: text
        for place, text in said.items()
        if not text.endswith(".")
        or not (" instead" in text or text.startswith(("Nothing replaces it", "The API names no replacement")))
    }
    assert unhelpful == {}


def test_no_docstring_speaks_of_null_for_one_argument_after_the_other(blueprint: Blueprint) -> None:
    repeated: dict[str, str] = {}
    for sub_api in blueprint.sub_apis:
        for method in sub_api.methods:
            sentences = re.split(r"(?<=\.)\s+", docstrings.of_method(method, ""))
            said = Counter(text for text in sentences if re.search(r"\b(null|None|Deprecated)\b", text))
            repeated |= {f"{sub_api.name}.{method.name}": text for text, times in said.items() if times > 1}
    assert repeated == {}


def test_a_summary_is_one_sentence_on_one_line(blueprint: Blueprint) -> None:
    summaries = [operation.summary for operation in blueprint.operations]
    assert [text for text in summaries if "\n" in text or len(text) > 100 or not text.endswith(".")] == []


def test_every_sub_api_says_what_it_is_for() -> None:
    missing = [sub_api.name for sub_api in layout.load(ROOT).sub_apis if not sub_api.about.endswith(".")]
    assert not missing
