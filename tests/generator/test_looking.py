"""Looking for a newer document: by what it says, not by what its file is called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.__main__ import main
from generator.release import look
from tests.support.openapi import STRING, JSONObject, a_small_api, unshared
from tests.support.projects import Project
from tests.support.server import ScriptedServer, answer


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path / "project")
    project.root.mkdir()
    project.vendor(a_small_api())
    return project


def looked(project: Project, listing: object) -> int:
    path = project.root / "listing.json"
    path.write_text(json.dumps(listing))
    return main(["--root", str(project.root), "look", str(path)])


def published(folder: Path, version: str, **fields: object) -> dict[str, str]:
    """Publish a document of some version, as it stands in a listing."""
    document: JSONObject = unshared(a_small_api())
    document["info"]["version"] = version
    path = folder / f"{version}.yml"
    path.write_text(json.dumps({**document, **fields}))
    return {"name": path.name, "download_url": str(path)}


def spec(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out.removeprefix("spec=").strip()


def test_the_newest_document_is_told_if_it_is_newer(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dates = ("2025-11-10", "2026-05-12", "2025-12-03")
    odd = [{"name": "2030-01-01.yml", "download_url": None}, {"name": "beta.yml", "download_url": "/nowhere"}]
    assert looked(project, [*(published(tmp_path, date) for date in dates), *odd]) == 0
    assert spec(capsys) == str(tmp_path / "2026-05-12.yml")


def test_nothing_is_told_if_ours_is_the_newest(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    older = {"name": "2021-02-05.yaml", "download_url": "/nowhere"}
    assert looked(project, [published(tmp_path, "2025-11-10", **{"x-words": "New words."}), older]) == 0
    assert spec(capsys) == ""


def test_another_revision_of_the_same_date_is_told(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    components = {"schemas": {**a_small_api()["components"]["schemas"], "More": STRING}}
    assert looked(project, [published(tmp_path, "2025-11-10", components=components)]) == 0
    assert spec(capsys) == str(tmp_path / "2025-11-10.yml")


def test_what_is_unreleased_is_passed_over(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listing = [
        published(tmp_path, "2026-08-08", **{"x-unreleased": True}),
        published(tmp_path, "2026-05-12"),
        published(tmp_path, "2025-11-10"),
    ]
    assert looked(project, listing) == 0
    assert spec(capsys) == str(tmp_path / "2026-05-12.yml")


@pytest.mark.parametrize("listing", [{"message": "API rate limit exceeded"}, [], ["2026-05-12.yml"], [{}]])
def test_a_listing_without_documents_is_refused(
    listing: object, project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert looked(project, listing) == 2
    assert capsys.readouterr().err.endswith("listing.json: lists no documents; they have names like 2025-11-10.yml\n")


@pytest.mark.parametrize(
    ("commits", "branch"), [([{"sha": "a" * 40}], "a" * 40), ({"message": "rate limit"}, "main"), ([], "main")]
)
def test_the_url_is_that_of_the_commit_where_github_tells_it(commits: object, branch: str, project: Project) -> None:
    document = unshared(a_small_api())
    document["info"]["version"] = "2026-05-12"
    with ScriptedServer() as server:
        raw = f"{server.url}/clerk/specs"
        files = [{"name": "2026-05-12.yml", "download_url": f"{raw}/main/bapi/2026-05-12.yml"}]
        server.play(*(answer(body=body) for body in (files, document, commits)))
        found = look.newer_document(f"{server.url}/repos/clerk/specs/contents/bapi", project.root)
        assert found == f"{raw}/{branch}/bapi/2026-05-12.yml"
