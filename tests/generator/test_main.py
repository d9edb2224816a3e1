from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from generator.__main__ import main
from tests.support.openapi import STRING, JSONObject, a_document, a_small_api, an_operation, reference
from tests.support.projects import Project, a_project

ROOT = Path(__file__).parents[2]


def called(project: Project, *arguments: str) -> int:
    return main(["--root", str(project.root), *arguments])


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "project").mkdir()
    return a_project(tmp_path / "project", a_small_api())


def test_vendor_says_what_was_taken_over_and_what_to_do_next(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    source = project.root / "source.json"
    document = {**a_small_api(), "info": {"title": "", "version": "2026-01-01"}}
    source.write_text(json.dumps(document))

    assert called(project, "vendor", str(source)) == 0

    assert capsys.readouterr() == (
        "vendored 2026-01-01: 3 operations, 2 schemas; now run `make regenerate`\n",
        "",
    )
    assert "version: '2026-01-01'" in (project.root / "openapi/clerk-bapi.yaml").read_text()


def test_regenerate_says_what_each_rule_touched_and_what_was_made(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(project, "regenerate") == 0

    out, err = capsys.readouterr()
    *rules, last = out.splitlines()
    assert last == "clerk_generated was regenerated: 3 operations, 2 models"
    assert "     3 place_operations" in rules
    assert err == ""


def test_check_changes_nothing_and_says_that_all_is_well(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    called(project, "regenerate")
    before = project.files()

    assert called(project, "regenerate", "--check") == 0

    assert capsys.readouterr().out.splitlines()[-1] == "clerk_generated is up to date: 3 operations, 2 models"
    assert project.files() == before


def test_check_fails_on_a_difference(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(project, "regenerate", "--check") == 2
    assert capsys.readouterr().err.startswith("error: out of date; run `make regenerate`:\n")


def test_an_error_is_one_line_and_leaves_all_files_alone(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.layout.unlink()
    before = project.files()

    assert called(project, "regenerate") == 2

    assert capsys.readouterr() == ("", f"error: {project.layout}: no such file\n")
    assert project.files() == before


IN_ANSWER = "/paths/~1things/get/responses/200/content/application~1json/schema"
LISTED = ("get /things", an_operation("ListThings"))

BAD_DOCUMENTS: dict[str, tuple[JSONObject, str]] = {
    "swagger 2": ({"swagger": "2.0", "paths": {"/a": {}}}, "not an OpenAPI 3.0 or 3.1 document: Swagger 2.0"),
    "no openapi": ({"paths": {"/a": {}}}, "not an OpenAPI 3.0 or 3.1 document: no `openapi` field"),
    "openapi 4": (
        {**a_document(LISTED), "openapi": "4.0.0"},
        "not an OpenAPI 3.0 or 3.1 document: `openapi` is '4.0.0'",
    ),
    "no paths": (a_document(), "no paths: the document describes no operations and no events"),
    "unresolvable $ref": (
        a_document(("get /things", an_operation("ListThings", reference("Thing")))),
        f"{IN_ANSWER}: $ref '#/components/schemas/Thing' can't be resolved",
    ),
    "duplicate operationId": (
        a_document(LISTED, ("get /others", an_operation("ListThings"))),
        "/paths/~1others/get: operationId 'ListThings' is already used at /paths/~1things/get",
    ),
    "no operationId": (
        a_document(("get /things", {"responses": {}})),
        "/paths/~1things/get: the operation has no operationId",
    ),
    "not valid": (
        a_document(LISTED, schemas={"Thing": {**STRING, "required": 1}}),
        "/components/schemas/Thing/required: not valid OpenAPI: 1 is not of type 'array'",
    ),
}

BAD_TEXTS: dict[str, tuple[str, str]] = {
    **{name: (json.dumps(document), message) for name, (document, message) in BAD_DOCUMENTS.items()},
    "empty": ("", "not an OpenAPI document: the root is empty, not a mapping"),
    "a list": ("- a", "not an OpenAPI document: the root is a list, not a mapping"),
    "prose": ("Not found", "not an OpenAPI document: the root is a scalar, not a mapping"),
    "not YAML": ("a: b: c", "not YAML or JSON: line 1: mapping values are not allowed in this context"),
    "half of JSON": ('{"a": 1,\n', "not YAML or JSON: line 2:"),
}


@pytest.mark.parametrize("name", BAD_TEXTS)
def test_a_bad_document_is_one_line_and_leaves_all_files_alone(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    text, message = BAD_TEXTS[name]
    source = tmp_path / "bad.yml"
    source.write_text(text)
    project.generated.mkdir()
    (project.generated / "__init__.py").touch()
    before = project.files()

    assert called(project, "vendor", str(source)) == 2

    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"error: {source}: {message}")
    assert err.count("\n") == 1
    assert project.files() == before


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("missing.yml", "missing.yml: no such file"),
        (".", ".: can't be read: Is a directory"),
        ("http://[", "http://[: can't be downloaded: "),
    ],
)
def test_a_document_that_cannot_be_had_is_one_line_and_leaves_all_files_alone(
    project: Project, capsys: pytest.CaptureFixture[str], source: str, message: str
) -> None:
    before = project.files()

    assert called(project, "vendor", source) == 2

    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"error: {message}")
    assert err.count("\n") == 1
    assert project.files() == before


@pytest.mark.parametrize("arguments", [(), ("vendor",), ("generate",), ("regenerate", "--fast")])
def test_an_unknown_command_line_is_refused(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main([*arguments])
    assert raised.value.code == 2
    assert capsys.readouterr().err.startswith("usage: python -m generator")


def test_it_runs_as_a_program(project: Project) -> None:
    command = [sys.executable, "-m", "generator", "--root", str(project.root)]
    missing = str(project.root / "missing.yml")
    done = subprocess.run([*command, "vendor", missing], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"error: {missing}: no such file\n")
