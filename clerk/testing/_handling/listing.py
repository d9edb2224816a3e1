"""Pages of lists, in the requested order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from .._answers import JSON, refusal
from .._store.tables import Record
from .request import CheckedRequest

Render = Callable[[Record], JSON]


def page(request: CheckedRequest, records: Sequence[Record], render: Render, *, key: str = "data") -> JSON:
    """Return a page of records, and how many there are in total."""
    return {key: [render(record) for record in cut(request, records)], "total_count": len(records)}


def bare_page(request: CheckedRequest, records: Sequence[Record], render: Render) -> JSON:
    """Return a page of records as an array, or with the total if `paginated` asks for it."""
    if request.query.get("paginated"):
        return page(request, records, render)
    return [render(record) for record in cut(request, records)]


def cut(request: CheckedRequest, records: Sequence[Record]) -> Sequence[Record]:
    """Return the records that `limit` and `offset` ask for."""
    offset = request.query.get("offset", 0)
    return records[offset : offset + request.query["limit"]] if "limit" in request.query else records[offset:]


def order_of(request: CheckedRequest, allowed: Iterable[str], default: str = "-created_at") -> tuple[str, bool]:
    """Return the field of `order_by`, and whether the greatest value comes first.

    Raises:
        RefusalError: Records can't be ordered by it.
    """
    text: str = request.query.get("order_by") or default
    field = text[1:] if text[0] in "+- " else text  # a plus sign that was not percent-encoded arrives as a space
    if field not in allowed:
        raise refusal(
            "form_param_value_invalid",
            f"order_by must be one of {', '.join(sorted(allowed))}, optionally with + or - before it.",
            parameter="order_by",
        )
    return field, text.startswith("-")


def sort(
    request: CheckedRequest, records: Iterable[Record], allowed: Iterable[str], default: str = "-created_at"
) -> list[Record]:
    """Return records in the order of `order_by`, and by age if they are equal in that."""
    field, descending = order_of(request, allowed, default)

    def place(record: Record) -> tuple[bool, JSON, int]:
        value = record.get(field)
        return value is not None, "" if value is None else value, record["_sequence"]

    return sorted(records, key=place, reverse=descending)


def matches(text: str | None, record: Record, *fields: str) -> bool:
    """Return whether a text is a record's id, or occurs in one of some fields, in any letter case."""
    if not text or text == record["id"]:
        return True
    wanted = text.lower()
    return any(wanted in str(record.get(name) or "").lower() for name in fields)
