"""The lock files are complete: whoever installs them asks nobody what else is needed."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from requirements.record import (
    FOLDER,
    RECORD,
    Record,
    environments,
    lock_files,
    pins,
    pins_for,
    supported_pythons,
    what_is_missing,
)

LOCK_FILES = lock_files()
# The extras that the tests of clerk.integrations use.
TESTED_EXTRAS = ("auth", "django", "drf", "fastapi", "flask", "starlette")


def recorded() -> Record:
    record: Record = json.loads(RECORD.read_text(encoding="utf-8"))
    return record


def test_each_is_compiled_from_a_file() -> None:
    assert [lock.with_suffix(".in") for lock in LOCK_FILES] == sorted(FOLDER.glob("*.in"))


def test_every_supported_python_is_looked_at() -> None:
    assert supported_pythons() == ["3.11", "3.12", "3.13", "3.14"]


@pytest.mark.parametrize("lock", LOCK_FILES, ids=lambda lock: lock.name)
def test_all_that_a_pin_requires_is_pinned(lock: Path) -> None:
    assert what_is_missing(lock, recorded()) == []


@pytest.mark.parametrize("lock", LOCK_FILES, ids=lambda lock: lock.name)
def test_every_pin_has_hashes(lock: Path) -> None:
    assert pins(lock)
    assert not [pin.key for pin in pins(lock) if not pin.hashes or not all(len(one) == 71 for one in pin.hashes)]


def test_nothing_else_is_recorded() -> None:
    assert set(recorded()) == {pin.key for lock in LOCK_FILES for pin in pins_for(lock, environments())}


def test_the_frameworks_are_tested_at_the_lower_bounds_of_the_extras() -> None:
    extras = tomllib.loads((FOLDER.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    declared = [Requirement(line) for extra in TESTED_EXTRAS for line in extras[extra]]
    bounds = {
        canonicalize_name(item.name): item.specifier for item in declared if not item.name.startswith("clerk-client")
    }
    locked = {pin.name: pin.version for pin in pins(FOLDER / "frameworks-lowest.txt")}
    assert {"django", "djangorestframework", "fastapi", "flask", "starlette"} <= set(bounds)
    assert {name: SpecifierSet(f">={locked[name]}") for name in bounds} == bounds


def written(folder: Path, asked_for: str, locked: str) -> Path:
    (folder / "a.in").write_text(asked_for)
    (folder / "a.txt").write_text(locked)
    return folder / "a.txt"


@pytest.mark.parametrize(
    ("asked_for", "locked", "complaint"),
    [
        ("outer", "outer==1", "outer==1 needs inner; python_version >= '3.13' on Python 3.13.0, Linux"),
        ("outer", "outer==1\ninner==1 ; python_version < '3.14'", "inner; python_version >= '3.13' on Python 3.14.0"),
        ("outer", "outer==1\ninner==1 ; sys_platform == 'linux'", "on Python 3.13.0, Darwin"),
        ("outer[more]", "outer==1\ninner==1", "outer==1 needs third>=2; extra == 'more' on Python 3.11.0"),
        ("outer[more]", "outer==1\ninner==1\nthird==1", "on Python 3.11.0, Linux, not 1"),
        ("by-extra", "outer==1\ninner==1\nby-extra==1", "outer==1 needs third>=2; extra == 'more' on Python 3.11.0"),
        ("only-new", "only-new==1", "only-new==1 is not for Python 3.11.0"),
        ("other", "outer==1\ninner==1", "a.in needs other on Python 3.11.0"),
        ("unknown", "unknown==1", "nobody has recorded what unknown==1 requires"),
    ],
)
def test_a_gap_is_found(asked_for: str, locked: str, complaint: str, tmp_path: Path) -> None:
    record: Record = {
        "outer==1": {"requires_dist": ["inner; python_version >= '3.13'", "third>=2; extra == 'more'"]},
        "by-extra==1": {"requires_dist": ["Outer[more]"]},
        "inner==1": {},
        "third==1": {},
        "only-new==1": {"requires_python": ">=3.11.5"},
    }

    found = what_is_missing(written(tmp_path, asked_for, locked), record)

    assert any(complaint.replace("'", '"') in line for line in found), found
