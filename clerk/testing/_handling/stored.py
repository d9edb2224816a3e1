"""Resources without behaviour of their own: what is created is stored and returned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._answers import JSON, not_found
from .._document.checkers import answer_checker
from .._document.operations import Operation, load_document
from .._document.samples import sample
from .._store.tables import Record, Table
from .listing import page
from .request import CheckedRequest, answers


@dataclass(frozen=True)
class Resource:
    """A kind of resource, and the operations that work on it.

    Attributes:
        name: Its name in messages.
        prefix: The prefix of its ids.
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
        """Register handlers for the operations."""
        for operation_id, handler in (
            (self.create, self._create),
            (self.listing, self._list),
            (self.get, self._get),
            (self.update, self._update),
            (self.delete, self._delete),
        ):
            answers(operation_id, kind="stored")(handler)

    def table(self, request: CheckedRequest) -> Table:
        """Return the table that holds them."""
        return request.state.stored(self.name)

    def find(self, request: CheckedRequest, identifier: str | None = None) -> Record:
        """Return the one that a request is about.

        Raises:
            RefusalError: It does not exist.
        """
        identifier = identifier or next(iter(request.path.values()))
        record = self.table(request).get(identifier)
        if record is None:
            raise not_found(self.name, identifier)
        return record

    def add(self, request: CheckedRequest, **fields: JSON) -> Record:
        """Store a new one, made from a request."""
        record = request.state.stamped(self.prefix, **fields)
        return self.table(request).add({**shaped(request.operation, {**request.body, **record}), **record})

    def _create(self, request: CheckedRequest) -> JSON:
        return shaped(request.operation, self.add(request))

    def _list(self, request: CheckedRequest) -> JSON:
        filters = {
            name: value for name, value in request.query.items() if name not in ("limit", "offset", "order_by", "query")
        }
        records = [record for record in self.table(request).newest() if _fits(record, filters)]
        document = load_document()
        data = document.flat(document.flat(request.operation.answer_schema or {})["properties"]["data"])
        return page(request, records, lambda record: _keep(record, data["items"]))

    def _get(self, request: CheckedRequest) -> JSON:
        return shaped(request.operation, self.find(request))

    def _update(self, request: CheckedRequest) -> JSON:
        record = self.find(request)
        self.table(request).change(
            record["id"], **{**shaped(request.operation, record, request.body), "updated_at": request.state.now()}
        )
        return shaped(request.operation, record)

    def _delete(self, request: CheckedRequest) -> JSON:
        record = self.table(request).remove(self.find(request)["id"])
        return {"object": record.get("object", self.name), "id": record["id"], "deleted": True}


def shaped(operation: Operation, *layers: Record) -> Record:
    """Return the response of an operation, with as many of the given fields as the document allows.

    Args:
        operation: The operation.
        *layers: The fields; if the document doesn't allow the value in a later layer, that of an earlier one stays.
    """
    document = load_document()
    schema = document.flat(operation.answer_schema or {})
    checker = answer_checker(operation.id, operation.status)
    assert checker is not None
    names = {*schema.get("properties", {}), *schema.get("required", [])}
    answer: Record = sample(schema, document)
    for layer in layers:
        for name in sorted(names & layer.keys()):
            if not any(checker.violations({**answer, name: layer[name]})):
                answer[name] = layer[name]
    return answer


def sampled(request: CheckedRequest) -> JSON:
    """Return a response that the document allows; if it has an id, the one that was asked for."""
    schema = request.operation.answer_schema
    if schema is None:
        return "<!doctype html><title>Local Clerk</title>" if request.operation.media_type else None
    value = sample(schema, load_document())
    if request.path and isinstance(value, dict) and isinstance(value.get("id"), str):
        value["id"] = list(request.path.values())[-1]
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
