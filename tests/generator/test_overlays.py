from __future__ import annotations

import copy
import json
import shlex
import subprocess
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator._errors import BuildError
from generator.document import files, overlays

ROOT = Path(__file__).parents[2]

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write an overlay of some actions, or of a text, and return the folder it is in."""

    def write_overlay(*actions: Any, name: str = "10-test.yaml", text: str | None = None) -> Path:
        for number, action in enumerate(actions):
            if isinstance(action, dict):
                action.setdefault("description", f"Reason {number}")
        overlay = {"overlay": "1.0.0", "info": {"title": "Test", "version": "1"}, "actions": list(actions)}
        (tmp_path / name).write_text(text or yaml.safe_dump(overlay, sort_keys=False))
        return tmp_path

    return write_overlay


def applied(document: Any, folder: Path) -> Any:
    return overlays.apply(document, overlays.load_overlays(folder)).document


@pytest.mark.parametrize(
    ("document", "target", "update", "expected"),
    [
        ({"a": {"b": 1}}, "$.a", {"c": 2}, {"a": {"b": 1, "c": 2}}),
        ({"a": {"b": 1}}, "$", {"a": {"b": 2}}, {"a": {"b": 2}}),
        ({"a": {"b": 1}}, "$.a", {"b": None}, {"a": {"b": None}}),
        ({"a": {"b": None}}, "$.a", {"b": "x"}, {"a": {"b": "x"}}),
        ({"a": {"b": 1}}, "$.a", {"b": True}, {"a": {"b": True}}),
        ({"a": {"b": {"c": {"d": 1}}}}, "$.a", {"b": {"c": {"e": 2}}}, {"a": {"b": {"c": {"d": 1, "e": 2}}}}),
        ({"a": {"b": [1]}}, "$.a", {"b": [2, 3]}, {"a": {"b": [1, 2, 3]}}),
        ({"a": {"b": [1, 2]}}, "$.a", {"b": [2, 3]}, {"a": {"b": [1, 2, 3]}}),
        ({"a": {"b": [1]}}, "$.a", {"b": [2, 2]}, {"a": {"b": [1, 2]}}),
        ({"a": {"b": [1]}}, "$.a", {"b": [True, "1", [1]]}, {"a": {"b": [1, True, "1", [1]]}}),
        ({"a": {}}, "$.a", {"b": {"c": [1]}}, {"a": {"b": {"c": [1]}}}),
        ({"a": [1]}, "$.a", 2, {"a": [1, 2]}),
        ({"a": [1]}, "$.a", None, {"a": [1, None]}),
        ({"a": [1]}, "$.a", [2, 3], {"a": [1, 2, 3]}),
        ({"a": [{"b": 1}]}, "$.a", {"b": 2}, {"a": [{"b": 1}, {"b": 2}]}),
        ({"a": [{"b": 1}]}, "$.a[0]", {"c": 2}, {"a": [{"b": 1, "c": 2}]}),
        ({"a": [{"b": 1}, {"b": 2}]}, "$.a[?@.b == 2]", {"c": 3}, {"a": [{"b": 1}, {"b": 2, "c": 3}]}),
        ({"a": {"x": {}, "y": {}}}, "$.a.*", {"c": [1]}, {"a": {"x": {"c": [1]}, "y": {"c": [1]}}}),
        ({"a": {"b": 1}}, "$['a', 'a']", {"c": 1}, {"a": {"b": 1, "c": 1}}),
        ({"a": {"x": {"c": 1}, "y": {}}}, "$.a.*", {"c": 1}, {"a": {"x": {"c": 1}, "y": {"c": 1}}}),
    ],
)
def test_an_update_merges_or_appends(document: Any, target: str, update: Any, expected: Any, write: Write) -> None:
    result = applied(document, write({"target": target, "update": update}))

    assert json.dumps(result) == json.dumps(expected)


@pytest.mark.parametrize(
    ("document", "target", "expected"),
    [
        ({"a": {"b": 1, "c": 2}}, "$.a.b", {"a": {"c": 2}}),
        ({"a": {"b": {"c": 1}}}, "$.a", {}),
        ({"a": [1, 2, 3, 4]}, "$.a[0, 2]", {"a": [2, 4]}),
        ({"a": [1, 2, 1]}, "$.a[?@ == 1]", {"a": [2]}),
        ({"a": [1, 2, 3]}, "$.a[-1, 2, 2]", {"a": [1, 2]}),
        ({"a": {"x": {"x": {"x": 1}}, "y": 2}}, "$..x", {"a": {"y": 2}}),
        ({"a": [[1, 2], [1]]}, "$.a[*][0]", {"a": [[2], []]}),
        ({"a": [{"b": 1}, {"c": [1, 2]}]}, "$.a[1]['c', 'b']", {"a": [{"b": 1}, {}]}),
        ({"a": {"b": 1, "c": [1]}, "d": [{"b": 1}]}, "$..b", {"a": {"c": [1]}, "d": [{}]}),
        ({"a": [[1], 2]}, "$.a[0, 0][0]", {"a": [[], 2]}),
    ],
)
def test_removing_deletes_every_match(document: Any, target: str, expected: Any, write: Write) -> None:
    assert applied(document, write({"target": target, "remove": True})) == expected


def test_remove_false_removes_nothing(write: Write) -> None:
    folder = write({"target": "$.a", "update": {"b": 1}, "remove": False})

    assert applied({"a": {}}, folder) == {"a": {"b": 1}}


def test_actions_apply_in_order_to_what_the_last_left(write: Write) -> None:
    folder = write(
        {"target": "$.a.b", "remove": True},
        {"target": "$.a", "update": {"b": {"new": True}}},
        {"target": "$.a.b", "update": {"more": 1}},
    )

    assert applied({"a": {"b": [1]}}, folder) == {"a": {"b": {"new": True, "more": 1}}}


def test_files_apply_in_the_order_of_their_names(write: Write) -> None:
    for name in ("20-b.yaml", "10-a.yaml", "11-c.yaml"):
        folder = write({"target": "$.order", "update": name}, name=name)

    loaded = overlays.load_overlays(folder, "*.yaml")

    assert [overlay.path.name for overlay in loaded] == ["10-a.yaml", "11-c.yaml", "20-b.yaml"]
    assert overlays.apply({"order": []}, loaded).document == {"order": ["10-a.yaml", "11-c.yaml", "20-b.yaml"]}
    assert [overlay.path.name for overlay in overlays.load_overlays(folder, "1*.yaml")] == ["10-a.yaml", "11-c.yaml"]


def test_a_folder_without_overlays_changes_nothing(tmp_path: Path) -> None:
    assert applied({"a": 1}, tmp_path / "absent") == {"a": 1}


def test_the_document_and_the_overlays_stay_as_they_were(write: Write) -> None:
    document = {"a": {"x": {}, "y": {}}, "list": [[1]]}
    before = copy.deepcopy(document)
    loaded = overlays.load_overlays(
        write({"target": "$.a.*", "update": {"new": {"b": [1]}}}, {"target": "$.a.x.new.b", "update": 2})
    )

    first = overlays.apply(document, loaded).document

    assert document == before
    assert first["a"] == {"x": {"new": {"b": [1, 2]}}, "y": {"new": {"b": [1]}}}
    assert overlays.apply(document, loaded).document == first


def test_matches_are_counted_by_action(write: Write) -> None:
    write({"target": "$.a.*", "update": {"n": 1}}, {"target": "$.a.x", "remove": True})
    folder = write({"target": "$..n", "remove": True}, name="20-more.yaml")

    result = overlays.apply({"a": {"x": {}, "y": {}}}, overlays.load_overlays(folder))

    assert result.matches == {"10-test.yaml": (2, 1), "20-more.yaml": (1,)}


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ({"target": "$.text", "update": {"a": 1}}, "/text is a scalar: select the object that holds it"),
        ({"target": "$.text", "update": "new"}, "/text is a scalar: select the object that holds it"),
        ({"target": "$.map", "update": [1]}, "/map is an object, but the update is not"),
        ({"target": "$.map", "update": None}, "/map is an object, but the update is not"),
        (
            {"target": "$", "update": {"text": {"a": 1}}},
            "/text is a scalar but the update is an object: remove the old value first, in an action of its own",
        ),
        ({"target": "$", "update": {"text": [1]}}, "/text is a scalar but the update is an array: remove"),
        (
            {"target": "$", "update": {"map": {"inner": 1}}},
            "/map/inner is an object but the update is a scalar: remove",
        ),
        ({"target": "$", "update": {"list": None}}, "/list is an array but the update is a scalar: remove"),
        ({"target": "$['list', 'map']", "update": {"a": 1}}, "the target selects nodes of different types"),
        ({"target": "$", "remove": True}, "the root can't be removed"),
    ],
)
def test_an_action_that_does_not_fit_is_one_line(action: Any, message: str, write: Write) -> None:
    folder = write({"target": "$", "update": {"new": 1}}, action)

    with pytest.raises(BuildError) as caught:
        applied({"text": "x", "map": {"inner": {}}, "list": []}, folder)

    assert str(caught.value).startswith(f"{folder}/10-test.yaml:10: actions[1]: {message}")
    assert "\n" not in str(caught.value)


def test_a_document_that_is_too_deep_for_a_target_is_one_line(write: Write) -> None:
    document: dict[str, Any] = {}
    for _ in range(200):
        document = {"a": document}

    with pytest.raises(BuildError, match=r"10-test\.yaml:6: actions\[0\]: recursion limit"):
        applied(document, write({"target": "$..b", "remove": True}))


SOUND = {"target": "$", "description": "Reason", "update": {"a": 1}}


@pytest.mark.parametrize(
    ("overlay", "message"),
    [
        ([], "not an overlay: the root is not a mapping"),
        (None, "not an overlay: the root is not a mapping"),
        ({"more": 1}, "unknown key 'more'"),
        ({"overlay": "2.0.0"}, "not an OpenAPI Overlay 1.0 document: `overlay` is 2.0.0"),
        ({"overlay": "1.1.0"}, "not an OpenAPI Overlay 1.0 document: `overlay` is 1.1.0"),
        ({"overlay": None}, "not an OpenAPI Overlay 1.0 document: `overlay` is None"),
        ({"info": None}, "`info` needs a `title` and a `version`, both text"),
        ({"info": {"title": "Test"}}, "`info` needs a `title` and a `version`, both text"),
        ({"info": {"title": "Test", "version": 1.0}}, "`info` needs a `title` and a `version`, both text"),
        ({"info": {"title": "Test", "version": "1", "author": "x"}}, "unknown key 'author'"),
        ({"actions": None}, "no actions"),
        ({"actions": []}, "no actions"),
        ({"actions": {"a": 1}}, "no actions"),
    ],
)
def test_a_file_that_is_no_overlay_is_one_line(overlay: Any, message: str, write: Write) -> None:
    base = {"overlay": "1.0.0", "info": {"title": "Test", "version": "1"}, "actions": [SOUND]}
    folder = write(text=json.dumps({**base, **overlay} if isinstance(overlay, dict) else overlay))

    with pytest.raises(BuildError) as caught:
        overlays.load_overlays(folder)

    assert str(caught.value) == f"{folder}/10-test.yaml: {message}"


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ("$.a", "not an action: not a mapping"),
        ([1], "not an action: not a mapping"),
        ({**SOUND, "reason": "x"}, "unknown key 'reason'"),
        ({"description": "Reason", "update": 1}, "no `target`: what it changes"),
        ({**SOUND, "target": 1}, "no `target`: what it changes"),
        ({**SOUND, "description": " "}, "no `description`: the reason"),
        ({**SOUND, "description": None}, "no `description`: the reason"),
        ({**SOUND, "remove": "yes"}, "`remove` is neither true nor false"),
        ({**SOUND, "remove": True}, "either `update` or `remove: true` is needed"),
        ({"target": "$.a", "description": "Reason"}, "either `update` or `remove: true` is needed"),
        ({"target": "$.a", "description": "Reason", "remove": False}, "either `update` or `remove: true` is needed"),
        ({**SOUND, "target": "$.a["}, "`target` is not a JSONPath: '$.a[': unbalanced brackets"),
        ({**SOUND, "target": "a.b"}, "`target` is not a JSONPath: 'a.b': expected '$'"),
        ({**SOUND, "target": "$[?unknown(@)]"}, "`target` is not a JSONPath: '$[?unknown(@)]': function 'unknown'"),
    ],
)
def test_a_bad_action_is_one_line_with_its_place(action: Any, message: str, write: Write) -> None:
    folder = write(dict(SOUND), action)

    with pytest.raises(BuildError) as caught:
        overlays.load_overlays(folder)

    assert str(caught.value).startswith(f"{folder}/10-test.yaml:10: actions[1]: {message}")
    assert "\n" not in str(caught.value)


def test_reasons_are_asked_for_unless_told_otherwise(write: Write) -> None:
    actions = [{"target": "$.a", "description": None, "update": {"b": 1}}, "no action"]
    folder = write(*actions)
    (folder / "10-test.yaml").write_text((folder / "10-test.yaml").read_text().replace("  description: null\n", ""))

    with pytest.raises(BuildError, match=r"actions\[0\]: no `description`"):
        overlays.load_overlays(folder)
    with pytest.raises(BuildError, match=r"actions\[1\]: not an action"):
        overlays.load_overlays(folder, reasons=False)


def test_a_file_that_is_no_yaml_is_one_line(write: Write) -> None:
    with pytest.raises(BuildError, match=r"10-test\.yaml: line 2: duplicate key 'overlay'$"):
        overlays.load_overlays(write(text="overlay: 1.0.0\noverlay: 1.0.0\n"))


def test_extensions_are_no_unknown_keys(write: Write) -> None:
    action = {**SOUND, "x-note": 1}
    overlay = {"overlay": "1.0.3", "x-note": 1, "info": {"title": "", "version": "", "x-note": 1}, "extends": "a.yaml"}
    folder = write(text=json.dumps({**overlay, "actions": [action]}))

    loaded = overlays.load_overlays(folder)

    assert [(action.target, action.reason, action.update) for action in loaded[0].actions] == [
        ("$", "Reason", {"a": 1})
    ]


STALE = textwrap.dedent("""\
    overlay: 1.0.0
    info:
      title: Test
      version: 1.0.0
    actions:
      # About a thing.
      - target: $.absent[0]
        description: >-
          Folded
          reason.

        update:
          text: |
            one

            # no comment

      # About the next.
      - description: Good.
        target: $.a
        update: {new: [1,
          2]}

      # Already so.
      -
        # Comment inside.
        target: $.a
        description: Says so.
        update:
          b: 1
          c: [x]

      - {target: $.absent, description: In braces., remove: true}
      - target: $.absent.again
        description: &why "Quoted
          over two lines"
        remove: true
        x-why: *why
      # The end of the list.

      - target: $.a
        description: Good.
        update:
          kept: true
      - target: $.absent
        description: Nothing in it.
        update:

    x-end: 1
    """)


def test_actions_that_change_nothing_are_all_named_with_a_command_that_deletes_them(write: Write) -> None:
    folder = write(text=STALE, name="10-a b.yaml")
    path = folder / "10-a b.yaml"
    write({"target": "$\n.gone", "remove": True}, name="20-all.yaml")
    document = {"a": {"b": 1, "c": ["x", "y"]}}

    with pytest.raises(BuildError) as caught:
        applied(document, folder)

    quoted = shlex.quote(str(path))
    assert str(caught.value).split("\n") == [
        "overlay actions that no longer change anything:",
        f"  {path}:7: actions[0]: nothing matches $.absent[0]",
        f"  {path}:27: actions[2]: the document already says this at every match (1) of $.a",
        f"  {path}:33: actions[3]: nothing matches $.absent",
        f"  {path}:34: actions[4]: nothing matches $.absent.again",
        f"  {path}:45: actions[6]: nothing matches $.absent",
        f"  {folder}/20-all.yaml:6: actions[0]: nothing matches $ .gone",
        "fix their targets, or delete them:",
        f"  sed -i.bak '7,16d;25,31d;33,33d;34,38d;45,47d' {quoted} && rm {shlex.quote(f'{path}.bak')}",
        f"  rm {folder}/20-all.yaml",
    ]


def test_the_commands_leave_what_changes_something(write: Write) -> None:
    folder = write(text=STALE, name="10-a b.yaml")
    write({"target": "$\n.gone", "remove": True}, name="20-all.yaml")
    document = {"a": {"b": 1, "c": ["x", "y"]}}
    with pytest.raises(BuildError) as caught:
        applied(document, folder)

    for command in str(caught.value).partition("delete them:\n")[2].split("\n"):
        subprocess.run(command, shell=True, check=True)

    assert applied(document, folder) == {"a": {"b": 1, "c": ["x", "y"], "new": [1, 2], "kept": True}}
    assert [path.name for path in folder.iterdir()] == ["10-a b.yaml"]
    assert [action.reason for action in overlays.load_overlays(folder)[0].actions] == ["Good.", "Good."]


def test_actions_that_share_lines_are_named_for_the_editor(write: Write) -> None:
    actions = [{"target": target, "description": "Reason", "remove": True} for target in ("$.x", "$.a", "$.y")]
    overlay = {"overlay": "1.0.0", "info": {"title": "", "version": ""}, "actions": actions}
    folder = write(text=json.dumps(overlay))

    with pytest.raises(BuildError, match=r"\n  edit .*/10-test\.yaml: actions 0, 2$"):
        applied({"a": 1}, folder)


@pytest.mark.parametrize(
    ("document", "action"),
    [
        ({"a": {"b": 1}}, {"target": "$.a", "update": {"b": 1}}),
        ({"a": {"b": 1}}, {"target": "$.a", "update": {}}),
        ({"a": {"b": {"c": [1, {"d": 2, "e": 3}]}}}, {"target": "$.a", "update": {"b": {"c": [{"e": 3, "d": 2}]}}}),
        ({"a": [1]}, {"target": "$.a", "update": 1}),
        ({"a": [1]}, {"target": "$.a", "update": []}),
        ({"a": [{"b": 1}, {"b": 1}]}, {"target": "$.a[*]", "update": {"b": 1}}),
    ],
)
def test_an_update_that_the_document_contains_is_stale(document: Any, action: Any, write: Write) -> None:
    with pytest.raises(BuildError, match="the document already says this"):
        applied(document, write(action))


def test_the_overlays_of_this_project_apply_to_the_vendored_document() -> None:
    vendored = files.load(ROOT / "openapi" / "clerk-bapi.yaml").value
    loaded = overlays.load_overlays(ROOT / "openapi" / "overlays", "1*.yaml")

    result = overlays.apply(vendored, loaded)

    assert loaded
    assert all(count > 0 for counts in result.matches.values() for count in counts)
