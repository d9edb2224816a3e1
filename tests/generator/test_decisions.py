"""What a new document leaves to decide, and how the files are edited when it is decided as proposed."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator._errors import BuildError
from generator.prepare import layout
from generator.prepare.layout import MethodEntry, line_of
from generator.release import decisions, editing
from generator.release.decisions import Decisions
from generator.release.drafts import Draft
from generator.release.editing import Edit
from tests.support.openapi import (
    STRING,
    JSONObject,
    a_document,
    a_small_api,
    an_object,
    an_operation,
    parameter,
    unshared,
)
from tests.support.projects import Project

LAYOUT = """\
# Where things are.
sub_apis:
  apples:
    methods:
      get: {operation: GetApple}
  # Those that come in pairs.
  pairs:
    js: pairs
    methods:
      get:
        operations: [GetPair, GetPairOf]
        js: getPair
      make: {operation: MakePair}  # by hand
"""


def an_api(*places: str) -> JSONObject:
    """A document with operations, each as "GetThing get /things/{id}"."""
    operations = []
    for place in places:
        operation_id, method, path = place.split()
        names = [part.strip("{}") for part in path.split("/") if part.startswith("{")]
        path_parameters = [parameter(name, "path") for name in names]
        operations.append((f"{method} {path}", an_operation(operation_id, parameters=path_parameters)))
    return a_document(*operations)


APPLE, PAIR = "GetApple get /apples/{id}", "GetPair get /pairs/{id}"
PAIR_OF, MAKE = "GetPairOf get /pairs/{id}/{template_name}", "MakePair post /pairs"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.vendor(an_api(APPLE, PAIR, PAIR_OF, MAKE))
    project.layout.write_text(LAYOUT, encoding="utf-8")
    return project


def decided(project: Project, *places: str) -> str:
    """The layout after a document with other operations was accepted."""
    project.vendor(an_api(*places))
    decisions.accept(project.root, decisions.find(project.root, an_api(APPLE, PAIR, PAIR_OF, MAKE)))
    assert decisions.find(project.root, an_api(*places)) == Decisions()
    return project.layout.read_text(encoding="utf-8")


def test_where_all_fits_nothing_is_to_decide(project: Project) -> None:
    found = decisions.find(project.root, an_api(APPLE))
    assert found == Decisions()
    assert found.report == ""


def test_a_method_goes_with_its_operation_and_comments_stay(project: Project) -> None:
    assert decided(project, APPLE, PAIR, PAIR_OF) == LAYOUT.replace(
        "      make: {operation: MakePair}  # by hand\n", ""
    )


def test_a_sub_api_goes_with_its_last_operation(project: Project) -> None:
    expected = "# Where things are.\nsub_apis:\n" + LAYOUT[LAYOUT.index("  # Those") :]
    assert decided(project, PAIR, PAIR_OF, MAKE) == expected


def test_a_method_of_two_operations_keeps_the_one_that_is_left(project: Project) -> None:
    assert "      get: {operation: GetPair, js: getPair}\n      make:" in decided(project, APPLE, PAIR, MAKE)


def test_an_operation_under_another_id_is_renamed_in_its_place(project: Project) -> None:
    renamed = "FetchPairOf get /pairs/{pair_id}/{template_name}"
    line = "get: {operations: [GetPair, FetchPairOf], js: getPair}"
    assert f"      {line}\n      make:" in decided(project, APPLE, PAIR, renamed, MAKE)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (
            "GetCherry get /cherries/{id}",
            "  cherries:\n    methods:\n      get_cherry: {operation: GetCherry}\n  pairs:",
        ),
        ("GetPlum get /plums/{id}", "# by hand\n  plums:\n    methods:\n      get_plum: {operation: GetPlum}\n"),
        ("PeelApple post /apples/{id}/peel", "GetApple}\n      peel: {operation: PeelApple}\n  # Those"),
    ],
)
def test_a_new_operation_gets_a_line_among_its_neighbours(place: str, expected: str, project: Project) -> None:
    text = decided(project, APPLE, PAIR, PAIR_OF, MAKE, place)
    assert expected in text
    assert set(LAYOUT.splitlines()) <= set(text.splitlines())


@pytest.mark.parametrize(("node", "spelt"), [("plums", ""), ("__plums", "    js: __plums\n")])
def test_a_new_sub_api_has_the_node_js_clients_name_where_that_is_an_exception(
    node: str, spelt: str, project: Project
) -> None:
    (project.root / layout.NODE_CLIENT).write_text(f"version: 1.0.0\nsub_apis: {{{node}: [getPlum]}}")
    text = decided(project, APPLE, PAIR, PAIR_OF, MAKE, "GetPlum get /plums/{id}")
    assert f"  plums:\n{spelt}    methods:\n      get_plum: {{operation: GetPlum}}\n" in text
    assert [one.js for one in layout.load(project.root).sub_apis if one.name == "plums"] == [node]


def test_a_layout_with_braces_is_to_be_edited_by_hand(project: Project) -> None:
    project.write_layout({"apples": {"methods": {"get": {"operation": "GetApple"}}}})
    project.vendor(an_api(APPLE, "GetPear get /apples/{id}/pear"))
    with pytest.raises(BuildError, match=r"layout\.yaml: written with braces, which can't be edited line by line"):
        decisions.accept(project.root, decisions.find(project.root, an_api(APPLE)))


def test_a_drafted_name_comes_with_its_reason() -> None:
    names = (Draft("$.a", {"title": "A"}, "Clerk calls it B now."), Draft("$.c", {"title": "C"}))
    assert Decisions(names=names).lines == [
        "`models.A` is the name of $.a (Clerk calls it B now.)",
        "`models.C` is the name of $.c",
    ]


def test_a_method_is_written_as_one_line() -> None:
    assert line_of(MethodEntry("get", ("A",), 'Use "b".', "js")) == (
        'get: {operation: A, js: js, deprecated: "Use \\"b\\"."}'
    )
    assert line_of(MethodEntry("get_pair", ("A",), js="getPair")) == "get_pair: {operation: A}"


FACTS = """\
overlay: 1.0.0
info: {title: Facts, version: '1'}
actions:
  # Of parts.
  - target: $.components.schemas.Part
    description: A reason.
    update: {x-clerk-part: 1}

  # Of things.
  - target: $.components.schemas.Thing
    description: A reason.
    update: {x-clerk-thing: 1}
