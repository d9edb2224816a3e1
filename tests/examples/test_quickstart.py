from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from examples import on_local_clerk


def test_the_quickstart_tells_its_story() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "examples.on_local_clerk", "examples/quickstart.py"],
        cwd=on_local_clerk.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    for told in (
        "There are 3 users:",
        "Created Ada Byron, user_",
        "Updated: now Ada Lovelace",
        "Caught NotFoundError: 404 GET /v1/users/user_missing: resource_not_found",
        "There are 4 users:",
        "Updated: now Joan Clarke",
    ):
        assert told in done.stdout


def test_the_exit_code_is_that_of_the_script(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("raise SystemExit(7)")
    assert on_local_clerk.run(str(script)) == 7
