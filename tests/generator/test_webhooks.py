"""The webhooks' document: vendored, corrected and generated beside that of the Backend API."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generator import build
from generator.__main__ import main
from generator._errors import BuildError
from generator.document import lock
from tests.support.openapi import STRING, an_object, an_operation, reference
from tests.support.projects import Project, a_project


def event(data: Any, **fields: Any) -> dict[str, Any]:
    schema = {"allOf": [reference("Envelope"), {"properties": {"data": data}, "required": ["data"]}]}
    content = {"application/json": {"schema": schema, "example": {"type": "a"}}}
    return {"post": {"description": "Words.", "requestBody": {"content": content}, **fields}}


def webhooks(**changes: Any) -> dict[str, Any]:
    return {
        "openapi": "3.0.3",
        "info": {"title": "Events", "version": "v1", "description": "Words."},
        "x-webhooks": {
            "thing.gone_for-good": event({"type": "object"}),
            "thing.created": event(reference("Thing")),
        },
        "components": {
            "schemas": {
                "Envelope": an_object({"object": STRING, "type": {**STRING, "description": "Words."}}, "type"),
                "Thing": an_object(
                    {"id": STRING, "kind": {**STRING, "enum": ["b", "a"]}}, "id", additionalProperties=False
                ),
            }
        },
        **changes,
    }


@pytest.fixture
def project(tmp_path: Path) -> Project:
    thing = an_object({"id": {**STRING, "description": "Words."}}, "id")
    api = {
        "openapi": "3.0.3",
        "info": {"title": "An API", "version": "2026-01-01"},
        "paths": {"/things": {"get": an_operation("GetThing", reference("Thing"))}},
        "components": {"schemas": {"Thing": thing}},
    }
    return a_project(tmp_path, api)


def take(project: Project, document: Any, name: str = "webhooks-2026-02-03.json") -> int:
    source = project.root / name
    source.write_text(json.dumps(document), encoding="utf-8")
    return main(["--root", str(project.root), "vendor", str(source)])


def complaint(project: Project, document: Any, capsys: pytest.CaptureFixture[str]) -> str:
    before = project.files()
    assert take(project, document) == 2
    after = project.files()
    del after["webhooks-2026-02-03.json"]
    assert after == before
    return capsys.readouterr().err.removeprefix(f"error: {project.root}/webhooks-2026-02-03.json: ").strip()


def test_vendor_recognises_it(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    before = project.files()

    assert take(project, webhooks()) == 0

    assert capsys.readouterr().out == "vendored 2026-02-03: 2 events, 2 schemas; now run `make regenerate`\n"
    after = project.files()
    assert after["openapi/clerk-bapi.yaml"] == before["openapi/clerk-bapi.yaml"]
    facts = after["openapi/clerk-webhooks.yaml"].decode()
    assert "Words" not in facts
    assert "example" not in facts
    assert facts.index("thing.created") < facts.index("thing.gone_for-good")
    locked = lock.read(project.root)
    assert locked.api_version == "2026-01-01"
    assert locked.webhooks["version"] == "2026-02-03"
    assert locked.counts == {"operations": 1, "schemas": 1, "events": 2, "event_schemas": 2}


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("webhooks-2026-02-03.json", "2026-02-03"),
        ("2026-02-03.yml", "2026-02-03"),
        ("2025-01-01-as-of-2026-02-03.yml", "2026-02-03"),
        ("webhooks.yml", "v1"),
        ("12026-02-031.yml", "v1"),
    ],
)
def test_its_version_is_the_date_in_its_name(project: Project, name: str, version: str) -> None:
    take(project, webhooks(), name)

    assert lock.read(project.root).webhooks["version"] == version


def test_one_document_leaves_what_is_locked_of_the_other(project: Project) -> None:
    take(project, webhooks())
    locked = lock.read(project.root)
    source = json.loads((project.root / "source.json").read_text())
    source["info"]["version"] = "2026-03-04"

    project.vendor(source)

    again = lock.read(project.root)
    assert again.webhooks == locked.webhooks
    assert (again.api_version, again.counts) == ("2026-03-04", locked.counts)


KINDS = "'array', 'boolean', 'integer', 'number', 'object', 'string'"
DATA = "/x-webhooks/a.b/post/requestBody/content/application~1json/schema/allOf/1/properties/data"
UNSOUND: dict[str, tuple[dict[str, Any], str]] = {
    "a reference that leads nowhere": (
        webhooks() | {"x-webhooks": {"a.b": event(reference("Nothing"))}},
        f"{DATA}: $ref '#/components/schemas/Nothing' can't be resolved",
    ),
    "a schema that is none": (
        webhooks() | {"x-webhooks": {"a.b": event({"type": "thing"})}},
        f"{DATA}/type: not valid OpenAPI: 'thing' is not one of [{KINDS}]",
    ),
    "an id that is taken": (
        webhooks() | {"x-webhooks": {name: event(STRING, operationId="same") for name in ("a.b", "a.c")}},
        "/x-webhooks/a.c/post: operationId 'same' is already used at /x-webhooks/a.b/post",
    ),
    "no events": (
        webhooks() | {"x-webhooks": {}},
        "no paths: the document describes no operations and no events",
    ),
}


@pytest.mark.parametrize(("document", "message"), UNSOUND.values(), ids=UNSOUND)
def test_an_unsound_document_is_refused(
    project: Project, document: Any, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert complaint(project, document, capsys) == message


PROGRAM = """
import clerk_generated.events as events
event, drifts = events.read({"type": "thing.created", "data": {"id": "1", "kind": "a", "more": 1}})
assert isinstance(event, events.ThingCreated) and isinstance(event.data, events.Thing) and drifts == []
assert event.to_dict() == {"type": "thing.created", "data": {"id": "1", "kind": "a", "more": 1}}
gone, drifts = events.read({"type": "thing.gone_for-good", "data": {"a": 1}})
assert isinstance(gone, events.ThingGoneForGood) and gone.data == {"a": 1} and drifts == []
assert sorted(events.__all__) == sorted(dir(events)) == [
    "Event", "Thing", "ThingCreated", "ThingGoneForGood", "ThingKind", "UnknownEvent", "UnknownVariant"
]
assert str(events.ThingKind) == "typing.Literal['a', 'b']"
print(events.Thing.__doc__)
"""


def test_events_are_generated_beside_the_api(project: Project) -> None:
    take(project, webhooks())
    words = {"description": "A thing."}
    project.write_overlay(
        "webhooks/10-facts.yaml", correction("$.components.schemas.Thing.properties.kind", nullable=True)
    )
    project.write_overlay("webhooks/90-words.yaml", correction("$.components.schemas.ThingCreated", **words))
    project.write_overlay("90-words.yaml", correction("$.components.schemas.Thing", description="Words of the API."))

    built = build.regenerate(project.root)

    assert built.lock.counts["event_models"] == 3
    assert "Words of the API." in project.run(PROGRAM)  # one word for what both documents have
    assert '"""A thing.' in (project.generated / "events/thing_created.py").read_text()
    assert "kind: events.ThingKind | str | None | Unset = UNSET" in (project.generated / "events/thing.py").read_text()
    build.check(project.root)


