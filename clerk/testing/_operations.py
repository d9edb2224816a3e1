"""How each operation is answered: with the service's behaviour, from a plain store, or with a sample."""

from __future__ import annotations

from ._core import handler_of
from ._document.operations import load_document

_HEAD = ("Operation", "Method and path", "Answers")


def operation_table() -> str:
    """Return a table in Markdown: operation, method and path, and `stateful`, `stored` or `sample`."""
    rows = [
        (f"`{operation.id}`", f"`{operation.method} {operation.path}`", handler_of(operation)[0])
        for operation in sorted(load_document().operations.values(), key=lambda one: (one.path, one.method))
    ]
    lines = [_HEAD, ("---", "---", "---"), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
