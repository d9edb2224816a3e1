"""A table of names is an overlay like others: it is applied, goes stale, is edited, and is drafted."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from generator import build
from generator._errors import BuildError
from generator.document import overlays
from generator.release import decisions, drafts, renames
from generator.release.decisions import Decisions
from generator.release.drafts import Draft
from tests.support.openapi import JSONObject, a_small_api, an_object, unshared
from tests.support.projects import Project, a_project

PATH = "openapi/overlays/13-names.yaml"
TABLE = """\
# Names of models.
names:
  # Of parts.
  $.components.schemas.Part: Piece

  # Of things.
  $.components.schemas['Thing']: Object
  $.paths['/things'].post.requestBody.content['application/json'].schema: ThingParams
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return a_project(tmp_path, unshared(a_small_api()))


def write(project: Project, text: str, name: str = "13-names.yaml") -> Path:
    path = project.root / "openapi/overlays" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def corrected(project: Project) -> JSONObject:
    return build.corrected_document(project.root)


def without_parts(project: Project) -> JSONObject:
    """Vendor a document without parts and without the request; return the one of before."""
    before = unshared(a_small_api())
    document = unshared(a_small_api())
    document["components"]["schemas"] = {"Thing": an_object({"id": {"type": "string"}}, "id")}
    document["paths"]["/things"].pop("post")
    project.vendor(document)
    methods = "      list: {operation: ListThings}\n      get: {operation: GetThing}\n"
    project.layout.write_text(f"sub_apis:\n  things:\n    methods:\n{methods}", encoding="utf-8")
    return before


def test_each_place_gets_its_title(project: Project) -> None:
    write(project, TABLE)
    schemas = corrected(project)["components"]["schemas"]
    assert [schemas[name]["title"] for name in ("Part", "Thing")] == ["Piece", "Object"]
    build.regenerate(project.root)
    assert (project.generated / "models/piece.py").exists()


def test_what_is_stale_is_named_with_a_command_that_deletes_it(project: Project) -> None:
    path = write(project, TABLE)
    without_parts(project)
    with pytest.raises(BuildError) as raised:
        corrected(project)
    headline, part, request, _, command = str(raised.value).splitlines()
    assert headline == "overlay actions that no longer change anything:"
    assert part == f"  {path}:4: names[0]: nothing matches $.components.schemas.Part"
    assert request.startswith(f"  {path}:8: names[2]: nothing matches $.paths['/things'].post.")

    subprocess.run(command, shell=True, check=True)

    assert path.read_text() == "".join(TABLE.splitlines(keepends=True)[i] for i in (0, 1, 4, 5, 6))
    assert corrected(project)["components"]["schemas"]["Thing"]["title"] == "Object"


def test_a_bump_takes_out_what_is_stale_and_leaves_all_else(project: Project) -> None:
    path = write(project, TABLE)
    before = without_parts(project)
    found = decisions.find(project.root, before)
    assert [item.action.index for item in found.stale] == [0, 2]
    decisions.accept(project.root, found)
    assert path.read_text() == "".join(TABLE.splitlines(keepends=True)[i] for i in (0, 1, 4, 5, 6))
    assert decisions.find(project.root, before) == Decisions()


COMMENTED = """\
names:
  # A group.

  # Of one.
  # More of one.
  $.a: A
  # Of two.
  $.b: B
  $.c: C

  # A group of one.

  $.d: D
  # Of the last.
  $.e: E"""


def test_a_comment_belongs_to_the_entry_below_it_unless_another_follows(project: Project) -> None:
    write(project, COMMENTED)
    [table] = overlays.load_overlays(project.root / "openapi/overlays")
    assert [action.lines for action in table.actions] == [(4, 6), (8, 8), (9, 9), (13, 13), (14, 15)]


def test_a_table_goes_with_its_last_name(project: Project) -> None:
    path = write(project, "names:\n  $.components.schemas.Part: Piece\n")
    decisions.accept(project.root, decisions.find(project.root, without_parts(project)))
    assert not path.exists()


def test_a_place_under_another_name_is_kept(project: Project) -> None:
    path = write(project, TABLE)
    found = renames.Renames({("schemas", "Part"): "Part-2"}, {"/things": "/objects"})
    assert found.named_in(path.parent) == found
    renames.rename_in_overlays(path.parent, found)
    assert path.read_text() == TABLE.replace("schemas.Part:", "schemas['Part-2']:").replace("'/things'", "'/objects'")


def test_drafted_names_are_a_table_that_is_marked(project: Project) -> None:
    part, thing = (Draft(f"$.components.schemas.{name}", {"title": f"{name}Draft"}) for name in ("Part", "Thing"))
    drafts.write_names(project.root, [])
    assert not (project.root / drafts.NAMES).exists()
    drafts.write_names(project.root, [part])
    drafts.write_names(project.root, [thing])
    assert [action.target for action in drafts.marked(project.root)] == [part.target, thing.target]
    assert corrected(project)["components"]["schemas"]["Thing"]["title"] == "ThingDraft"
    text = (project.root / drafts.NAMES).read_text()
    write(project, text.replace("x-draft: true\n", ""), drafts.NAMES.name)
    assert drafts.marked(project.root) == []


def test_drafts_in_another_form_are_not_lost(project: Project) -> None:
    write(project, "actions: []\n", drafts.NAMES.name)
    with pytest.raises(BuildError, match=r"19-drafted-names\.yaml: not a table of names; move what it says"):
        drafts.write_names(project.root, [Draft("$.a", {"title": "A"})])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("names: {}", "`names` is not a table of places and names"),
        ("names: [a]", "`names` is not a table of places and names"),
        ("names:\n  $.a:\n", "$.a has no name"),
        ("names:\n  $.a: [A]\n", "$.a has no name"),
        ("names:\n  $.a: A\nactions: []\n", "unknown key 'actions'"),
        ("names:\n  $.a: A\n  a.b: B\n", "3: names[1]: `target` is not a JSONPath: 'a.b': expected '$'"),
        ("names:\n  $.a: A\n  $.a: B\n", "line 3: duplicate key '$.a'"),
    ],
)
def test_what_is_no_table_of_names_is_one_line(project: Project, text: str, message: str) -> None:
    path = write(project, text)
    with pytest.raises(BuildError, match=f"^{re.escape(str(path))}: ?{re.escape(message)}") as raised:
        overlays.load_overlays(path.parent)
    assert "\n" not in str(raised.value)


def test_names_in_braces_are_for_the_editor(project: Project) -> None:
    write(project, "names: {$.components.schemas.Part: Piece, $.components.schemas.Thing: Object}\n")
    before = without_parts(project)
    with pytest.raises(BuildError, match=r"\n  edit .*/13-names\.yaml: actions 0$"):
        corrected(project)
    with pytest.raises(BuildError, match=r"13-names\.yaml: written with braces"):
        decisions.accept(project.root, decisions.find(project.root, before))
