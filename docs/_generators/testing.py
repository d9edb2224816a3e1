"""The table of what the local service does for each operation, as it says itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def operations(root: Path) -> str:
    """Return the Markdown that `python -m clerk.testing --table` prints."""
    done = subprocess.run(
        [sys.executable, "-m", "clerk.testing", "--table"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"python -m clerk.testing --table failed:\n{done.stderr}")
    return done.stdout


__all__ = ["operations"]
