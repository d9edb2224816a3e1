"""What tables need to be read on a phone: places where names may break, and a label for each cell."""

from __future__ import annotations

import re

# After what joins words, and where a name goes on with a capital letter.
_PLACES = re.compile(r"(?<=[_/.,=({\[|])(?=[^\s_/.,=)}\]&|]|&lt;)|(?<=[a-z])(?=[A-Z])")
_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_ROW = re.compile(r"<tr>.*?</tr>", re.DOTALL)
_HEADING = re.compile(r"<th[^>]*>(.*?)</th>", re.DOTALL)
_CELL = re.compile(r"<td([^>]*)>(.*?)</td>", re.DOTALL)
_CODE = re.compile(r"(<code[^>]*>)(.*?)(</code>)", re.DOTALL)
_TAG = re.compile(r"(<[^>]*>)")
_NARROW = 2  # columns, which fit beside each other on any screen


def for_phones(html: str) -> str:
    """Prepare all tables of a page.

    Names in code may break between their words. The cells of tables with more than two columns get the heading of their
    column as a label, which the style sheet shows where it puts them below each other.
    """
    return _TABLE.sub(lambda table: _prepared(table[0]), html)


def _prepared(table: str) -> str:
    headings = [_TAG.sub("", heading) for heading in _HEADING.findall(table)]
    table = _CODE.sub(lambda code: code[1] + _breakable(code[2]) + code[3], table)
    if len(headings) <= _NARROW:
        return table
    table = _ROW.sub(lambda row: _labelled(row[0], headings), table)
    return table.replace("<table>", f'<table data-columns="{len(headings)}">', 1)


def _breakable(code: str) -> str:
    """Mark where a browser may break code; its tags stay as they are."""
    return "".join(part if part.startswith("<") else _PLACES.sub("<wbr>", part) for part in _TAG.split(code))


def _labelled(row: str, headings: list[str]) -> str:
    labels = iter(headings)
    return _CELL.sub(lambda cell: f'<td{cell[1]} data-label="{next(labels)}">{cell[2]}</td>', row)


__all__ = ["for_phones"]
