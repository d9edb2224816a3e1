"""The tables of what the local service does, as it says itself."""

from __future__ import annotations

import subprocess
import sys
from itertools import groupby
from pathlib import Path

from .folds import counted, folded


def operations(root: Path) -> str:
    """Return the table that `python -m clerk.testing --table` prints, folded by the first word of the path."""
    head, line, *rows = _printed(root, "--table").splitlines()
    parts: list[str] = []
    for name, group in groupby(rows, lambda row: row.partition(" /")[2].partition("`")[0].partition("/")[0]):
        found = list(group)
        parts += folded(f"`/{name}`: {counted(len(found), 'operation')}", [head, line, *found])
    return "\n".join(parts)


def events(root: Path) -> str:
    """Return the Markdown that `python -m clerk.testing --events` prints."""
    return _printed(root, "--events")


def _printed(root: Path, option: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "clerk.testing", option],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"python -m clerk.testing {option} failed:\n{done.stderr}")
    return done.stdout


__all__ = ["events", "operations"]
