"""Changes that are told although no method or property of the same name leads to them, and those that are told once."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator import build
from generator.compare import operations, servers
from generator.compare.changes import Change, Effect
from generator.compare.usages import find
from generator.release import bump
from tests.support.blueprints import drawn
from tests.support.openapi import (
    INTEGER,
    STRING,
    JSONObject,
    a_document,
    a_small_api,
    an_array,
    an_object,
    an_operation,
    parameter,
    reference,
    unshared,
)
from tests.support.repositories import Repository, a_document_file, a_repository

INVISIBLE, ADDITIVE, BREAKING = Effect.INVISIBLE, Effect.ADDITIVE, Effect.BREAKING


def told(old: JSONObject, new: JSONObject) -> set[tuple[str, str, Effect]]:
    comparison = operations.compare(drawn(old), drawn(new))
    return {(change.subject, change.what, change.effect) for change in comparison.changes}


def test_a_model_that_is_reached_through_another_property_now() -> None:
    def an_api(name: str, age: JSONObject) -> JSONObject:
        owner, thing = an_object({"age": age}, "age"), an_object({"id": STRING, name: reference("Owner")}, "id")
        get = an_operation("GetThing", reference("Thing"), parameters=[parameter("id", "path")])
        return a_document(("get /things/{id}", get), schemas={"Owner": owner, "Thing": thing})

    assert told(an_api("owner", INTEGER), an_api("holder", STRING)) == {
        ("models.Thing.owner", "removed", BREAKING),
        ("models.Thing.holder", "added", ADDITIVE),
        ("models.Owner.age", "type `int` is now `str`", BREAKING),
    }


def test_how_a_list_travels_in_a_query() -> None:
    def an_api(**fields: bool) -> JSONObject:
        names = {**parameter("names", schema=an_array(STRING)), **fields}
        return a_document(("get /things", an_operation("ListThings", an_array(STRING), parameters=[names])))

    subject = "things.list_things(names=)"
    joined = (subject, "its values are joined by commas now", INVISIBLE)
    apart = (subject, "each of its values is sent by itself now", INVISIBLE)
    assert told(an_api(), an_api(explode=False)) == {joined}
    assert told(an_api(explode=False), an_api()) == {apart}


@pytest.mark.parametrize(
    ("before", "now", "what", "effect"),
    [((), ("ok",), "always there now", ADDITIVE), (("ok",), (), "may be absent now", BREAKING)],
)
def test_whether_the_value_that_a_method_returns_is_always_there(
    before: tuple[str, ...], now: tuple[str, ...], what: str, effect: Effect
) -> None:
    def an_api(required: tuple[str, ...]) -> JSONObject:
        checked = an_object({"ok": {"type": "boolean"}, "id": STRING}, *required)
        check = an_operation("CheckThing", checked, x_clerk_answer={"unwrap": "ok"})
        return a_document(("post /things/check", check))

    found = told(an_api(before), an_api(now))
    assert ("things.check_thing()", what, effect) in found
    assert {item[2] for item in found} == {effect}


def test_the_url_of_the_api_and_of_an_operation() -> None:
    old, new = unshared(a_small_api()), unshared(a_small_api())
    assert list(servers.compare(old, new)) == []
    old["servers"] = [{"url": "https://api.example.com/v1"}]
    new["servers"] = [{"url": "https://api.example.com/v2"}]
    new["paths"]["/things"]["get"]["servers"] = [{"url": "https://lists.example.com"}]
    assert [(change.subject, change.what.partition(";")[0], change.effect) for change in servers.compare(old, new)] == [
        ("GET /things", "served at `https://lists.example.com`, no longer at the URL of the API", BREAKING),
        ("the API", "served at `https://api.example.com/v2`, no longer at `https://api.example.com/v1`", BREAKING),
    ]


@pytest.fixture
def project(tmp_path: Path) -> Repository:
    return a_repository(tmp_path / "project", a_small_api())


def bumped(project: Repository, tmp_path: Path, document: JSONObject) -> list[tuple[str, str, Effect]]:
    done = bump.bump(a_document_file(tmp_path, document), project.root, accept=True)
    return [(change.subject, change.what, change.effect) for change in done.comparison.changes]


def test_a_bump_tells_of_another_url(project: Repository, tmp_path: Path) -> None:
    document = {**unshared(a_small_api()), "servers": [{"url": "https://api.example.com"}]}
    [(subject, _, effect)] = bumped(project, tmp_path, document)
    assert (subject, effect) == ("the API", BREAKING)


def test_a_renamed_path_parameter_is_told_once(project: Repository, tmp_path: Path) -> None:
    document = unshared(a_small_api())
    item = document["paths"].pop("/things/{id}")
    item["get"]["parameters"][0]["name"] = "thing_id"
    document["paths"]["/things/{thing_id}"] = item
    assert bumped(project, tmp_path, document) == [("things.get_thing(id)", "renamed: now `thing_id`", BREAKING)]


def test_a_property_that_is_always_there_now_breaks_nobody(project: Repository, tmp_path: Path) -> None:
    document = unshared(a_small_api())
    document["components"]["schemas"]["Thing"]["required"] = ["id", "parts"]
    assert bumped(project, tmp_path, document) == [("models.Thing.parts", "newly required", ADDITIVE)]


def test_a_removed_keyword_names_what_takes_it_now() -> None:
    def an_api(*keywords: str) -> JSONObject:
        path = [parameter("id", "path")]
        update = an_operation("UpdateThing", STRING, body=an_object(dict.fromkeys(keywords, STRING)), parameters=path)
        notes = an_operation("ReplaceNotes", STRING, body=an_object({"note": STRING}), parameters=path)
        return a_document(("patch /things/{id}", update), ("put /things/{id}/notes", notes))

    assert told(an_api("name", "note", "size"), an_api("name")) == {
        ("things.update_thing(note=)", "removed; use `things.replace_notes`", BREAKING),
        ("things.update_thing(size=)", "removed", BREAKING),
    }


USES = """\
import clerk
from clerk import clerk_client, models
from clerk.models import Gone

