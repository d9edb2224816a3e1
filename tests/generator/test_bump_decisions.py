"""What a bump decides beyond the layout: corrections of what has changed, other names, words, and which revision."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from generator import build
from generator.__main__ import main
from generator._errors import BuildError
from generator.document import lock, overlays
from generator.release import bump, drafts
from tests.support.openapi import (
    INTEGER,
    STRING,
    JSONObject,
    a_document,
    an_array,
    an_object,
    an_operation,
    answer,
    parameter,
    reference,
    unshared,
)
from tests.support.repositories import Repository, a_document_file, a_repository

NUMBER = {"type": "number"}
DATE_TIME = {"type": "string", "format": "date-time"}


def an_api() -> JSONObject:
    """Keys with a time, whose list has a limit and a total that are typed as any number."""
    key = an_object({"id": STRING, "created_at": NUMBER, "updated_at": NUMBER}, "id")
    page = an_object({"data": an_array(reference("Key")), "total_count": NUMBER}, "data", "total_count")
    paging = [parameter("limit", schema=NUMBER), parameter("offset", schema=NUMBER)]
    return a_document(
        ("get /keys", an_operation("ListKeys", page, parameters=paging)),
        ("get /keys/{id}", an_operation("GetKey", reference("Key"), parameters=[parameter("id", "path")])),
        schemas={"Key": key},
    )


CORRECTIONS = """\
overlay: 1.0.0
info: {title: Corrections, version: '1'}
actions:
  # Counted in whole numbers.
  - target: $.components.schemas.Key.properties['created_at', 'updated_at']
    description: Milliseconds.
    update:
      type: integer
      format: int64

  - target: $.paths['/keys'].get.parameters[?@.name == 'limit' || @.name == 'offset'].schema
    description: Rows.
    update:
      type: integer

  - target: $.paths['/keys'].get.responses['200'].content['application/json'].schema.properties.total_count
    description: Also rows.
    update:
      type: integer
