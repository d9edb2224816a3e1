from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import griffe
import pytest

from generator._errors import BuildError
from generator.compare import report
from generator.compare.changes import WEBHOOKS, Change, Comparison, Effect
from generator.document import lock
from generator.release import versions

INVISIBLE, ADDITIVE, BREAKING = Effect.INVISIBLE, Effect.ADDITIVE, Effect.BREAKING


@pytest.mark.parametrize(
    ("version", "effect", "following"),
    [
        ("1.2.3", BREAKING, "2.0.0"),
        ("1.2.3", ADDITIVE, "1.3.0"),
        ("1.2.3", INVISIBLE, "1.2.4"),
        ("0.2.3", BREAKING, "0.3.0"),
        ("0.2.3", ADDITIVE, "0.3.0"),
        ("0.2.3", INVISIBLE, "0.2.4"),
    ],
)
def test_the_next_version_follows_from_the_greatest_effect(version: str, effect: Effect, following: str) -> None:
    assert versions.text_of(versions.following(versions.parse(version), effect)) == following


@pytest.mark.parametrize("text", ["1.2", "1.2.3rc1", "v1.2.3", ""])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(BuildError, match=r"is no version; one is written as 1\.2\.3$"):
        versions.parse(text)


def test_the_version_is_read_and_written_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "clerk").mkdir()
    path = tmp_path / versions.VERSION_FILE
    path.write_text('"""The version."""\n\n__version__ = "1.2.3"\n')
    assert versions.current(tmp_path) == (1, 2, 3)
    plugin = tmp_path / versions.PLUGIN_FILE
    plugin.parent.mkdir()
    plugin.write_text('version = "1.2.3"\ndependencies = [\n    "clerk-client>=1.2.3",\n    "pytest>=7.0.0",\n]\n')
    assert versions.plugin_versions(tmp_path) == ["1.2.3", "1.2.3"]
    assert versions.plugin_file(tmp_path, (1, 3, 0)).decode() == plugin.read_text().replace("1.2.3", "1.3.0")
    assert versions.version_file(tmp_path, (1, 3, 0)) == b'"""The version."""\n\n__version__ = "1.3.0"\n'


def test_a_file_without_a_version_is_named(tmp_path: Path) -> None:
    (tmp_path / "clerk").mkdir()
    (tmp_path / versions.VERSION_FILE).write_text("version = 1\n")
    with pytest.raises(BuildError, match=r'_version\.py: no line `__version__ = "\.\.\."`$'):
        versions.current(tmp_path)


USERS = ("users.ban", "users.get", "users.lock", "users.unban")
COMPARISON = Comparison(
    "2025-04-10",
    "2025-11-10",
    (
        Change("operation", "users.get, users.fetch", "removed: `GET /users/{id}`", BREAKING),
        Change("operation", "users.new", "added: `GET /new`", ADDITIVE),
        Change("operation", "users.old", "deprecated", ADDITIVE),
        Change("call", "users.list(limit=)", "bounds are now: at most 500", INVISIBLE),
        Change("model", "models.User.age", "may be `None`", BREAKING, USERS),
        Change("model", "models.User.age", "type `str` is now `int`", BREAKING, USERS),
        Change("model", "models.User.more", "added", ADDITIVE, USERS[:2]),
    ),
)

REPORT = """\
Clerk Backend API 2025-04-10 -> 2025-11-10: 3 breaking, 3 additive, 1 invisible
Version: 1.0.0 -> 2.0.0

Breaking: Operations
  users.get, users.fetch: removed: `GET /users/{id}`

Breaking: Models
  models.User.age: may be `None`; type `str` is now `int` (users.ban, users.get and 2 more)

Additive: Operations
  users.new: added: `GET /new`
  users.old: deprecated

Additive: Models
  models.User.more: added (users.ban, users.get)

Invisible to callers: What calls take
  users.list(limit=): bounds are now: at most 500"""

MARKDOWN = """\
Clerk Backend API 2025-04-10 -> 2025-11-10: 3 breaking, 3 additive, 1 invisible

Version: 1.0.0 -> 2.0.0

## Breaking

### Operations

- `users.get, users.fetch`: removed: `GET /users/{id}`

### Models

- `models.User.age`: may be `None`; type `str` is now `int` (users.ban, users.get and 2 more)

## Additive

### Operations

- `users.new`: added: `GET /new`
- `users.old`: deprecated

### Models

- `models.User.more`: added (users.ban, users.get)

## Invisible to callers

### What calls take

- `users.list(limit=)`: bounds are now: at most 500
"""


