"""Runs the code in the cells of a table, in any Python: it needs the standard library alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from inspect import CO_COROUTINE
from typing import Any, NamedTuple


class Row(NamedTuple):
    """The code of a row's two cells."""

    theirs: list[str]
    ours: list[str]


def rows_of(page: str) -> Iterator[Row]:
    """Yield the rows of a page's first table, without its head."""
    table = page[page.index("\n|---") :].partition("\n\n")[0].strip().splitlines()[1:]
    for line in table:
        theirs, ours = line.strip("| ").split(" | ")
        yield Row(*(re.findall(r"`([^`]+)`", cell) for cell in (theirs, ours)))


async def run(cells: Iterable[str], names: dict[str, Any]) -> dict[str, Any]:  # what code gives may be anything
    """Run code, an expression or the head of a `with`, and return what each gives; an exception as its text."""
    return {code: await _outcome(code, names) for code in cells}


async def _outcome(code: str, names: dict[str, Any]) -> Any:  # see `run`
    is_statement = code.endswith(":")
    compiled = compile(
        f"{code} pass" if is_statement else code,
        code,
        "exec" if is_statement else "eval",
        flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT,
        dont_inherit=True,
    )
    try:
        value = eval(compiled, dict(names))
        if compiled.co_flags & CO_COROUTINE:
            value = await value
    except Exception as error:  # noqa: BLE001  # the test says which cell it was
        return f"{type(error).__name__}: {error}"
    return value if value is None or isinstance(value, bool | int) else type(value).__name__


__all__ = ["Row", "rows_of", "run"]
