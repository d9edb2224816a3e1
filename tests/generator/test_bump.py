"""`make bump` on small projects: what it refuses, what it leaves to decide, and what it writes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator import build
from generator.__main__ import main
from generator._errors import BuildError
from generator.document import lock
from generator.release import bump, git, versions
from tests.support.openapi import (
    INTEGER,
    STRING,
    JSONObject,
    a_document,
    a_small_api,
    an_object,
    an_operation,
    parameter,
    reference,
    unshared,
)
from tests.support.repositories import Repository, a_document_file, a_repository


@pytest.fixture
def project(tmp_path: Path) -> Repository:
    return a_repository(tmp_path / "project", a_small_api())


def grown() -> JSONObject:
    """The small document with one operation more."""
    document = unshared(a_small_api())
    path = [parameter("id", "path")]
    document["paths"]["/things/{id}"]["delete"] = an_operation("DeleteThing", parameters=path)
    return document


def shrunk() -> JSONObject:
    document = unshared(a_small_api())
    del document["paths"]["/things/{id}"]
    return document


def called(project: Repository, *arguments: str) -> int:
    return main(["--root", str(project.root), "bump", *arguments])


@pytest.fixture
def untouched(project: Repository) -> Iterator[None]:
    """The tree is as it was when the test ends."""
    before = project.tree()
    yield
    assert project.tree() == before


def refusal(project: Repository, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What is said of input that is refused: one line, with exit code 2."""
    assert called(project, *arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    [line] = err.splitlines()
    return line


@pytest.mark.usefixtures("untouched")
class TestRefused:
    def test_the_same_document(self, project: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        source = a_document_file(tmp_path, a_small_api(), "2025-11-10")
        line = refusal(project, capsys, source, "--force", "--accept")
        facts = "its facts are those of openapi/clerk-bapi.yaml"
        hint = "`make report` shows what has changed since the last release"
        assert line == f"error: {source}: is already vendored: {facts}; {hint}"

    def test_the_vendored_file_itself(self, project: Repository, capsys: pytest.CaptureFixture[str]) -> None:
        assert "is already vendored" in refusal(project, capsys, str(project.root / lock.VENDORED))

    def test_an_older_document(self, project: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        line = refusal(project, capsys, a_document_file(tmp_path, grown(), "2025-04-10"))
        assert line.endswith("2025-04-10 is older than 2025-11-10, which is vendored; FORCE=1 accepts it anyway")

    def test_another_api_by_its_title(
        self, project: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        document = {**grown(), "info": {"title": "Clerk Frontend API", "version": ""}}
        line = refusal(project, capsys, a_document_file(tmp_path, document), "--force")
        assert line.endswith("describes another API: 'Clerk Frontend API', not ''")

    def test_another_api_by_its_operations(
        self, project: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        document = a_document(("get /client", an_operation("GetClient", STRING)), ("get /things", an_operation("A")))
        line = refusal(project, capsys, a_document_file(tmp_path, document))
        assert line.endswith("another API: it has 1 of the 3 operations of the vendored document")

    def test_what_is_no_document(self, project: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        source = tmp_path / "page.html"
        source.write_text("<html>")
        assert "not an OpenAPI document" in refusal(project, capsys, str(source))

    def test_a_file_that_is_not_there(self, project: Repository, capsys: pytest.CaptureFixture[str]) -> None:
        assert refusal(project, capsys, "/nowhere.yml") == "error: /nowhere.yml: no such file"

    def test_a_version_that_is_no_date(
        self, project: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        line = refusal(project, capsys, a_document_file(tmp_path, grown(), "beta"))
        assert line.endswith("its version 'beta' is not a date")


def test_a_tree_that_is_not_clean_is_refused(
    project: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project.write("CHANGELOG.md", "mine\n")
    project.write("notes.txt", "mine\n")
    before = project.tree()
    line = refusal(project, capsys, a_document_file(tmp_path, grown()), "--accept")
    expected = "the tree is not clean: CHANGELOG.md and 1 more; commit or discard the changes first"
    assert line == f"error: {expected}"
    assert project.tree() == before


def test_a_folder_that_is_no_repository_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"^git status: fatal: not a git repository"):
        bump.bump("any", tmp_path)


def test_without_git_nothing_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BuildError, match="git is not installed"):
        git.refuse_changes(tmp_path)


@pytest.mark.usefixtures("untouched")
def test_what_is_to_decide_is_named_and_nothing_is_touched(project: Repository, tmp_path: Path) -> None:
    with pytest.raises(BuildError) as raised:
        bump.bump(a_document_file(tmp_path, grown()), project.root)
    assert str(raised.value).splitlines() == [
        "openapi/layout.yaml does not fit the document, 1 places:",
        "  DeleteThing (/things/{id}) is in no sub-API; under things: methods: add",
        "      delete_thing: {operation: DeleteThing}",
        "ACCEPT=1 accepts the proposals; nothing has changed",
    ]


def test_a_new_operation_is_taken_over_whole(
    project: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.md"
    assert called(project, a_document_file(tmp_path, grown()), "--accept", "--report", str(report)) == 0

    tree = {name: content.decode() for name, content in project.tree().items()}
    assert tree["openapi/layout.yaml"].endswith(
        "      get_thing: {operation: GetThing}\n      delete_thing: {operation: DeleteThing}\n"
    )
    assert tree["openapi/layout.yaml"].startswith("# Where things are.\n")
    assert tree["clerk/_version.py"] == '__version__ = "0.2.0"\n'
    assert 'API_VERSION = "2026-01-01"' in tree["clerk_generated/__init__.py"]
    assert "clerk_generated/api/things/delete_thing.py" in tree
    assert build.check(project.root).lock.api_version == "2026-01-01"
    day = re.search(r"## \[0\.2\.0\] - (\d{4}-\d\d-\d\d)\n", tree["CHANGELOG.md"])
    assert day
    sha256 = lock.read(project.root).source_sha256[:12]
    source = f"Its document is `2026-01-01.json`, with the sha256 `{sha256}`."
    assert tree["CHANGELOG.md"] == (
        f"# Changelog\n\n## [0.2.0] - {day[1]}\n\nThe API is that of 2026-01-01 (it was 2025-11-10). {source}\n\n"
        "### Added\n\n- Something by hand.\n- `things.delete_thing`: added: `DELETE /things/{id}`\n"
    )
    out, err = capsys.readouterr()
    assert err == ""
    lines = out.splitlines()
    assert lines[:8] == [
        "Clerk Backend API 2025-11-10 -> 2026-01-01: 0 breaking, 1 additive, 0 invisible",
        "Version: 0.1.0 -> 0.2.0",
        source,
        "",
        "Additive: Operations",
        "  things.delete_thing: added: `DELETE /things/{id}`",
        "",
        "Decided as proposed",
    ]
    assert lines[8:12] == [
        "  `things.delete_thing` calls DeleteThing",
        "",
        "Words that were drafted, in openapi/overlays/99-drafted-words.yaml",
        "  $.paths['/things'].get: List things.",
    ]
    assert "  $.paths['/things/{id}'].delete: Delete thing." in lines
    assert lines[-1] == "clerk_generated was regenerated and CHANGELOG.md drafted; review, test and commit"
    text = report.read_text()
    assert text.startswith(
        "Clerk Backend API 2025-11-10 -> 2026-01-01: 0 breaking, 1 additive, 0 invisible\n\n"
        f"Version: 0.1.0 -> 0.2.0\n\n{source}\n\n## Decided as proposed\n\n- `things.delete_thing` calls DeleteThing\n"
    )
    assert text.endswith("## Additive\n\n### Operations\n\n- `things.delete_thing`: added: `DELETE /things/{id}`\n")


def test_what_went_is_taken_out_and_an_older_document_taken_by_force(project: Repository, tmp_path: Path) -> None:
    description = {"target": "$.paths['/things/{id}'].get.parameters[0]", "update": {"description": "The id."}}
    overlay = (
        "overlay: 1.0.0\ninfo: {title: Words, version: '1'}\nactions:\n"
        "  - target: $.paths['/things'].get\n    update:\n      summary: List things.\n\n"
        f"  - target: {description['target']}\n    update:\n      description: The id.\n"
    )
    project.write("openapi/overlays/90-words.yaml", overlay)
    build.regenerate(project.root)
    project.commit()
    (project.generated / "api/things/__pycache__").mkdir()

    bumped = bump.bump(a_document_file(tmp_path, shrunk(), "2025-04-10"), project.root, accept=True, force=True)

    assert bumped.new == "0.2.0"
    assert (project.root / "openapi/overlays/90-words.yaml").read_text() == overlay[: overlay.rindex("\n  - target")]
    assert "get_thing" not in project.layout.read_text()
    assert not (project.generated / "api/things/get_thing.py").exists()
    assert build.check(project.root).lock.api_version == "2025-04-10"


def test_a_folder_that_is_empty_now_goes_with_its_litter(project: Repository, tmp_path: Path) -> None:
    document = unshared(a_small_api())
    layout = "sub_apis:\n  others:\n    methods:\n      get: {operation: GetThing}\n  things:\n    methods:\n"
    layout += "      list: {operation: ListThings}\n      create: {operation: CreateThing}\n"
    project.write("openapi/layout.yaml", layout)
    build.regenerate(project.root)
    project.commit()
    folder = project.generated / "api/others"
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "get_thing.pyc").touch()
    del document["paths"]["/things/{id}"]

    bumped = bump.bump(a_document_file(tmp_path, document), project.root, accept=True)

    assert not folder.exists()
    assert "others" not in project.layout.read_text()
    assert [(change.subject, change.section) for change in bumped.comparison.changes] == [("others.get", "operation")]


def test_an_operation_under_another_id_keeps_its_place(project: Repository, tmp_path: Path) -> None:
    document = unshared(a_small_api())
    document["paths"]["/things/{id}"]["get"]["operationId"] = "FetchThing"
    source = a_document_file(tmp_path, document)
    with pytest.raises(BuildError, match="GetThing is now called FetchThing; in things: methods: replace with"):
        bump.bump(source, project.root)

    bumped = bump.bump(source, project.root, accept=True)

    assert "      get_thing: {operation: FetchThing}\n" in project.layout.read_text()
    assert [(change.what, change.effect.name) for change in bumped.comparison.of(bumped.comparison.effect)] == [
        ("the document calls it `FetchThing`, no longer `GetThing`", "INVISIBLE")
    ]
    assert (bumped.old, bumped.new) == ("0.1.0", "0.1.1")


def test_it_is_compared_with_the_last_release(project: Repository, tmp_path: Path) -> None:
    """Two bumps between two releases are one step for callers, and one entry of the changelog."""
    project.git("tag", "v0.0.9")
    project.git("tag", "v1")  # no version
    project.write("clerk/_version.py", '__version__ = "1.0.0"\n')
    project.write("CHANGELOG.md", "# Changelog\n\n## [1.0.0] - 2025-12-01\n\n- All.\n")
    project.commit()
    project.git("tag", "v1.0.0")

    first = bump.bump(a_document_file(tmp_path, grown()), project.root, accept=True)
    project.commit()
    document = grown()
    document["components"]["schemas"]["Thing"]["properties"]["more"] = STRING
    second = bump.bump(a_document_file(tmp_path, document, "2026-02-02"), project.root)
    project.commit()
    del document["components"]["schemas"]["Thing"]["properties"]["parts"]
    third = bump.bump(a_document_file(tmp_path, document, "2026-03-03"), project.root)

    assert [(bumped.old, bumped.new) for bumped in (first, second, third)] == [
        ("1.0.0", "1.1.0"),
        ("1.0.0", "1.1.0"),
        ("1.0.0", "2.0.0"),
    ]
    assert {change.subject for change in second.comparison.changes} == {"things.delete_thing", "models.Thing.more"}
    entries = versions.changelog_entries((project.root / "CHANGELOG.md").read_text())
    assert [entry.title for entry in entries] == ["2.0.0", "1.0.0"]


def test_a_change_of_a_template_is_told_of_the_python_surface(project: Repository, tmp_path: Path) -> None:
    """The tree was generated by other templates: a keyword that no document tells of is gone, an annotation changed."""
    path = project.generated / "sub_apis/things.py"
    text = path.read_text()
    assert "limit: int | Unset = UNSET," in text
    text = text.replace("limit: int | Unset = UNSET,", "limit: int | str | Unset = UNSET, colour: str = '',", 1)
    path.write_text(text.replace("def create_thing", "def make_thing(self) -> None: ...\n\n    def create_thing"))
    project.write(
        "clerk/__init__.py",
        '"""By hand."""\n\nname: int = 1\nother = 1\n\ndef gone() -> None: ...\ndef odd() -> None: ...\n',
    )
    project.commit()
    project.write("clerk/__init__.py", '"""By hand."""\n\nname: str = ""\nother = 2\nodd = 1\n')
    base = project.git("rev-parse", "HEAD").strip()
    project.commit()
    project.git("tag", "v0.1.0", base)

    bumped = bump.bump(a_document_file(tmp_path, a_small_api()), project.root)

    assert {(change.section, change.subject, change.what) for change in bumped.comparison.changes} == {
        ("surface", "things.list_things(colour=)", "parameter was removed"),
        ("surface", "things.list_things(limit=)", "type `int | str | Unset` is now `int | Unset`"),
        ("surface", "things.make_thing", "public object was removed"),
        ("surface", "clerk.gone", "public object was removed"),
        ("surface", "clerk.name", "type `int` is now `str`"),
        ("surface", "clerk.odd", "public object points to a different kind of object"),
    }
    assert bumped.new == "0.2.0"


def test_what_the_documents_explain_is_not_told_again_of_the_surface(project: Repository, tmp_path: Path) -> None:
    """An operation, its keywords and models are gone; only an alias of an enum is nowhere else in the report."""
    document = unshared(a_small_api())
    del document["paths"]["/things"]["post"]
    document["components"]["schemas"]["Thing"] = an_object({"id": STRING, "more": STRING}, "id")
    del document["components"]["schemas"]["Part"]

    bumped = bump.bump(a_document_file(tmp_path, document), project.root, accept=True)

    assert [(change.section, change.subject, change.what) for change in bumped.comparison.changes] == [
        ("operation", "things.create_thing", "removed: `POST /things`"),
        ("model", "models.Part", "removed"),
        ("model", "models.Thing.more", "added"),
        ("model", "models.Thing.parts", "removed"),
        ("surface", "models.PartKind", "public object was removed"),
    ]


TYPING_TEST = """
from clerk_generated import API_VERSION
from clerk_generated.models import Thing

text: str = API_VERSION


def kinds(thing: Thing) -> str:
    return thing.id
"""


def test_the_typing_tests_of_the_last_release_are_checked(project: Repository, tmp_path: Path) -> None:
    """One that failed before is not told."""
    project.write("tests/typing/calls.py", TYPING_TEST)
    project.write("tests/typing/wrong.py", TYPING_TEST.replace("-> str", "-> bytes"))
    project.commit()
    document = unshared(a_small_api())
    document["components"]["schemas"]["Thing"]["properties"]["id"] = INTEGER

    bumped = bump.bump(a_document_file(tmp_path, document), project.root)

    [change] = [change for change in bumped.comparison.changes if change.section == "typing"]
    assert change.subject == "tests/typing/calls.py:9"
    assert change.what.startswith('Incompatible return value type (got "int", expected "str")')


def test_typing_tests_that_cannot_be_checked_stop_the_bump(project: Repository, tmp_path: Path) -> None:
    project.write("tests/typing/calls.py", "def (\n")
    project.commit()
    before = project.tree()
    with pytest.raises(BuildError, match=r"^mypy crashed: "):
        bump.bump(a_document_file(tmp_path, grown()), project.root, accept=True)
    assert project.tree() == before


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, OSError])
def test_a_tree_half_taken_over_is_put_back(
    interruption: type[BaseException], project: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = project.tree()
    put, done = bump._put, list[Path]()

    def interrupted(path: Path, content: bytes | None) -> None:
        if len(done) == 5:
            done.append(path)
            raise interruption
        done.append(path)
        put(path, content)

    monkeypatch.setattr(bump, "_put", interrupted)
    with pytest.raises(interruption):
        bump.bump(a_document_file(tmp_path, grown()), project.root, accept=True)
    assert len(done) > 6
    assert project.tree() == before


def test_a_failure_of_the_build_leaves_the_tree(project: Repository, tmp_path: Path) -> None:
    before = project.tree()
    document = grown()
    document["components"]["schemas"]["Thing"]["properties"].update({"a_b": STRING, "aB": STRING})
    with pytest.raises(BuildError, match="more than one thing is named a_b"):
        bump.bump(a_document_file(tmp_path, document), project.root, accept=True)
    assert project.tree() == before


def test_places_of_errors_are_those_of_the_tree(project: Repository, tmp_path: Path) -> None:
    project.write(
        "openapi/overlays/10-facts.yaml",
        "overlay: 1.0.0\ninfo: {title: Facts, version: '1'}\nactions:\n"
        "  - target: $.components.schemas.Part\n    description: A reason.\n    update: {x-clerk-a: 1}\n",
    )
    build.regenerate(project.root)
    project.commit()
    document = unshared(a_small_api())
    document["components"]["schemas"] = {"Thing": an_object({"id": STRING}, "id")}
    document["paths"]["/things"]["post"] = an_operation("CreateThing", reference("Thing"))
    with pytest.raises(BuildError, match=r"(?m)^  openapi/overlays/10-facts\.yaml:4: actions\[0\]: nothing matches"):
        bump.bump(a_document_file(tmp_path, document), project.root)


def test_the_report_of_a_document_as_json_is_the_same_as_of_yaml(project: Repository, tmp_path: Path) -> None:
    source = Path(a_document_file(tmp_path, grown()))
    yaml = source.with_suffix(".yaml")
    yaml.write_text(json.dumps(json.loads(source.read_text(encoding="utf-8")), indent=1))
    assert called(project, str(yaml), "--accept") == 0
    assert versions.current(project.root) == (0, 2, 0)
    assert versions.plugin_versions(project.root) == ["0.2.0", "0.2.0"]