def test_the_report_has_the_worst_first_and_one_line_for_each_thing() -> None:
    note = "Version: 1.0.0 -> 2.0.0"
    assert report.as_text(COMPARISON, note) == REPORT
    assert report.as_markdown(COMPARISON, note) == MARKDOWN


ENTRY = """\
## [2.0.0] - 2026-01-02

The API is that of 2025-11-10 (it was 2025-04-10).

### Added

- `users.new`: added: `GET /new`
- `models.User.more`: added (users.ban, users.get)

### Changed

- **Breaking:** `models.User.age`: may be `None`; type `str` is now `int` (users.ban, users.get and 2 more)

### Deprecated

- `users.old`: deprecated

### Removed

- **Breaking:** `users.get, users.fetch`: removed: `GET /users/{id}`
"""


def drafted(text: str, *open_titles: str) -> str:
    return versions.drafted(text, versions.News((2, 0, 0), date(2026, 1, 2), COMPARISON), frozenset(open_titles))


def test_the_entry_of_a_version_stands_before_all_others() -> None:
    assert drafted("# Changelog\n\n## [1.0.0] - 2025-01-01\n\n- All.\n", "Unreleased") == (
        f"# Changelog\n\n{ENTRY}\n## [1.0.0] - 2025-01-01\n\n- All.\n"
    )


def test_the_first_entry_of_a_changelog() -> None:
    assert drafted("# Changelog\n") == f"# Changelog\n\n{ENTRY}"


def test_what_is_not_released_goes_into_the_entry() -> None:
    text = (
        "# Changelog\n\n## [Unreleased]\n\nBy hand.\n\n### Changed\n\n- Mine.\n\n### Notes\n\n- Other.\n\n"
        "## [1.1.0] - 2025-02-02\n\n### Fixed\n\n- A fault.\n\n## [1.0.0] - 2025-01-01\n"
    )
    lines = drafted(text, "Unreleased", "1.1.0").splitlines()
    assert "1.1.0" not in "".join(lines)
    assert lines[4] == "By hand."
    assert lines[lines.index("### Changed") + 2] == "- Mine."
    assert lines[lines.index("### Changed") + 3].startswith("- **Breaking:** `models.User.age`")
    assert lines[lines.index("### Fixed") + 2] == "- A fault."
    assert lines[-5:] == ["### Notes", "", "- Other.", "", "## [1.0.0] - 2025-01-01"]


def test_a_draft_is_written_anew_and_what_is_by_hand_stays() -> None:
    once = drafted(
        "# Changelog\n\n## [Unreleased]\n\nBy hand.\n\n### Added\n\n- `things.list` is faster: twice.\n", "Unreleased"
    )
    undone = once.replace(
        "### Added\n\n",
        "### Added\n\n- `things.gone`: added: `GET /gone`\n- **Breaking:** `models.X`: removed; use `models.Y`\n",
    )
    assert undone != once
    assert drafted(undone, "2.0.0") == once
    assert once.count("The API is that of") == 1
    assert "- `things.list` is faster: twice.\n" in once


def test_drafts_about_the_api_and_the_events_leave_each_others_lines() -> None:
    both = drafted("# Changelog\n")
    for _ in range(2):
        change = Change("model", "events.Thing.size", "added", Effect.ADDITIVE)
        news = versions.News((2, 0, 0), date(2026, 1, 2), Comparison("2025-01-01", "2025-04-15", (change,), WEBHOOKS))
        both = versions.drafted(both, news, frozenset(["2.0.0"]))
        both = drafted(both, "2.0.0")
    api = drafted("# Changelog\n").splitlines()
    assert [line for line in both.splitlines() if line and "vents" not in line] == [line for line in api if line]
    assert both.count("The events are those of 2025-04-15") == both.count("- `events.Thing.size`: added\n") == 1


def test_typing_tests_are_a_sign_of_changes_and_none_themselves() -> None:
    change = Change("typing", "tests/typing/calls.py:1", "an error", Effect.BREAKING)
    news = versions.News((2, 0, 0), date(2026, 1, 2), Comparison("1", "1", (change,)), "From there.")
    assert versions.drafted("# Changelog\n", news, frozenset()) == (
        "# Changelog\n\n## [2.0.0] - 2026-01-02\n\nThe API is that of 1. From there.\n"
    )


