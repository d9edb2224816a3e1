"""Finds changes of the API's URLs, which clients don't follow automatically."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..document.walk import Document, operations
from .changes import Change, Effect


def compare(old: Document, new: Document) -> Iterator[Change]:
    """Compare the URLs of two documents.

    Args:
        old: The old document.
        new: The new document.

    Yields:
        The URLs that changed: of the API as a whole, of a path, of an operation.
    """
    before, now = dict(_urls(old)), dict(_urls(new))
    for subject in sorted(before.keys() & now.keys()):
        if before[subject] != now[subject]:
            what = f"served at {_written(now[subject])}, no longer at {_written(before[subject])}"
            yield Change("operation", subject, f"{what}; the default of `api_url` has to follow", Effect.BREAKING)


def _urls(document: Document) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "the API", _of(document)
    for path, method, operation in operations(document):
        item = document["paths"][path]
        yield f"{method.upper()} {path}", _of(operation) or _of(item)


def _of(holder: dict[str, Any]) -> tuple[str, ...]:
    return tuple(server["url"] for server in holder.get("servers", []))


def _written(urls: tuple[str, ...]) -> str:
    return " or ".join(f"`{url}`" for url in urls) or "the URL of the API"


__all__ = ["compare"]