def correction(target: str, **update: Any) -> dict[str, Any]:
    return {"target": target, "description": "So it is.", "update": update}


def test_check_finds_what_was_edited(project: Project) -> None:
    take(project, webhooks())
    build.regenerate(project.root)
    vendored = project.root / "openapi/clerk-webhooks.yaml"
    generated = project.generated / "events/thing.py"
    generated.write_text(generated.read_text() + "\n")

    with pytest.raises(BuildError, match=r"run `make regenerate`:\n  clerk_generated/events/thing\.py$"):
        build.check(project.root)
    build.regenerate(project.root)
    overlay = project.write_overlay("webhooks/10-facts.yaml", correction("$.info", version="2"))
    with pytest.raises(BuildError, match=r"\n  openapi/lock\.json$"):
        build.check(project.root)
    overlay.unlink()
    vendored.write_text(vendored.read_text() + "\n")
    with pytest.raises(BuildError, match=r"clerk-webhooks\.yaml was edited; run `make vendor`"):
        build.check(project.root)


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no data": (
        {"a.b": {"post": {"requestBody": {"content": {"application/json": {"schema": STRING}}}}}},
        "a `type` and",
    ),
    "no body": ({"a.b": {"post": {}}}, "a.b: an event must be one request with one body"),
    "a name that is taken": ({"thing": event(STRING)}, "thing: there is a schema Thing already"),
    "two events of one name": ({"a.b": event(STRING), "a_b": event(STRING)}, "a_b: there is a schema AB already"),
}


@pytest.mark.parametrize(("described", "message"), BAD.values(), ids=BAD)
def test_an_event_that_no_class_can_be_made_of(project: Project, described: Any, message: str) -> None:
    take(project, webhooks() | {"x-webhooks": described})

    with pytest.raises(BuildError, match=message):
        build.regenerate(project.root)


def test_a_lock_from_before_there_were_events(project: Project) -> None:
    path = project.root / lock.LOCK
    content = json.loads(path.read_text())
    del content["webhooks"]
    path.write_text(json.dumps(content))

    assert lock.read(project.root).webhooks == {}
    build.regenerate(project.root)
    assert not (project.generated / "events").exists()
