"""The code blocks of the project's pages."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]

_FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,})(?P<language>[\w+-]*)(?P<rest>.*)$")
_TITLE = re.compile(r'\btitle="([^"]+)"')


class Block(NamedTuple):
    """A fenced block.

    Attributes:
        language: What follows the fence.
        title: The name of the file that it stands for, or None.
        text: What it holds.
        line: The line of the page on which its text begins.
    """

    language: str
    title: str | None
    text: str
    line: int


def pages() -> list[str]:
    """Return the paths of all pages, from the project's root."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def blocks(page: str) -> Iterator[Block]:
    """Yield the blocks of a page in order."""
    lines = iter(enumerate((ROOT / page).read_text(encoding="utf-8").splitlines(), start=1))
    for number, line in lines:
        if opened := _FENCE.match(line):
            content = []
            for _, inner in lines:
                if inner.strip() == opened["ticks"]:
                    break
                content.append(inner)
            else:
                raise AssertionError(f"{page}:{number}: this block has no end")
            title = _TITLE.search(opened["rest"])
            text = textwrap.dedent("\n".join(content)) + "\n"
            yield Block(opened["language"], title and title[1], text, number + 1)


def blocks_in(page: str, *languages: str) -> list[Block]:
    """Return the blocks of a page that are in one of these languages."""
    return [block for block in blocks(page) if block.language in languages]
