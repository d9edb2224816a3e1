"""Words that are drafted for whatever has none, wherever it stands in a document; names of what is called otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator import build
from generator.document import overlays
from generator.release import drafts, model_names, renames
from tests.support.openapi import (
    INTEGER,
    STRING,
    JSONObject,
    a_document,
    an_array,
    an_object,
    an_operation,
    parameter,
    reference,
    unshared,
)
from tests.support.projects import Project, a_project


def an_api() -> JSONObject:
    """Parameters and bodies in all the places where they may stand."""
    shared = {"$ref": "#/components/parameters/Limit"}
    composed = {"allOf": [an_object({"flag": {"type": "boolean"}}), reference("Thing")]}
    document = a_document(
        ("get /things", an_operation("ListThings", an_array(reference("Thing")), parameters=[shared])),
        ("get /parts", an_operation("ListParts", an_array(reference("Thing")), parameters=[shared])),
        ("put /things/{thing_id}", an_operation("ReplaceThing", reference("Whole"), body=reference("ThingParams"))),
        ("post /things/bulk", an_operation("CreateThings", body=an_array(STRING))),
        schemas={
            "Thing": an_object({"role_id": STRING, "size": INTEGER, "parts": an_array(reference("Part"))}),
            "Part": an_object({"thing": reference("Thing"), "odd": {}}),
            "ThingParams": an_object({"size": INTEGER}),
            "Whole": composed,
        },
        parameters={"Limit": parameter("limit", schema=INTEGER)},
    )
    document["paths"]["/things/{thing_id}"]["parameters"] = [parameter("thing_id", "path")]
    return document


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return a_project(tmp_path, an_api())


def test_words_are_drafted_once_for_each_place(project: Project) -> None:
    found = {draft.target: draft.update for draft in drafts.without_words(project.root)}
    assert found["$.components.parameters['Limit']"] == {"description": "Limit: a whole number."}
    assert found["$.paths['/things/{thing_id}'].parameters[?@.name == 'thing_id']"] == {
        "description": "Id of the thing."
    }
    assert found["$.components.schemas['ThingParams']"]["properties"] == {
        "size": {"description": "Size: a whole number."}
    }
    body = "$.paths['/things/bulk'].post.requestBody.content['application/json'].schema"
    assert found[body] == {"description": "Body: a list."}
    assert found["$.components.schemas['Thing']"]["properties"]["parts"] == {"description": "Parts: a list."}
    assert found["$.components.schemas['Part']"] == {
        "description": "A part.",
        "properties": {"odd": {"description": "Odd: any value."}, "thing": {"description": "Thing: a thing."}},
    }
    assert found["$.paths['/things'].get"] == {"summary": "List things."}


def test_with_the_drafts_everything_has_words(project: Project) -> None:
    drafts.write_words(project.root, drafts.without_words(project.root))
    assert drafts.without_words(project.root) == []
    build.regenerate(project.root)
    assert '"""Replace thing.' in (project.generated / "api/things/replace_thing.py").read_text()
    [overlay] = overlays.load_overlays(project.root / build.OVERLAYS, reasons=False)
    assert overlay.is_draft
    drafts.write_words(project.root, [])  # nothing to add
    assert [action.target for action in drafts.marked(project.root)] == [action.target for action in overlay.actions]


def renamed(document: JSONObject, old: str, new: str) -> JSONObject:
    text = json.dumps(document).replace(f'"#/components/schemas/{old}"', f'"#/components/schemas/{new}"')
    changed: JSONObject = json.loads(text)
    changed["components"]["schemas"][new] = changed["components"]["schemas"].pop(old)
    return changed


def test_a_component_that_took_the_place_of_another_is_found_though_it_changed() -> None:
    old = unshared(an_api())
    new = renamed(old, "Part", "Piece-2")
    new["components"]["schemas"]["Piece-2"]["properties"]["more"] = STRING
    found = renames.find_renames(old, new)
    assert found == renames.Renames({("schemas", "Part"): "Piece-2"})
    assert found.target("$.components.schemas.Part.properties") == "$.components.schemas['Piece-2'].properties"
    assert found.target("$.components.schemas['Part', 'Party']") == "$.components.schemas['Piece-2', 'Party']"
    assert found.target("$.components.schemas.Party") == "$.components.schemas.Party"
    assert found.reference("'#/components/schemas/Part' '#/components/schemas/Party'") == (
        "'#/components/schemas/Piece-2' '#/components/schemas/Party'"
    )
    assert found.place("/components/schemas/Part/properties/odd") == "/components/schemas/Piece-2/properties/odd"
    [draft] = model_names.propose(old, new, found)
    assert (draft.target, draft.update) == ("$.components.schemas['Piece-2']", {"title": "Part"})


def test_a_component_that_nothing_refers_to_is_found_by_what_it_says() -> None:
    old, new = unshared(an_api()), unshared(an_api())
    old["components"]["schemas"]["Alone"] = new["components"]["schemas"]["Single"] = an_object({"only": STRING})
    assert renames.find_renames(old, new) == renames.Renames({("schemas", "Alone"): "Single"})


def test_components_that_are_both_there_are_not_renamed() -> None:
    old = unshared(an_api())
    new = unshared(an_api())
    new["paths"]["/parts"]["get"]["responses"]["200"]["content"]["application/json"]["schema"] = an_array(
        reference("Part")
    )
    assert renames.find_renames(old, new) == renames.Renames()


def test_a_place_below_a_moved_path() -> None:
    old, new = unshared(an_api()), unshared(an_api())
    new["paths"]["/all_parts"] = new["paths"].pop("/parts")
    found = renames.find_renames(old, new)
    assert found.lines == ["/parts is now at /all_parts"]
    assert found.place("/paths/~1parts/get/parameters") == "/paths/~1all_parts/get/parameters"
