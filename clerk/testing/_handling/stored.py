"""Resources without a behaviour of their own: what is created is kept and given back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._answers import JSON, not_found
from .._document.checkers import answer_checker
from .._document.operations import Operation, load_document
from .._document.samples import sample
from .._store.tables import Record, Table
from .call import Call, answers
from .listing import page


@dataclass(frozen=True)
class Resource:
    """A kind of resource, and the operations that work on it.

    Attributes:
        name: What messages call it.
        prefix: What its ids begin with.
        create: The operation that makes one.
        listing: The operation that lists them.
        get: The operation that reads one.
        update: The operation that changes one.
        delete: The operation that deletes one.
    """

    name: str
    prefix: str
    create: str
    listing: str
    get: str
    update: str
    delete: str

    def register(self) -> None:
        """Have the operations answered."""
        for operation_id, handler in (
            (self.create, self._create),
            (self.listing, self._list),
            (self.get, self._get),
            (self.update, self._update),
            (self.delete, self._delete),
        ):
            answers(operation_id, kind="stored")(handler)

    def table(self, call: Call) -> Table:
        """Return the table that holds them."""
        return call.state.stored(self.name)

    def find(self, call: Call, identifier: str | None = None) -> Record:
        """Return the one that a request is about.

        Raises:
            RefusalError: There is none.
        """
        identifier = identifier or next(iter(call.path.values()))
        record = self.table(call).get(identifier)
        if record is None:
            raise not_found(self.name, identifier)
        return record

    def add(self, call: Call, **fields: JSON) -> Record:
        """Keep a new one that is made from a request."""
        record = call.state.stamped(self.prefix, **fields)
        return self.table(call).add({**shaped(call.operation, {**call.body, **record}), **record})

    def _create(self, call: Call) -> JSON:
        return shaped(call.operation, self.add(call))

    def _list(self, call: Call) -> JSON:
        filters = {
            name: value for name, value in call.query.items() if name not in ("limit", "offset", "order_by", "query")
        }
        records = [record for record in self.table(call).newest() if _fits(record, filters)]
        document = load_document()
        data = document.flat(document.flat(call.operation.answer_schema or {})["properties"]["data"])
        return page(call, records, lambda record: _keep(record, data["items"]))

    def _get(self, call: Call) -> JSON:
        return shaped(call.operation, self.find(call))

    def _update(self, call: Call) -> JSON:
        record = self.find(call)
        self.table(call).change(
            record["id"], **{**shaped(call.operation, record, call.body), "updated_at": call.state.now()}
        )
        return shaped(call.operation, record)

    def _delete(self, call: Call) -> JSON:
        record = self.table(call).remove(self.find(call)["id"])
        return {"object": record.get("object", self.name), "id": record["id"], "deleted": True}


def shaped(operation: Operation, *layers: Record) -> Record:
    """Return what an operation answers, with as many of some fields as the document has room for.

    Args:
        operation: The operation.
        *layers: The fields; where the document doesn't allow the value of a later layer, an earlier one's stays.
    """
    document = load_document()
    schema = document.flat(operation.answer_schema or {})
    checker = answer_checker(operation.id, operation.status)
    assert checker is not None
    names = {*schema.get("properties", {}), *schema.get("required", [])}
    answer: Record = sample(schema, document)
    for layer in layers:
        for name in sorted(names & layer.keys()):
            if not any(checker.faults({**answer, name: layer[name]})):
                answer[name] = layer[name]
    return answer


def sampled(call: Call) -> JSON:
    """Return a value that the document allows as an answer; where it has an id, the one that was asked for."""
    schema = call.operation.answer_schema
    if schema is None:
        return "<!doctype html><title>Local Clerk</title>" if call.operation.media_type else None
    value = sample(schema, load_document())
    if call.path and isinstance(value, dict) and isinstance(value.get("id"), str):
        value["id"] = list(call.path.values())[-1]
    return value


def _keep(record: Record, schema: dict[str, Any]) -> Record:  # a schema holds JSON values
    document = load_document()
    item = document.flat(schema)
    known = {*item.get("properties", {}), *item.get("required", [])}
    return {name: value for name, value in record.items() if name in known}


def _fits(record: Record, filters: dict[str, JSON]) -> bool:
    return all(
        record.get(name) in value if isinstance(value, list) else record.get(name) == value
        for name, value in filters.items()
    )
