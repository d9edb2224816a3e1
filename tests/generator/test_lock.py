from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from generator._errors import BuildError
from generator.document import files, lock

ROOT = Path(__file__).parents[2]

LOCK = lock.Lock(
    api_version="2025-11-10",
    source_sha256="a",
    vendored_sha256=hashlib.sha256(b"vendored").hexdigest(),
    inputs={"openapi/layout.yaml": "c", "generator/templates/model.py.jinja": "b"},
    generator={"ruff": "1.2.3", "openapi-python-client": "4.5.6"},
    counts={"operations": 2, "models": 3, "schemas": 1},
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    lock.write(tmp_path, LOCK)
    (tmp_path / lock.VENDORED).write_bytes(b"vendored")
    return tmp_path


def test_a_lock_is_read_as_it_was_written(project: Path) -> None:
    assert lock.read(project) == LOCK


def test_a_lock_has_sorted_keys_and_ends_its_last_line(project: Path) -> None:
    text = (project / lock.LOCK).read_text()

    assert text == json.dumps(asdict(LOCK), indent=2, sort_keys=True) + "\n"


def test_equal_locks_have_the_same_bytes() -> None:
    reordered = replace(LOCK, inputs=dict(sorted(LOCK.inputs.items())))

    assert lock.serialised(reordered) == lock.serialised(LOCK)


def changed(**fields: Any) -> str:
    return json.dumps({**asdict(LOCK), **fields})


@pytest.mark.parametrize(
    "text", ["[]", "{}", changed(api_version=1), changed(counts=[]), changed(more="x"), changed(inputs=None)]
)
def test_what_is_no_lock_is_refused_with_the_mend(text: str, project: Path) -> None:
    (project / lock.LOCK).write_text(text)

    with pytest.raises(BuildError, match=r"lock\.json: not a lock file of this generator; run `make vendor SPEC="):
        lock.read(project)


def test_a_missing_lock_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"openapi/lock\.json: no such file$"):
        lock.read(tmp_path)


def test_the_vendored_document_is_verified(project: Path) -> None:
    assert lock.verify_vendored(project) == LOCK


def test_an_edited_vendored_document_is_refused(project: Path) -> None:
    (project / lock.VENDORED).write_bytes(b"vendored ")

    with pytest.raises(BuildError, match=r"clerk-bapi\.yaml was edited; run `make vendor`, corrections belong in op"):
        lock.verify_vendored(project)


def test_a_missing_vendored_document_is_named(project: Path) -> None:
    (project / lock.VENDORED).unlink()

    with pytest.raises(BuildError, match=r"clerk-bapi\.yaml: no such file$"):
        lock.verify_vendored(project)


INPUTS = [
    "generator/runtime/client.py",
    "generator/templates/model.py.jinja",
    "openapi/layout.yaml",
    "openapi/overlays/10-facts.yaml",
    "openapi/overlays/90-words.yaml",
]
OTHERS = [
    "README.md",
    "clerk/client.py",
    "generator/rules.py",
    "generator/runtime/__pycache__/client.pyc",
    "generator/runtime/.cache/client.json",
    "generator/runtime/.client.py.swp",
    "generator/runtime/client.py~",
    "openapi/clerk-bapi.yaml",
    "openapi/lock.json",
    "tests/test_rules.py",
]


def test_every_input_is_hashed_and_nothing_else(tmp_path: Path) -> None:
    for name in (*OTHERS, *reversed(INPUTS)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)

    hashes = lock.input_hashes(tmp_path)

    assert list(hashes) == INPUTS
    assert hashes == {name: hashlib.sha256(name.encode()).hexdigest() for name in INPUTS}


def test_a_project_without_inputs_has_no_hashes(tmp_path: Path) -> None:
    assert lock.input_hashes(tmp_path) == {}


def test_the_vendored_document_of_this_project_is_the_locked_one() -> None:
    vendored = files.load(ROOT / lock.VENDORED).value

    assert lock.verify_vendored(ROOT).api_version == vendored["info"]["version"]
