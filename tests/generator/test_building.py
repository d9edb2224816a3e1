from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from generator import build
from generator._errors import BuildError
from generator.code import render
from generator.document import lock
from generator.document.walk import operations
from tests.support.openapi import STRING, JSONObject, a_document, a_small_api, an_object, an_operation
from tests.support.projects import IMPORT_EVERYTHING, Project, a_built_project, a_project

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return a_project(tmp_path, a_small_api())


@pytest.fixture
def built(tmp_path: Path) -> Project:
    return a_built_project(tmp_path, a_small_api())


def an_action(target: str, update: JSONObject) -> JSONObject:
    return {"target": target, "description": "So it is.", "update": update}


def complaint(call: Callable[[Path], object], project: Project) -> str:
    """Let a call fail on a project, check that it left every file as it was, and return what it said."""
    before = project.files()
    with pytest.raises(BuildError) as raised:
        call(project.root)
    assert project.files() == before
    return str(raised.value).replace(f"{project.root}/", "")


def test_the_corrected_document_has_the_corrections_but_no_words(project: Project) -> None:
    project.write_overlay("11-corrections.yaml", an_action("$.info", {"x-second": True}))
    project.write_overlay("10-corrections.yaml", an_action("$.info", {"x-first": True}))
    project.write_overlay("90-words.yaml", an_action("$.paths['/things'].get", {"summary": "List things."}))
    corrected = build.corrected_document(project.root)
    assert list(corrected["info"])[-2:] == ["x-first", "x-second"]
    assert "List things." not in str(corrected)


def test_a_build_makes_the_tree_and_the_lock_and_nothing_else(project: Project) -> None:
    before = project.files()

    built = build.regenerate(project.root)

    after = project.files()
    assert {path.split("/")[0] for path in set(after) - set(before)} == {"clerk_generated"}
    assert [path for path in before if after[path] != before[path]] == ["openapi/lock.json"]
    assert lock.read(project.root) == built.lock
    assert built.lock.counts == {"operations": 3, "models": 2, "schemas": 2}
    assert built.lock.generator.keys() == {"openapi-python-client", "ruff"}
    assert built.lock.inputs.keys() == {"openapi/layout.yaml"}
    assert built.rules["place_operations"] == 3
    assert int(project.run(IMPORT_EVERYTHING)) > 20


def test_the_corrected_document_goes_into_the_tree(built: Project) -> None:
    program = f"import json; print(json.load(open('clerk_generated/{build.DOCUMENT}'))['info']['version'])"
    assert built.run(program) == "2025-11-10\n"


def test_corrections_and_words_shape_the_code(project: Project) -> None:
    project.write_overlay("10-corrections.yaml", an_action("$.components.schemas.Thing", {"title": "RealThing"}))
    project.write_overlay("90-words.yaml", an_action("$.paths['/things'].get", {"summary": "List what there is."}))
    build.regenerate(project.root)
    assert "class RealThing(Model):" in (project.generated / "models/real_thing.py").read_text()
    assert "List what there is." in (project.generated / "sub_apis/things.py").read_text()


def test_a_build_replaces_everything_that_was_there(built: Project) -> None:
    fresh = built.files()
    (built.generated / "models/thing.py").unlink()
    (built.generated / "models/part.py").write_text("")
    (built.generated / "more.py").touch()

    build.regenerate(built.root)

    assert built.files() == fresh


def test_check_accepts_what_a_build_made(built: Project) -> None:
    before = built.files()
    assert build.check(built.root).lock == lock.read(built.root)
    assert built.files() == before


def test_check_overlooks_what_the_interpreter_leaves_behind(built: Project) -> None:
    (built.generated / "__pycache__").mkdir()
    (built.generated / "__pycache__" / "types.cpython-311.pyc").touch()
    build.check(built.root)


def test_check_names_every_file_that_differs_is_missing_or_is_too_many(built: Project) -> None:
    (built.generated / "models/thing.py").unlink()
    (built.generated / "models/part.py").write_text("")
    (built.generated / "api/more.py").touch()
    (built.generated / "py.typed").unlink()
    (built.generated / "py.typed").mkdir()
    assert complaint(build.check, built).split("\n") == [
        "out of date; run `make regenerate`:",
        "  clerk_generated/api/more.py",
        "  clerk_generated/models/part.py",
        "  clerk_generated/models/thing.py",
        "  clerk_generated/py.typed",
    ]


def test_check_names_a_stale_lock(built: Project) -> None:
    with built.layout.open("a") as file:
        file.write("\n")
    assert complaint(build.check, built).split("\n")[1:] == ["  openapi/lock.json"]


