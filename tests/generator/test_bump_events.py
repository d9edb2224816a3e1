"""`make bump` on a document of webhooks: what it refuses, what it leaves to decide, and what it writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generator.__main__ import main
from generator.document import lock
from tests.generator.test_webhooks import event, webhooks
from tests.support.openapi import INTEGER, STRING, a_small_api, an_object, reference, unshared
from tests.support.repositories import Repository, a_repository


@pytest.fixture
def project(tmp_path: Path) -> Repository:
    """A project with both documents."""
    made = a_repository(tmp_path / "project", a_small_api())
    source = tmp_path / "2026-02-03.json"
    source.write_text(json.dumps(webhooks()))
    for command in (["vendor", str(source)], ["regenerate"]):
        assert main(["--root", str(made.root), *command]) == 0
    made.commit()
    return made


def bumped(project: Repository, document: Any, name: str = "2026-03-04.json", *options: str) -> int:
    source = project.root.parent / name
    source.write_text(json.dumps(document))
    return main(["--root", str(project.root), "bump", str(source), *options])


def changed(**schemas: Any) -> dict[str, Any]:
    document = unshared(webhooks())
    document["components"]["schemas"].update(schemas)
    return document


THING = an_object({"id": STRING, "kind": {**STRING, "enum": ["a", "b", "c"]}, "size": INTEGER}, "id")


def test_a_document_that_grew(project: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    document = changed(Thing=THING)
    document["x-webhooks"]["thing.moved"] = event(reference("Thing"))

    assert bumped(project, document) == 0

    out = capsys.readouterr().out
    assert "Clerk webhooks 2026-02-03 -> 2026-03-04: 0 breaking" in out
    assert "events.ThingMoved: added: `thing.moved`" in out
    assert "events.Thing.size: added" in out
    assert lock.read(project.root).webhooks["version"] == "2026-03-04"
    changelog = (project.root / "CHANGELOG.md").read_text()
    assert (
        "The events are those of 2026-03-04 (they were those of 2026-02-03). Its document is `2026-03-04" in changelog
    )
    assert "- `events.ThingMoved`: added: `thing.moved`" in changelog
    assert (project.root / "clerk_generated/events/thing_moved.py").exists()
    assert main(["--root", str(project.root), "regenerate", "--check"]) == 0


def test_a_document_that_broke_with_callers(project: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    document = changed(Thing=an_object({"id": INTEGER}, "id"))
    del document["x-webhooks"]["thing.gone_for-good"]

    assert bumped(project, document) == 0

    out = capsys.readouterr().out
    assert "events.ThingGoneForGood: removed: `thing.gone_for-good`" in out
    assert "events.Thing.kind: removed" in out
    assert "events.Thing.id: type `str` is now `int`" in out
    assert "models." not in out


def test_the_first_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = a_repository(tmp_path / "project", a_small_api())

    assert bumped(project, webhooks()) == 0

    out = capsys.readouterr().out
    assert "Clerk webhooks none -> 2026-03-04: 0 breaking" in out
    assert "events.ThingCreated: added: `thing.created`" in out


OVERLAY = """overlay: 1.0.0
info:
  title: Facts
  version: 1.0.0
actions:
  - target: $.components.schemas.Thing.properties.kind
    description: So it is.
    update:
      nullable: true
"""


def test_overlays_that_have_become_stale(project: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    overlay = project.root / "openapi/overlays/webhooks/10-facts.yaml"
    overlay.parent.mkdir(parents=True, exist_ok=True)
    overlay.write_text(OVERLAY)
    assert main(["--root", str(project.root), "regenerate"]) == 0
    project.commit()
    document = changed(Thing=an_object({"id": STRING}, "id"))
    before = project.tree()

    assert bumped(project, document) == 2
    assert project.tree() == before
    err = capsys.readouterr().err
    assert "overlay actions that no longer change anything:\n  openapi/overlays/webhooks/10-facts.yaml:" in err
    assert "ACCEPT=1 accepts the proposals" in err

    assert bumped(project, document, "2026-03-04.json", "--accept") == 0
    assert not overlay.exists()


REFUSED = {
    "no date": (
        webhooks(),
        "events.json",
        "its file name contains no date, and documents of webhooks have no date inside",
    ),
    "the same": (
        webhooks(),
        "2026-03-04.json",
        "is already vendored: its facts are those of openapi/clerk-webhooks.yaml",
    ),
    "older": (
        changed(Thing=THING),
        "2026-01-01.json",
        "2026-01-01 is older than 2026-02-03, which is vendored; FORCE=1 accepts it anyway",
    ),
    "another title": (
        webhooks(info={"title": "Others", "version": "v1"}),
        "2026-03-04.json",
        "describes another API: 'Others', not 'Events'",
    ),
    "other events": (
        webhooks() | {"x-webhooks": {"a.b": event(STRING)}},
        "2026-03-04.json",
        "describes another API: it has 0 of the 2 events of the vendored document",
    ),
}


@pytest.mark.parametrize(("document", "name", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(
    project: Repository, document: Any, name: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = project.tree()

    assert bumped(project, document, name) == 2

    assert project.tree() == before
    assert capsys.readouterr().err.strip() == f"error: {project.root.parent / name}: {message}"


def test_an_older_one_by_force(project: Repository) -> None:
    assert bumped(project, changed(Thing=THING), "2026-01-01.json", "--force") == 0
    assert lock.read(project.root).webhooks["version"] == "2026-01-01"
