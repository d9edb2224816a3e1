"""Tables, and samples of what the document describes."""

from __future__ import annotations

import httpx
import pytest

from clerk.testing._document.checkers import Checker, translate
from clerk.testing._document.operations import Operation, load_document
from clerk.testing._document.samples import sample
from clerk.testing._store.ids import ksuid
from clerk.testing._store.tables import Journal, Table


@pytest.fixture
def table() -> Table:
    journal = Journal()
    table = Table(journal, "kind")
    for identifier, kind in (("1", "a"), ("2", "b"), ("3", "a")):
        table.add({"id": identifier, "kind": kind})
    journal.commit()
    return table


def _state(table: Table) -> object:
    orders = [[row["id"] for row in table.page("kind", descending=down, offset=0, limit=9)] for down in (True, False)]
    found = {kind: [row["id"] for row in table.find("kind", kind)] for kind in ("a", "b", "c")}
    return [dict(row) for row in table], orders, found, len(table), [row["id"] for row in table.newest(2)]


def test_everything_can_be_taken_back(table: Table) -> None:
    before = _state(table)
    table.remove("2")
    table.change("1", kind="c", more=1)
    table.add({"id": "4", "kind": "a"})
    table.change("4", kind="b")
    table.remove("1")
    assert _state(table) != before
    table._journal.roll_back()
    assert _state(table) == before
    table._journal.roll_back()
    assert _state(table) == before


def test_orders_and_cursors(table: Table) -> None:
    middle = table.get("3")
    assert [row["id"] for row in table.ordered("kind", descending=False)] == ["1", "3", "2"]
    assert [row["id"] for row in table.ordered("kind", descending=False, after=middle)] == ["2"]
    assert [row["id"] for row in table.ordered("kind", descending=True, after=middle)] == ["1"]
    assert [row["id"] for row in table.page("kind", descending=True, offset=5, limit=2)] == []
    assert ("2" in table, "9" in table, table.get("9"), table.get(None)) == (True, False, None, None)
    assert (table.count("kind", "a"), table.count("kind", "z")) == (2, 0)


def test_ids_tell_when_they_were_made() -> None:
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    text = ksuid(1_738_326_896_789)
    number = 0
    for character in text:
        number = number * 62 + digits.index(character)
    assert len(text) == 27
    assert (number >> 128) + 1_400_000_000 == 1_738_326_896


@pytest.mark.parametrize("operation", load_document().operations.values(), ids=lambda operation: operation.id)
def test_there_is_a_sample_of_every_answer(operation: Operation) -> None:
    for status, schema in operation.responses.items():
        if schema is not None:
            value = sample(schema, load_document())
            assert list(Checker(translate(schema)).violations(value)) == [], status


def test_numbers_that_are_no_integers_are_kept(raw: httpx.Client) -> None:
    answer = raw.post("/users", json={"username": "somebody", "public_metadata": {"pi": 3.25}})
    assert answer.json()["public_metadata"] == {"pi": 3.25}
