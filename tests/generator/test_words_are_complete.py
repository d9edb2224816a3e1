"""Nothing that a user meets is without words."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator import build
from generator.code import operations, parse
from generator.code.blueprint import Blueprint
from generator.document import overlays
from generator.prepare import layout, rules, words

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def blueprint() -> Blueprint:
    plan = layout.load(ROOT)
    effective, _ = rules.effective_document(build.corrected_document(ROOT), plan)
    described = words.put(effective, overlays.load_overlays(ROOT / build.OVERLAYS, "9*.yaml", reasons=False))
    return operations.draw(described, parse.parse(described, parse.config(Path("unused"))), plan)


def test_every_operation_parameter_model_and_property_has_words(blueprint: Blueprint) -> None:
    without = [operation.id for operation in blueprint.operations if not operation.summary]
    without += [
        f"{operation.id}({value.name}=)"
        for operation in blueprint.operations
        for value in operation.parameters
        if not value.description
    ]
    without += [model.name for model in blueprint.models if not model.description]
    without += [
        f"{model.name}.{value.name}"
        for model in blueprint.models
        for value in model.properties
        if not value.description
    ]

    assert without == []


def test_a_summary_is_one_sentence_on_one_line(blueprint: Blueprint) -> None:
    summaries = [operation.summary for operation in blueprint.operations]
    assert [text for text in summaries if "\n" in text or len(text) > 100 or not text.endswith(".")] == []