"""
WORDS = """\
overlay: 1.0.0
info: {title: Words, version: '1'}
actions:
  - target: $.components.schemas['Thing', 'Part']
    update:
      description: Something.
  - target: $.components.schemas.Thing
    update:
      description: A thing.
      properties:
        id:
          description: Its id.
        # What it is made of.
        parts:
          description: >-
            Its parts, of which it may have many, so that the words
            fill two lines.
"""


def an_overlaid_project(root: Path, facts: str = FACTS, words: str = WORDS) -> Project:
    """A small project with overlays, whose new document has no parts any more."""
    document = unshared(a_small_api())
    document["components"]["schemas"] = {"Thing": an_object({"id": STRING}, "id")}
    document["paths"]["/things"].pop("post")
    project = Project(root)
    project.vendor(document)
    methods = "      list: {operation: ListThings}\n      get: {operation: GetThing}\n"
    project.layout.write_text(f"sub_apis:\n  things:\n    methods:\n{methods}", encoding="utf-8")
    for name, text in (("10-facts.yaml", facts), ("90-words.yaml", words)):
        path = project.root / "openapi/overlays" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return project


def overlay(project: Project, name: str) -> str:
    return (project.root / "openapi/overlays" / name).read_text(encoding="utf-8")


def test_what_is_stale_is_named_with_all_else(tmp_path: Path) -> None:
    an_overlaid_project(tmp_path)
    headline, stale, mend, _, misplaced, way = decisions.find(tmp_path, a_small_api()).report.splitlines()
    assert headline == "overlay actions that no longer change anything:"
    assert stale.endswith("10-facts.yaml:5: actions[0]: nothing matches $.components.schemas.Part")
    assert mend == "fix their targets, or delete them:"
    assert misplaced == "words that describe something that doesn't exist; remove them:"
    assert way.endswith("90-words.yaml:7: actions[1]: update: properties: parts")


def test_what_is_stale_is_taken_out_and_all_else_stays(tmp_path: Path) -> None:
    project = an_overlaid_project(tmp_path)
    decisions.accept(tmp_path, decisions.find(tmp_path, a_small_api()))
    stale = FACTS[FACTS.index("  - target") : FACTS.index("\n  # Of things")]
    assert overlay(project, "10-facts.yaml") == FACTS.replace(stale, "")
    assert overlay(project, "90-words.yaml") == WORDS[: WORDS.index("        parts:")]
    assert decisions.find(tmp_path, a_small_api()) == Decisions()


def test_an_overlay_goes_with_its_last_action(tmp_path: Path) -> None:
    project = an_overlaid_project(tmp_path, facts=FACTS[: FACTS.index("\n  # Of things")] + "\n")
    decisions.accept(tmp_path, decisions.find(tmp_path, a_small_api()))
    assert not (project.root / "openapi/overlays/10-facts.yaml").exists()


def test_what_is_empty_without_a_word_goes_with_it(tmp_path: Path) -> None:
    one = WORDS.replace("        id:\n          description: Its id.\n", "")
    project = an_overlaid_project(tmp_path, words=one)
    decisions.accept(tmp_path, decisions.find(tmp_path, a_small_api()))
    assert overlay(project, "90-words.yaml") == one[: one.index("      properties:")]


def test_an_action_goes_with_its_last_word(tmp_path: Path) -> None:
    one = WORDS.replace("        id:\n          description: Its id.\n", "").replace(
        "      description: A thing.\n", ""
    )
    project = an_overlaid_project(tmp_path, words=one)
    decisions.accept(tmp_path, decisions.find(tmp_path, a_small_api()))
    assert overlay(project, "90-words.yaml") == one[: one.rindex("  - target")]


FLOW = """\
overlay: 1.0.0
info: {title: Words, version: '1'}
actions: [{target: $.components.schemas.Gone, update: {description: Gone.}}]
"""
FLOW_INSIDE = """\
overlay: 1.0.0
info: {title: Words, version: '1'}
actions:
  - target: $.components.schemas.Thing
    update: {properties: {id: {description: A.}, more: {description: B.}}}
