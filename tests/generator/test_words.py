from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from generator._errors import BuildError
from generator.document.overlays import Overlay, load_overlays
from generator.prepare import words

DOCUMENT: dict[str, Any] = {
    "paths": {"/users": {"get": {"operationId": "ListUsers", "parameters": [{"name": "limit"}]}}},
    "components": {"schemas": {"User": {"properties": {"id": {"type": "string"}, "description": {"type": "string"}}}}},
}


def layer(folder: Path, *actions: dict[str, Any]) -> list[Overlay]:
    content = {"overlay": "1.0.0", "info": {"title": "Words", "version": "1.0.0"}, "actions": list(actions)}
    (folder / "90-words.yaml").write_text(yaml.safe_dump(content))
    return load_overlays(folder, "9*.yaml", reasons=False)


def test_words_are_put_on_a_copy_of_the_document(tmp_path: Path) -> None:
    layers = layer(
        tmp_path,
        {"target": "$.paths['/users'].get", "update": {"summary": "List users.", "description": "All of them."}},
        {"target": "$..parameters[?@.name == 'limit']", "update": {"description": "The most to return."}},
        {
            "target": "$.components.schemas.User",
            "update": {"description": "A person.", "properties": {"description": {"description": "About them."}}},
        },
    )

    described = words.put(DOCUMENT, layers)

    operation, user = described["paths"]["/users"]["get"], described["components"]["schemas"]["User"]
    assert (operation["summary"], operation["description"]) == ("List users.", "All of them.")
    assert operation["parameters"] == [{"name": "limit", "description": "The most to return."}]
    assert user["description"] == "A person."
    assert user["properties"]["description"] == {"type": "string", "description": "About them."}
    assert "summary" not in DOCUMENT["paths"]["/users"]["get"]


def test_all_words_for_what_does_not_exist_are_listed(tmp_path: Path) -> None:
    layers = layer(
        tmp_path,
        {
            "target": "$.components.schemas.User",
            "update": {"properties": {"id": {"description": "Its id."}, "age": {"description": "In years."}}},
        },
        {"target": "$.paths['/users'].get", "update": {"requestBody": {"description": "The body."}}},
    )

    with pytest.raises(BuildError) as raised:
        words.put(DOCUMENT, layers)

    first, *rest = str(raised.value).split("\n")
    assert first == "words for things that don't exist:"
    assert [line.rsplit(": ", 1)[1] for line in rest] == ["describes properties.age", "describes requestBody"]
    assert all("90-words.yaml:" in line and ": actions[" in line for line in rest)


def test_what_to_use_instead_is_said_only_of_what_is_deprecated(tmp_path: Path) -> None:
    instead = {"x-clerk-instead": "Use `id` instead."}
    layers = layer(tmp_path, {"target": "$.components.schemas.User", "update": {"properties": {"age": instead}}})

    def document(age: dict[str, Any]) -> dict[str, Any]:
        return {"components": {"schemas": {"User": {"properties": {"age": age}}}}}

    described = words.put(document({"deprecated": True}), layers)
    assert described == document({"deprecated": True, **instead})
    with pytest.raises(BuildError, match=r"describes properties\.age\.x-clerk-instead"):
        words.put(document({}), layers)


def test_words_that_match_nothing_fail(tmp_path: Path) -> None:
    layers = layer(tmp_path, {"target": "$.paths['/gone'].get", "update": {"summary": "Gone."}})

    with pytest.raises(BuildError, match="overlay actions that no longer change anything"):
        words.put(DOCUMENT, layers)


@pytest.mark.parametrize(
    "action",
    [
        {"update": {"type": "integer"}},
        {"update": {"properties": {"id": {"nullable": True}}}},
        {"update": {"summary": 1}},
        {"update": ["User"]},
        {"remove": True},
    ],
)
def test_words_are_nothing_but_words(tmp_path: Path, action: dict[str, Any]) -> None:
    layers = layer(tmp_path, {"target": "$.components.schemas.User", **action})

    with pytest.raises(BuildError, match=r"90-words\.yaml:\d+: actions\[0\]: words are summaries, descriptions and"):
        words.put(DOCUMENT, layers)
