"""How the words are; whether all have some is what `make words` tells and a release asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator import build
from generator.code import operations, parse
from generator.code.blueprint import Blueprint
from generator.code.borrow import borrow_words
from generator.document import overlays
from generator.document.walk import Document
from generator.prepare import events, layout, rules, words

ROOT = Path(__file__).parents[2]


def drawn(corrected: Document, plan: layout.Layout, layers: Path) -> Blueprint:
    effective, _ = rules.effective_document(corrected, plan)
    described = words.put(effective, overlays.load_overlays(ROOT / layers, "9*.yaml", reasons=False))
    return operations.draw(described, parse.parse(described, parse.config(Path("unused"))), plan)


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


def test_a_summary_is_one_sentence_on_one_line(blueprint: Blueprint) -> None:
    summaries = [operation.summary for operation in blueprint.operations]
    assert [text for text in summaries if "\n" in text or len(text) > 100 or not text.endswith(".")] == []


def test_every_sub_api_says_what_it_is_for() -> None:
    missing = [sub_api.name for sub_api in layout.load(ROOT).sub_apis if not sub_api.about.endswith(".")]
    assert not missing