"""


@pytest.mark.parametrize("words", [FLOW, FLOW_INSIDE])
def test_an_overlay_with_braces_is_to_be_edited_by_hand(words: str, tmp_path: Path) -> None:
    project = an_overlaid_project(tmp_path, words=words)
    with pytest.raises(BuildError, match=r"90-words\.yaml: written with braces"):
        decisions.accept(tmp_path, decisions.find(tmp_path, a_small_api()))
    assert overlay(project, "10-facts.yaml") == FACTS
    assert overlay(project, "90-words.yaml") == words


def test_words_that_are_none_are_the_builds_to_refuse(tmp_path: Path) -> None:
    """What is misplaced is told; what is no description at all is not."""
    odd = "  - target: $.components.schemas.Thing.required\n    update: [more]\n"
    an_overlaid_project(tmp_path, words=WORDS[: WORDS.index("  - target: $.components.schemas.Thing\n")] + odd)
    assert decisions.find(tmp_path, a_small_api()).misplaced == ()


def test_a_document_that_the_rules_refuse_leaves_the_rest_to_decide(tmp_path: Path) -> None:
    project = an_overlaid_project(tmp_path)
    broken = "\n  - target: $.components.schemas.Thing.properties.id\n    description: A reason.\n"
    broken += "    update: {allOf: [{$ref: '#/components/schemas/Nowhere'}]}\n"
    (project.root / "openapi/overlays/10-facts.yaml").write_text(FACTS + broken, encoding="utf-8")
    found = decisions.find(tmp_path, a_small_api())
    assert [item.action.index for item in found.stale] == [0]
    assert found.misplaced == ()


def test_edits_are_done_from_the_end_and_leave_one_blank_line() -> None:
    text = "a\n\nb\n\nc\n\nd\n"
    assert editing.edited(text, [Edit(3, 3), Edit(7, 7, ("D", "E")), Edit(1, 0, ("0",))]) == "0\na\n\nc\n\nD\nE\n"
    assert editing.edited(text, [Edit(7, 7)]) == "a\n\nb\n\nc\n"
    assert editing.edited(text, [Edit(1, 1)]) == "\nb\n\nc\n\nd\n"