clerk_client.things.update("id", name="a", note="b")
clerk_client.others.update("id", note="b")
clerk_client.things.drop_thing()
update = clerk_client.things.update
print(models.Gone, clerk_client.others.list())
"""


def test_the_places_that_use_what_is_gone(tmp_path: Path) -> None:
    changes = [
        Change("call", "things.update(note=)", "removed; use `things.replace_notes`", BREAKING),
        Change("operation", "things.drop_thing, things.list", "removed: `DELETE /things`", BREAKING),
        Change("model", "models.Gone", "renamed: now `Here`", BREAKING),
        Change("call", "others.update(note=)", "added", ADDITIVE),
    ]
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples/use.py").write_text(USES)
    block = "\n".join(f"    {line}" for line in ("```python", "clerk_client.things.drop_thing()", "```"))
    span = "| the first | `clerk_client.things.drop_thing()`, or `not Python` |"
    (tmp_path / "README.md").write_text(f"# Readme\n\n{block}\n\n```python\nfor every thing:\n```\n\n{span}\n")
    assert find(tmp_path, changes) == [
        "README.md:4: things.drop_thing",
        "README.md:11: things.drop_thing",
        "examples/use.py:3: models.Gone",
        "examples/use.py:5: things.update(note=)",
        "examples/use.py:7: things.drop_thing",
        "examples/use.py:9: models.Gone",
    ]


def test_a_bump_lists_the_places_that_use_what_is_gone(project: Repository, tmp_path: Path) -> None:
    project.write("examples/use.py", "from clerk import clerk_client\n\nclerk_client.things.get_thing('1')\n")
    build.regenerate(project.root)
    project.commit()
    document = unshared(a_small_api())
    del document["paths"]["/things/{id}"]
    done = bump.bump(a_document_file(tmp_path, document), project.root, accept=True)
    title = "Places in this repository that use what is gone"
    assert f"{title}\n  examples/use.py:3: things.get_thing\n" in done.text
    assert f"## {title}\n\n- examples/use.py:3: things.get_thing\n" in done.markdown


def test_a_bump_lists_where_tests_and_pages_of_other_clients_use_what_is_gone(
    project: Repository, tmp_path: Path
) -> None:
    project.write("openapi/node-js.yaml", "version: 1.0.0\nsub_apis:\n  things:\n    - getThing\n    - listThings\n")
    project.write(
        "docs/data/official-python-sdk.yaml", "methods:\n  GetThing: things.fetch\n  ListThings: things.all\n"
    )
    project.write(
        "docs/from-official-sdk.md", "| theirs | ours |\n| `clerk.things.fetch(id)` | `things.get_thing(id)` |\n"
    )
    project.write("tests/peers/node/story.mjs", "step('things.getThing, unknown');\nstep('things.listThings');\n")
    project.write("tests/peers/node/node_modules/theirs.mjs", "things.getThing()\n")
    project.write("tests/peers/test_story.py", 'MISTAKES = {"things.fetch, unknown": 404, "things.fetched": 1}\n')
    build.regenerate(project.root)
    project.commit()
    document = unshared(a_small_api())
    del document["paths"]["/things/{id}"]
    done = bump.bump(a_document_file(tmp_path, document), project.root, accept=True)
    places = done.text.partition("Places in this repository that use what is gone\n")[2].partition("\n\n")[0]
    assert [line.strip() for line in places.splitlines()] == [
        "docs/from-official-sdk.md:2: things.get_thing",
        "docs/from-official-sdk.md:2: things.fetch",
        "tests/peers/node/story.mjs:1: things.getThing",
        "tests/peers/test_story.py:1: things.fetch",
    ]