"""


@pytest.fixture
def project(tmp_path: Path) -> Repository:
    repository = a_repository(tmp_path / "project", an_api())
    repository.write("openapi/overlays/10-corrections.yaml", CORRECTIONS)
    build.regenerate(repository.root)
    repository.commit()
    return repository


def page_of(document: JSONObject) -> JSONObject:
    answered = document["paths"]["/keys"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    properties: JSONObject = answered["properties"]
    return properties


def changed(change: Callable[[JSONObject], object]) -> JSONObject:
    document = unshared(an_api())
    change(document)
    return document


def corrections(project: Repository) -> list[tuple[str, str]]:
    """The corrections that are left: target and reason."""
    loaded = overlays.load_overlays(project.root / build.OVERLAYS, "10*.yaml")
    return [(action.target, action.reason) for overlay in loaded for action in overlay.actions]


class TestCorrections:
    @pytest.mark.parametrize(
        ("change", "told", "left"),
        [
            (
                lambda document: document["components"]["schemas"]["Key"]["properties"].update(created_at=DATE_TIME),
                (
                    "/components/schemas/Key/properties/created_at: type was 'number' and is now 'string'; "
                    "the correction sets 'integer'"
                ),
                [("$.components.schemas.Key.properties.updated_at", "Milliseconds.")],
            ),
            (
                lambda document: page_of(document).update(total_count=STRING),
                (
                    "/paths/~1keys/get/responses/200/content/application~1json/schema/properties/total_count: "
                    "type was 'number' and is now 'string'; the correction sets 'integer'"
                ),
                [],
            ),
            (
                lambda document: document["paths"]["/keys"]["get"]["parameters"][0].update(schema=STRING),
                (
                    "/paths/~1keys/get/parameters/limit/schema: type was 'number' and is now 'string'; "
                    "the correction sets 'integer'"
                ),
                [("$.paths['/keys'].get.parameters[?@.name == 'offset'].schema", "Rows.")],
            ),
        ],
    )
    def test_of_what_has_changed_somebody_decides(
        self,
        change: Callable[[JSONObject], object],
        told: str,
        left: list[tuple[str, str]],
        project: Repository,
        tmp_path: Path,
    ) -> None:
        source, before = a_document_file(tmp_path, changed(change)), corrections(project)
        with pytest.raises(BuildError) as raised:
            bump.bump(source, project.root)
        assert told in str(raised.value)
        assert corrections(project) == before

        bumped = bump.bump(source, project.root, accept=True)

        assert f"{told}; removed" in bumped.text
        after = corrections(project)
        assert set(left) <= set(after)
        assert len(after) == len(before) - (not left)
        assert "  # Counted in whole numbers." in (project.root / "openapi/overlays/10-corrections.yaml").read_text()
        project.commit()
        assert build.regenerate(project.root).doubts == []

    def test_what_they_replace_is_in_the_lock(self, project: Repository) -> None:
        noted = lock.read(project.root).corrections
        [places] = [places for key, places in noted.items() if "total_count" in key]
        assert list(places.values()) == [{"format": None, "type": "number"}]
        assert sum(len(places) for places in noted.values()) == 5

    def test_a_correction_that_clerk_has_made_too_is_in_no_doubt(self, project: Repository, tmp_path: Path) -> None:
        """It is stale, and so named; where it holds at other places still, nothing is to decide."""
        document = changed(
            lambda document: document["components"]["schemas"]["Key"]["properties"].update(
                created_at={"type": "integer", "format": "int64"}
            )
        )
        bump.bump(a_document_file(tmp_path, document), project.root)
        assert len(corrections(project)) == 3

    def test_a_new_place_counts_as_the_others(self, project: Repository, tmp_path: Path) -> None:
        text = CORRECTIONS.replace("properties['created_at', 'updated_at']", "properties[?@.type]")
        project.write("openapi/overlays/10-corrections.yaml", text.replace("[?@.type]", "[?@.type != 'string']"))
        build.regenerate(project.root)
        project.commit()
        properties = {"used_at": NUMBER, "weight": {"type": "number", "format": "double"}}
        document = changed(lambda document: document["components"]["schemas"]["Key"]["properties"].update(properties))
        with pytest.raises(BuildError) as raised:
            bump.bump(a_document_file(tmp_path, document), project.root)
        [told] = [line for line in str(raised.value).splitlines() if "the correction" in line]
        assert "properties/weight: format was missing and is now 'double'" in told

    def test_a_build_tells_of_it_too(self, project: Repository, capsys: pytest.CaptureFixture[str]) -> None:
        project.vendor(changed(lambda document: page_of(document).update(total_count=STRING)))
        assert main(["--root", str(project.root), "regenerate"]) == 0
        assert "a correction replaces another value than before: " in capsys.readouterr().out


class TestOtherNames:
    def test_a_renamed_component_keeps_its_overlays_and_its_class(self, project: Repository, tmp_path: Path) -> None:
        words = (
            "overlay: 1.0.0\ninfo: {title: Words, version: '1'}\nactions:\n  - target: $.components.schemas['Key']\n"
        )
        project.write("openapi/overlays/90-words.yaml", f"{words}    update:\n      description: A key.\n")
        build.regenerate(project.root)
        project.commit()
        text = json.dumps(an_api()).replace("#/components/schemas/Key", "#/components/schemas/schemas-Key-2")
        document = json.loads(text)
        document["components"]["schemas"]["schemas-Key-2"] = document["components"]["schemas"].pop("Key")
        source = a_document_file(tmp_path, document)
        with pytest.raises(BuildError, match="components/schemas/Key is now called schemas-Key-2"):
            bump.bump(source, project.root)

        bumped = bump.bump(source, project.root, accept=True)

        assert bumped.comparison.changes == ()
        assert "components/schemas/Key is now called schemas-Key-2" in bumped.markdown
        assert (
            corrections(project)[0][0] == "$.components.schemas['schemas-Key-2'].properties['created_at', 'updated_at']"
        )
        assert '"""A key.' in (project.generated / "models/key.py").read_text()
        assert lock.read(project.root).corrections.keys() >= {
            "10-corrections.yaml: $.components.schemas['schemas-Key-2'].properties['created_at', 'updated_at']"
        }

    def test_a_moved_path_keeps_its_overlays(self, project: Repository, tmp_path: Path) -> None:
        document = changed(lambda document: document["paths"].update({"/all_keys": document["paths"].pop("/keys")}))
        bumped = bump.bump(a_document_file(tmp_path, document), project.root, accept=True)
        assert [(change.what, change.effect.name) for change in bumped.comparison.changes] == [
            ("moved: from `GET /keys` to `GET /all_keys`", "INVISIBLE")
        ]
        assert [target for target, _ in corrections(project)][1] == (
            "$.paths['/all_keys'].get.parameters[?@.name == 'limit' || @.name == 'offset'].schema"
        )

    def test_new_models_are_named_like_their_neighbours(self, project: Repository, tmp_path: Path) -> None:
        left = an_object({"id": STRING, "deleted": {"type": "boolean"}}, "id", "deleted")
        document = changed(
            lambda document: document["paths"].update(
                {
                    "/keys/{id}/gone": {
                        "delete": {
                            **an_operation("DropKey", parameters=[parameter("id", "path")]),
                            "responses": {"200": {"$ref": "#/components/responses/Key.Deleted"}},
                        }
                    },
                    "/keys/new": {
                        "post": an_operation(
                            "AddKey",
                            STRING | {"type": "object", "properties": {"ok": STRING}},
                            body=an_object({"scopes": an_array(an_object({"name": STRING}))}),
                        )
                    },
                }
            )
        )
        document["components"]["responses"] = {"Key.Deleted": answer(left)}
        source = a_document_file(tmp_path, document)
        with pytest.raises(BuildError) as raised:
            bump.bump(source, project.root)
        assert "new models without a name; give them a title:\n" in str(raised.value)

        bump.bump(source, project.root, accept=True)

        models = {path.stem for path in (project.generated / "models").glob("[a-z]*.py")}
        assert models == {"key", "deleted_key", "add_key_result", "add_key_scope_params"}
        [names] = overlays.load_overlays(project.root / build.OVERLAYS, drafts.NAMES.name)
        assert all(action.is_draft for action in names.actions)
        assert len(names.actions) == 3