def test_check_names_everything_if_nothing_was_built(project: Project) -> None:
    listed = complaint(build.check, project).split("\n")[1:]
    assert "  clerk_generated/__init__.py" in listed
    assert listed[-1] == "  openapi/lock.json"


@pytest.mark.parametrize("command", [build.regenerate, build.check])
def test_an_edited_vendored_document_is_refused(built: Project, command: Callable[[Path], object]) -> None:
    with (built.root / lock.VENDORED).open("a") as file:
        file.write("# mine\n")
    expected = "openapi/clerk-bapi.yaml was edited; run `make vendor`, corrections belong in openapi/overlays"
    assert complaint(command, built) == expected


def with_stale_correction(project: Project) -> str:
    project.write_overlay("10-corrections.yaml", an_action("$.components.schemas.Gone", {"title": "Back"}))
    return (
        "overlay actions that no longer change anything:\n  openapi/overlays/10-corrections.yaml:1: actions[0]: nothing"
    )


def with_stale_words(project: Project) -> str:
    project.write_overlay("90-words.yaml", an_action("$.components.schemas.Gone", {"description": "Gone."}))
    return "overlay actions that no longer change anything:\n  openapi/overlays/90-words.yaml:1: actions[0]: nothing"


def with_dangling_reference(project: Project) -> str:
    project.write_overlay(
        "10-corrections.yaml",
        {"target": "$.components.schemas.Part", "description": "It is not.", "remove": True},
    )
    return "$ref '#/components/schemas/Part' can't be resolved once the overlays are applied"


def with_unplaced_operation(project: Project) -> str:
    project.write_layout({"things": {"methods": {"list": {"operation": "ListThings"}}}})
    return "openapi/layout.yaml does not fit the document, 2 places:\n  CreateThing (/things) is in no sub-API"


def with_undigestible_document(project: Project) -> str:
    clash = {"allOf": [an_object({"a": STRING}), an_object({"a": {"type": "integer"}})]}
    project.vendor(a_document(("post /things", an_operation("CreateThing", clash))))
    project.write_layout({"things": {"methods": {"create": {"operation": "CreateThing"}}}})
    return "openapi-python-client can't read the document:\n  WARNING parsing POST /things"


def with_clashing_parameters(project: Project) -> str:
    body = an_object({"kindOf": STRING, "kind_of": STRING})
    project.vendor(a_document(("post /things", an_operation("CreateThing", body=body))))
    project.write_layout({"things": {"methods": {"create": {"operation": "CreateThing"}}}})
    return "CreateThing: more than one thing is named kind_of"


def with_untemplated_property(project: Project) -> str:
    picture = {"type": "string", "format": "binary"}
    project.write_overlay(
        "10-corrections.yaml",
        an_action("$.components.schemas.Thing.properties", {"picture": picture}),
    )
    return "Thing: picture: a file in a response is not supported: change its schema in an overlay"


@pytest.mark.parametrize(
    "spoil",
    [
        with_stale_correction,
        with_stale_words,
        with_dangling_reference,
        with_unplaced_operation,
        with_undigestible_document,
        with_clashing_parameters,
        with_untemplated_property,
    ],
)
def test_a_build_that_fails_leaves_every_file_as_it_was(built: Project, spoil: Callable[[Project], str]) -> None:
    expected = spoil(built)
    assert complaint(build.regenerate, built).startswith(expected)


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (render.ClerkProject, "_render_sub_apis"),
        (render, "finish"),
        (shutil, "move"),
    ],
)
def test_an_interrupted_build_leaves_every_file_as_it_was(
    built: Project, monkeypatch: pytest.MonkeyPatch, owner: object, name: str
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with built.layout.open("a") as file:
        file.write("\n")
    before = built.files()
    monkeypatch.setattr(owner, name, interrupt)
    with pytest.raises(KeyboardInterrupt):
        build.regenerate(built.root)
    assert built.files() == before
    assert not list(built.root.glob(".*"))


def test_the_hash_seed_makes_no_difference() -> None:
    """The committed files and the lock were made with some other seed."""
    done = subprocess.run(
        [sys.executable, "-m", "generator", "regenerate", "--check"],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "4242"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    operation_count = sum(1 for _ in operations(build.corrected_document(ROOT)))
    model_count = len(list((ROOT / render.PACKAGE / "models").glob("[!_]*.py")))
    assert operation_count > 200
    assert done.stdout.splitlines()[-1] == (
        f"clerk_generated is up to date: {operation_count} operations, {model_count} models"
    )