def test_the_readme_tells_the_version_of_the_api(tmp_path: Path) -> None:
    assert versions.readme(tmp_path, "2026-05-12") == {}
    (tmp_path / "README.md").write_text("It is made from the document (version 2025-11-10), not by Clerk.\n")
    [(path, content)] = versions.readme(tmp_path, "2026-05-12").items()
    assert (path, content) == (
        tmp_path / "README.md",
        b"It is made from the document (version 2026-05-12), not by Clerk.\n",
    )


def test_our_readme_tells_the_version_that_is_vendored() -> None:
    root = Path(__file__).parents[2]
    [(path, content)] = versions.readme(root, lock.read(root).api_version).items()
    assert path.read_bytes() == content
    assert b"(version 20" in content


def test_what_a_draft_says_is_known_from_what_people_say() -> None:
    """Drafted again and again, our own changelog keeps each line of people's, and each of a draft's not at all."""
    text = (Path(__file__).parents[2] / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = next(one for one in versions.changelog_entries(text) if one.title != versions.UNRELEASED)
    lines = [line for line in newest.body.splitlines() if line.startswith("- ")]
    kept = versions.changelog_entries(drafted(text, newest.title))[0].body.splitlines()
    gone = [line for line in lines if line not in kept]
    assert all(re.match(r"- (\*\*Breaking:\*\* )?`[a-z_]+\.[\w(=)]+`: (added|removed)", line) for line in gone)
    assert [line for line in lines if "LocalClerk" in line] == [line for line in kept if "LocalClerk" in line]


COMPARISONS = Path(versions.__file__).parents[1] / "compare"
# What the comparison writes messages with, and which argument is the message.
MESSAGES = {"Difference": 0, "ValueChange": 1, "_operation": 1, "Change": 2, "Finding": 2}


def messages() -> Iterator[str]:
    """Yield the messages that a draft may have, read from the source: each with `x` where it is filled in."""
    for name in ("models", "operations", "servers", "surface", "types", "values"):
        module = ast.parse((COMPARISONS / f"{name}.py").read_text(encoding="utf-8"))
        for function in ast.walk(module):
            for call in ast.walk(function) if isinstance(function, ast.FunctionDef) else ():
                if not isinstance(call, ast.Call) or ast.unparse(call.func) not in MESSAGES:
                    continue
                if ast.unparse(call.args[-1]) != "Effect.INVISIBLE":
                    yield from texts(call.args[MESSAGES[ast.unparse(call.func)]], function, module)
    yield from (kind.value.lower() for kind in griffe.BreakageKind)


def texts(node: ast.expr, function: ast.AST, module: ast.AST) -> Iterator[str]:
    """Yield the texts that an expression may be; none for what another module has written."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body, function, module)
        yield from texts(node.orelse, function, module)
    elif isinstance(node, ast.JoinedStr):
        first, *others = node.values
        rest = "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in others)
        starts = texts(first.value if isinstance(first, ast.FormattedValue) else first, function, module)
        yield from (f"{start}{rest}" for start in starts)
    elif isinstance(node, ast.Subscript):  # a table
        yield from texts(node.value, module, module)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            assert isinstance(value, ast.Tuple)
            yield from texts(value.elts[0], function, module)
    elif isinstance(node, ast.Name):
        for assigned in ast.walk(function):
            if isinstance(assigned, ast.Assign) and node.id in ast.unparse(assigned.targets[0]).strip("()").split(", "):
                yield from texts(assigned.value, function, module)


@pytest.mark.parametrize("message", sorted(set(messages())))
def test_every_message_of_the_comparison_is_known_as_a_drafts(message: str) -> None:
    lines = f"- `things.list()`: {message}\n- **Breaking:** `models.Thing.at`: {message} (things.get)\n"
    assert "hing" not in drafted(f"# Changelog\n\n## [1.1.0]\n\n### Security\n\n{lines}", "1.1.0")


def test_the_messages_of_the_comparison_are_found() -> None:
    found = set(messages())
    assert {"may be `None`", "always there now", "authenticated by `x`, no longer `x`", "added: required"} < found
    assert {
        "served at x, no longer at x; the default of `api_url` has to follow",
        "attribute value was changed",
    } < found
