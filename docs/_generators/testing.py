"""The tables of what the local service does, as it says itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def operations(root: Path) -> str:
    """Return the Markdown that `python -m clerk.testing --table` prints."""
    return _printed(root, "--table")


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
