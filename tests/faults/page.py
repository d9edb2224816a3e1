"""Writes the table of faults into the documentation: `python -m tests.faults.page`."""

from __future__ import annotations

from tests.faults.table import markdown
from tests.faults.test_faults import BEGIN, END, PAGE


def write() -> None:
    """Put the table between its marks."""
    before, begin, rest = PAGE.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"error: {PAGE} lacks {BEGIN.strip()} or {END}")
    PAGE.write_text(f"{before}{begin}\n{markdown()}\n{end}{after}")


if __name__ == "__main__":
    write()
