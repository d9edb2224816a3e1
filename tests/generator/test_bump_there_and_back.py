"""Clerk's own documents: a project of 2025-11-10 goes back to 2025-04-10 and forth again."""

from __future__ import annotations

import gc
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from generator import build
from generator.compare.changes import Change
from generator.document import files
from generator.release import bump, drafts
from generator.release.bump import Bumped
from tests.support.projects import FROZEN, frozen_project
from tests.support.repositories import CHANGELOG, Repository

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests/data"
OLD = DATA / "clerk-bapi-2025-04-10.yaml"
EXPECTED = files.load(DATA / "bump-2025-04-10-to-2025-11-10.yaml").value

pytestmark = pytest.mark.xdist_group("bump")

Told = tuple[str, str]  # the effect, and subject and what in one


class Journey(NamedTuple):
    start: dict[str, bytes]
    end: dict[str, bytes]
    back: Bumped
    forth: Bumped


@pytest.fixture(scope="module")
def _no_garbage_collection() -> Iterator[None]:
    """Looking through the many objects of two trees again and again takes a quarter of the time."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory, _no_garbage_collection: None) -> Journey:
    project = Repository(tmp_path_factory.mktemp("journey"))
    frozen_project(project.root)
    for name in ("clerk", "pytest-plugin"):
        shutil.copytree(ROOT / name, project.root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (".gitattributes", ".gitignore"):
        shutil.copy(ROOT / name, project.root)
    project.write("clerk/_version.py", '__version__ = "0.1.0"\n')
    project.write("CHANGELOG.md", CHANGELOG)
    drafts.write_words(project.root, drafts.without_words(project.root))
    build.regenerate(project.root)
    project.git("init", "--quiet")
    project.commit()
    start = project.tree()

    back = bump.bump(str(OLD), project.root, accept=True, force=True)
    project.commit()
    # What a maintainer decides on the way forth is in the overlays and the layout: those of before.
    for name in ("overlays", "layout.yaml"):
        project.git("checkout", "--quiet", "HEAD~1", "--", f"openapi/{name}")
    project.commit()
    forth = bump.bump(str(FROZEN / "clerk-bapi.yaml"), project.root)
    return Journey(start, project.tree(), back, forth)


def told(change: Change) -> Told:
    return change.effect.name, f"{change.subject}: {change.what}"


def test_the_report_is_the_list_checked_by_hand(journey: Journey) -> None:
    expected = {(effect.upper(), line) for effect in ("breaking", "additive", "invisible") for line in EXPECTED[effect]}
    assert {told(change) for change in journey.forth.comparison.changes} == expected
    assert len(journey.forth.comparison.changes) == len(expected)


def test_the_version_follows(journey: Journey) -> None:
    assert (journey.back.old, journey.back.new) == ("0.1.0", "0.2.0")
    assert (journey.forth.old, journey.forth.new) == ("0.2.0", EXPECTED["version"])
    assert journey.end["clerk/_version.py"].decode().endswith('__version__ = "0.3.0"\n')


def test_the_way_back_tells_the_reverse(journey: Journey) -> None:
    expected = {_reverse(effect, line) for effect in ("breaking", "additive", "invisible") for line in EXPECTED[effect]}
    found = {told(change) for change in journey.back.comparison.changes if change.section != "surface"}
    assert found == expected


def test_of_the_surface_only_aliases_of_enums_go_beyond_the_documents(journey: Journey) -> None:
    assert [change for change in journey.forth.comparison.changes if change.section == "surface"] == []
    aliases = {change.subject for change in journey.back.comparison.changes if change.section == "surface"}
    known = re.findall(r"^(\w+) = Literal", journey.start["clerk_generated/enums.py"].decode(), re.MULTILINE)
    assert aliases
    assert aliases <= {f"models.{name}" for name in known}


def test_back_and_forth_is_where_it_began(journey: Journey) -> None:
    changed = {
        name for name in journey.start.keys() | journey.end.keys() if journey.start.get(name) != journey.end.get(name)
    }
    versioned = {"CHANGELOG.md", "clerk/_version.py", "pytest-plugin/pyproject.toml"}
    assert versioned <= changed <= {*versioned, "openapi/lock.json"}  # the lock knows the file it came from


# What a line turns into when the document goes the other way, and what that does to callers.
_REVERSED = [
    (r"(.*: )added(: .*)?", r"\1removed\2", "BREAKING"),
    (r"(.*: )removed", r"\1added", "ADDITIVE"),
    (r"(models\..*: )newly required", r"\1no longer required", "BREAKING"),
    (r"(models\..*: )no longer required", r"\1newly required", "ADDITIVE"),
    (r"(models\..*: )may be `None`", r"\1is no longer `None`", "ADDITIVE"),
    (r"(models\..*: )is no longer `None`", r"\1may be `None`", "BREAKING"),
    (r"(models\..*: value .*) added", r"\1 removed", "INVISIBLE"),
    (r"(.*: )deprecated", r"\1no longer deprecated", "INVISIBLE"),
    (r"(.*: type )(`.*`) is now (`.*`)", r"\1\3 is now \2", "BREAKING"),
    (r"(.*: moved: from )(`.*`) to (`.*`)", r"\1\3 to \2", "INVISIBLE"),
]


def _reverse(effect: str, line: str) -> Told:
    for pattern, replacement, reversed_effect in _REVERSED:
        if found := re.fullmatch(pattern, line):
            return reversed_effect, found.expand(replacement)
    raise AssertionError(f"{effect}: {line}: no way back is known")
