"""The workflows do nothing that a developer can't: they call make, with actions pinned to a commit and few rights."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from generator.document import files
from requirements.record import supported_pythons

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

Workflow = dict[str, Any]  # YAML of any shape


def read(path: Path) -> Workflow:
    workflow: Workflow = files.load(path).value
    return workflow


def steps(workflow: Workflow) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_there_is_one_for_each_purpose() -> None:
    assert [path.name for path in WORKFLOWS] == ["bump.yml", "ci.yml", "release.yml"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_commands_are_make_targets(path: Path) -> None:
    for step in steps(read(path)):
        if "run" in step:
            found = re.fullmatch(
                r'make (?:--silent )?([a-z-]+)(?: [A-Z]+=(?:\S+|\$\{\{ [\w.]+ }}))*(?: >> "\$GITHUB_OUTPUT")?',
                step["run"],
            )
            assert found, step["run"]
            assert found[1] in TARGETS


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_to_a_commit_and_say_their_version(path: Path) -> None:
    used = re.findall(r"^\s*-?\s*uses: (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(used) == len([step for step in steps(read(path)) if "uses" in step])
    for line in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_rights_are_given_job_by_job(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] == {"contents": "read"}
    given = {name: job["permissions"] for name, job in workflow["jobs"].items() if "permissions" in job}
    expected = {
        "bump.yml": {},
        "ci.yml": {},
        "release.yml": {"publish": {"id-token": "write"}},
    }
    assert given == expected[path.name]


def test_what_is_published_is_what_was_checked() -> None:
    workflow = read(ROOT / ".github/workflows/release.yml")
    build, publish = workflow["jobs"]["build"], workflow["jobs"]["publish"]
    assert [step["run"] for step in build["steps"] if "run" in step] == ["make test", "make release-check"]
    assert publish["needs"] == "build"
    assert workflow["on"]["push"]["tags"] == ["v[0-9]+.[0-9]+.[0-9]+"]


def test_every_supported_python_is_checked_with_lowest_and_newest_dependencies_at_the_ends() -> None:
    matrix = read(ROOT / ".github/workflows/ci.yml")["jobs"]["test"]["strategy"]["matrix"]["include"]
    oldest, *_, newest = supported_pythons()
    assert list(dict.fromkeys(entry["python"] for entry in matrix)) == supported_pythons()
    assert {"python": oldest, "dependencies": "lowest"} in matrix
    assert {"python": newest, "dependencies": "newest"} in matrix


def test_all_that_is_pinned_has_somebody_to_say_that_it_is_old() -> None:
    updates = read(ROOT / ".github/dependabot.yml")["updates"]
    watched = {(update["package-ecosystem"], update["directory"]) for update in updates}
    assert watched == {("pip", "/requirements"), ("npm", "/tests/peers/node"), ("github-actions", "/")}
    assert all((ROOT / directory.lstrip("/")).is_dir() for _, directory in watched)
    assert {update["schedule"]["interval"] for update in updates} == {"weekly"}


def test_there_is_a_schedule_for_new_documents() -> None:
    workflow = read(ROOT / ".github/workflows/bump.yml")
    assert workflow["on"]["schedule"]
    assert any("make bump ACCEPT=1" in step.get("run", "") for step in steps(workflow))


def test_the_request_of_the_weekly_job_has_checks_run_on_it_and_shows_the_report() -> None:
    [job] = read(ROOT / ".github/workflows/bump.yml")["jobs"].values()
    opened = job["steps"][-1]["with"]
    assert opened["token"] == "${{ secrets.BUMP_TOKEN }}"
    assert opened["body-path"] == "${{ runner.temp }}/report.md"
    [bump] = [step for step in job["steps"] if "make bump" in step.get("run", "")]
    assert "ACCEPT=1" in bump["run"]
    assert 'REPORT="$RUNNER_TEMP/report.md"' in bump["run"]
    assert "BUMP_TOKEN" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_a_bump_to_an_unseen_document_is_checked_on_every_change() -> None:
    jobs = read(ROOT / ".github/workflows/ci.yml")["jobs"]
    assert [step["run"] for step in jobs["bump"]["steps"] if "run" in step] == ["make bump-check"]