class TestWords:
    def test_they_are_drafted_listed_and_asked_for_by_a_release(
        self, project: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["--root", str(project.root), "words"]) == 0
        assert "no description: $.paths['/keys'].get: " in capsys.readouterr().out
        document = changed(
            lambda document: document["components"]["schemas"]["Key"]["properties"].update(role_id=STRING)
        )
        bump.bump(a_document_file(tmp_path, document), project.root)
        assert drafts.without_words(project.root) == []
        assert main(["--root", str(project.root), "words"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines
        assert all(line.startswith("openapi/overlays/99-drafted-words.yaml:") for line in lines)
        text = (project.generated / "models/key.py").read_text()
        assert '"""Id of the role."""' in text
        assert main(["--root", str(project.root), "release-check"]) == 2
        assert "of words and names are drafts; `make words` lists them" in capsys.readouterr().err

    def test_drafts_of_what_is_gone_go_without_a_question(self, project: Repository, tmp_path: Path) -> None:
        bump.bump(
            a_document_file(
                tmp_path,
                changed(
                    lambda document: document["paths"].update(
                        {
                            "/new": {
                                "get": an_operation("GetNew", INTEGER | {"type": "object", "properties": {"a": STRING}})
                            }
                        }
                    )
                ),
                "2026-01-01",
            ),
            project.root,
            accept=True,
        )
        project.commit()
        document = changed(lambda document: document["components"]["schemas"]["Key"]["properties"].pop("id"))
        document["components"]["schemas"]["Key"].pop("required")
        bump.bump(a_document_file(tmp_path, document, "2026-02-02"), project.root, accept=True)
        assert "GetNew" not in (project.root / drafts.WORDS).read_text()
        assert drafts.without_words(project.root) == []


class TestRevisions:
    def test_what_is_unreleased_is_refused_by_name(self, project: Repository, tmp_path: Path) -> None:
        document = {**an_api(), "x-unreleased": True}
        with pytest.raises(BuildError, match="2026-01-01 is marked x-unreleased: "):
            bump.bump(a_document_file(tmp_path, document), project.root, accept=True, force=True)

    def test_an_older_revision_asks_for_force(self, project: Repository, tmp_path: Path) -> None:
        fuller = changed(lambda document: document["components"]["schemas"]["Key"]["properties"].update(name=STRING))
        bump.bump(a_document_file(tmp_path, fuller, "2025-11-10"), project.root)
        project.commit()
        older = a_document_file(tmp_path, an_api(), "2025-11-10")
        with pytest.raises(BuildError, match=r"seems to be an older revision of 2025-11-10: .*; FORCE=1 accepts it"):
            bump.bump(older, project.root, accept=True)
        assert bump.bump(older, project.root, accept=True, force=True).comparison.new_version == "2025-11-10"

    def test_source_commit_and_hash_are_told_everywhere(self, project: Repository, tmp_path: Path) -> None:
        document = changed(lambda document: document["components"]["schemas"]["Key"]["properties"].update(name=STRING))
        path = Path(a_document_file(tmp_path, document)).rename(tmp_path / "bapi-98883b5.json")
        bumped = bump.bump(str(path), project.root)
        locked = lock.read(project.root)
        assert locked.source == {"file": "bapi-98883b5.json", "commit": "98883b5"}
        sentence = (
            f"Its document is `bapi-98883b5.json`, commit `98883b5`, with the sha256 `{locked.source_sha256[:12]}`."
        )
        assert sentence in bumped.text
        assert sentence in bumped.markdown
        assert sentence in (project.root / "CHANGELOG.md").read_text()

    def test_what_is_vendored_already_can_be_compared_with_the_last_release(
        self, project: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["--root", str(project.root), "report"]) == 2
        assert "there is no release to compare with" in capsys.readouterr().err
        project.git("tag", "v0.1.0")
        document = changed(lambda document: document["components"]["schemas"]["Key"]["properties"].update(name=STRING))
        bump.bump(a_document_file(tmp_path, document), project.root)
        project.commit()
        report = tmp_path / "report.md"
        assert main(["--root", str(project.root), "report", "--report", str(report)]) == 0
        assert "  models.Key.name: added" in capsys.readouterr().out
        assert "- `models.Key.name`: added" in report.read_text()
