"""Reads and writes points in time and dates in the formats of the API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from .model import Mismatch


class WrittenDatetime(datetime):
    """A point in time that keeps its original text, because writing it again would give another."""

    written: str

    def __reduce_ex__(self, protocol: object) -> tuple[Any, ...]:
        return (read_datetime, (self.written,))


def read_datetime(text: Any) -> datetime:
    """Read RFC 3339 text as an aware datetime; raise `Mismatch` for anything else."""
    from dateutil.parser import isoparse

    if type(text) is not str:
        raise Mismatch
    try:
        moment = isoparse(text)
    except (ValueError, OverflowError):
        raise Mismatch from None
    if moment.utcoffset() is None or "T" not in text.upper():
        raise Mismatch
    if format_rfc3339(moment) == text:
        return moment
    remembered = WrittenDatetime(
        moment.year,
        moment.month,
        moment.day,
        moment.hour,
        moment.minute,
        moment.second,
        moment.microsecond,
        moment.tzinfo,
        fold=moment.fold,
    )
    remembered.written = text
    return remembered


def read_date(text: Any) -> date:
    """Read `YYYY-MM-DD` as a date; raise `Mismatch` for anything else."""
    if type(text) is not str:
        raise Mismatch
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Mismatch from None
    if day.isoformat() != text:  # another format of ISO 8601
        raise Mismatch
    return day


def format_rfc3339(moment: datetime) -> str:
    """Write an aware datetime as RFC 3339 text: `Z` for UTC, and no more digits than necessary."""
    written = datetime.isoformat(moment)  # not the method of a subclass, which may write more digits
    if moment.microsecond:
        whole, fraction = written[:19], written[20:26].rstrip("0")
        written = f"{whole}.{fraction}{written[26:]}"
    return written.removesuffix("+00:00") + "Z" if written.endswith("+00:00") else written


__all__ = ["WrittenDatetime", "format_rfc3339", "read_date", "read_datetime"]
