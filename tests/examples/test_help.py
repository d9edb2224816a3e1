"""`--help` says what an example takes, and does nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
SCRIPTS = sorted(path.name for path in EXAMPLES.glob("*.py") if path.name != "__init__.py")


@pytest.mark.parametrize("script", SCRIPTS)
def test_an_example_lists_its_options(script: str) -> None:
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / script), "--help"],
        cwd=EXAMPLES.parent,
        env={"PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"usage: {script} ")


def test_every_example_has_a_row_on_its_page() -> None:
    page = (EXAMPLES.parent / "docs/examples.md").read_text(encoding="utf-8")
    assert {script for script in SCRIPTS if f"| `examples/{script}` | " not in page} == set()
