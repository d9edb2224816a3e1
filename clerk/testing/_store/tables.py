"""Tables in memory: rows by id, found by indexed fields, read in order page by page."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Literal, NamedTuple

Record = dict[str, Any]  # a row has JSON values; names that start with an underscore are never shown
_Key = tuple[bool, Any]  # the values of one field can be compared with each other
_Entry = tuple[_Key, int, str]


class Change(NamedTuple):
    """What a request did to a record.

    Attributes:
        table: The record's table.
        record: The record in its current state.
        kind: What was done.
        before: For a change, the former values of the changed fields.
    """

    table: Table
    record: Record
    kind: Literal["added", "changed", "removed"]
    before: Record


class Journal:
    """What a request has changed so far, and how to undo it.

    Attributes:
        changes: The changes, in their order.
    """

    def __init__(self) -> None:
        self._undo: list[Callable[[], object]] = []
        self.changes: list[Change] = []

    def note(self, change: Change, undo: Callable[[], object]) -> None:
        """Record a change, and how to undo it."""
        self.changes.append(change)
        self._undo.append(undo)

    def commit(self) -> None:
        """Commit the changes."""
        self._undo.clear()
        self.changes.clear()

    def roll_back(self) -> None:
        """Undo the changes, the latest first."""
        steps, self._undo = self._undo, []
        for step in reversed(steps):
            step()
        self.commit()  # undoing is recorded as well


def _age(record: Record) -> int:
    sequence: int = record["_sequence"]
    return sequence


class _Order:
    """The ids of a table, sorted by one field, and by age if that is equal."""

    def __init__(self, field: str, rows: Iterable[Record]) -> None:
        self._field = field
        self.entries: list[_Entry] = sorted(self.entry(row) for row in rows)

    def entry(self, row: Record) -> _Entry:
        value = row.get(self._field)
        return (value is not None, "" if value is None else value), row["_sequence"], row["id"]

    def add(self, row: Record) -> None:
        entry = self.entry(row)
        if not self.entries or self.entries[-1] < entry:
            self.entries.append(entry)
        else:
            insort(self.entries, entry)

    def position(self, row: Record) -> int:
        return bisect_left(self.entries, self.entry(row))

    def discard(self, row: Record) -> None:
        del self.entries[self.position(row)]


class Table:
    """The records of one kind.

    Reading a page, in any order, costs as much as the page is long. The first page in an order, or one after an `add`
    outside that order, costs a sort.

    Args:
        journal: Where changes are recorded.
        indexed: The fields that `find` can search by.
    """

    def __init__(self, journal: Journal, *indexed: str) -> None:
        self._journal = journal
        self._rows: dict[str, Record] = {}
        self._indexes: dict[str, dict[Any, dict[str, None]]] = {name: {} for name in indexed}  # values are hashable
        self._orders: dict[str, _Order] = {}
        self._sequence = 0

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._rows

    def __iter__(self) -> Iterator[Record]:
        return iter(self._rows.values())

    def get(self, identifier: str | None) -> Record | None:
        """Return the record with an id, or None."""
        return None if identifier is None else self._rows.get(identifier)

    def add(self, record: Record) -> Record:
        """Add a record, which must have an `id`."""
        self._sequence += 1
        record["_sequence"] = self._sequence
        self._put(record)
        self._journal.note(Change(self, record, "added", {}), lambda: self._take(record["id"]))
        return record

    def change(self, identifier: str, **changes: Any) -> Record:  # JSON values
        """Change fields of a record."""
        record = self._rows[identifier]
        before = {name: record[name] for name in changes if name in record}
        added = [name for name in changes if name not in record]
        self._set(record, changes, ())
        self._journal.note(Change(self, record, "changed", before), lambda: self._set(record, before, added))
        return record

    def remove(self, identifier: str) -> Record:
        """Remove a record and return it."""
        record = self._take(identifier)
        self._journal.note(Change(self, record, "removed", {}), lambda: self._put_back(record))
        return record

    def find(self, field: str, value: Any) -> list[Record]:  # a hashable JSON value
        """Return the records with a value in an indexed field, oldest first."""
        found = [self._rows[identifier] for identifier in self._indexes[field].get(value, ())]
        return found if len(found) < 2 else sorted(found, key=_age)

    def count(self, field: str, value: Any) -> int:  # a hashable JSON value
        """Return the number of records with a value in an indexed field."""
        return len(self._indexes[field].get(value, ()))

    def page(self, field: str, *, descending: bool, offset: int, limit: int) -> list[Record]:
        """Return some records in the order of a field."""
        entries = self._order(field).entries
        if descending:
            end = max(0, len(entries) - offset)
            entries = entries[max(0, end - limit) : end]
            entries.reverse()
        else:
            entries = entries[offset : offset + limit]
        return [self._rows[identifier] for _, _, identifier in entries]

    def ordered(self, field: str, *, descending: bool, after: Record | None = None) -> Iterator[Record]:
        """Return the records in the order of a field.

        Args:
            field: The field.
            descending: Whether the greatest value comes first.
            after: The record to start after.
        """
        order = self._order(field)
        entries = order.entries
        if descending:
            start = len(entries) if after is None else order.position(after)
            positions: Iterable[int] = range(start - 1, -1, -1)
        else:
            start = 0 if after is None else order.position(after) + 1
            positions = range(start, len(entries))
        return (self._rows[entries[position][2]] for position in positions)

    def newest(self, limit: int | None = None) -> list[Record]:
        """Return the records, the one added last first."""
        return list(islice(reversed(self._rows.values()), limit))

    def _order(self, field: str) -> _Order:
        order = self._orders.get(field)
        if order is None:
            order = self._orders[field] = _Order(field, self._rows.values())
        return order

    def _put_back(self, record: Record) -> None:
        self._put(record)
        self._rows = dict(sorted(self._rows.items(), key=lambda item: _age(item[1])))

    def _put(self, record: Record) -> None:
        self._rows[record["id"]] = record
        for name in self._indexes:
            self._enter(name, record)
        for order in self._orders.values():
            order.add(record)

    def _take(self, identifier: str) -> Record:
        record = self._rows.pop(identifier)
        for name in self._indexes:
            self._leave(name, record)
        for order in self._orders.values():
            order.discard(record)
        return record

    def _set(self, record: Record, changes: Record, dropped: Iterable[str]) -> None:
        touched = {*changes, *dropped}
        indexes = [name for name in self._indexes if name in touched]
        orders = [self._orders[name] for name in self._orders if name in touched]
        for name in indexes:
            self._leave(name, record)
        for order in orders:
            order.discard(record)
        record.update(changes)
        for name in dropped:
            del record[name]
        for name in indexes:
            self._enter(name, record)
        for order in orders:
            order.add(record)

    def _enter(self, name: str, record: Record) -> None:
        value = record.get(name)
        if value is not None:
            self._indexes[name].setdefault(value, {})[record["id"]] = None

    def _leave(self, name: str, record: Record) -> None:
        value = record.get(name)
        if value is not None:
            holders = self._indexes[name][value]
            del holders[record["id"]]
            if not holders:
                del self._indexes[name][value]
