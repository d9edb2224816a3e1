"""Type-checks the public typing tests of the last release against a new tree: what users wrote must still pass."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .._errors import BuildError
from ..document.files import one_line
from .changes import Change, Effect

_MypyError = tuple[str, str]  # where, and what
_FOLDER = Path("tests/typing")
_ERROR = re.compile(r"^(?P<file>[^:\n]+):(?P<line>\d+): error: (?P<message>.*)$", re.MULTILINE)


def check(old: Path, new: Path) -> Iterator[Change]:
    """Check the typing tests of one tree with the packages of another.

    Args:
        old: The root of the tree with the tests.
        new: The root of the tree with the packages.

    Yields:
        The errors that the type checker reports now, and didn't before.

    Raises:
        BuildError: The type checker crashed.
    """
    files = sorted((old / _FOLDER).glob("*.py"))
    with tempfile.TemporaryDirectory() as cache:  # for what both trees import
        errors = _errors(old, new, files, cache) if files else []
        known = {subject for subject, _ in _errors(old, old, files, cache)} if errors else set[str]()
    for subject, message in errors:
        if subject not in known:
            yield Change("typing", subject, message, Effect.BREAKING)


def _errors(old: Path, packages: Path, files: list[Path], cache: str) -> list[_MypyError]:
    command = (sys.executable, "-m", "mypy", "--strict", "--config-file=", "--follow-imports=silent")
    options = ("--no-error-summary", "--hide-error-context", "--cache-dir", cache)
    done = subprocess.run(
        [*command, *options, "--", *(one.name for one in files)],
        cwd=old / _FOLDER,
        env={**os.environ, "MYPYPATH": str(packages), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise BuildError(f"mypy crashed: {one_line(done.stdout + done.stderr)}")
    return [
        (f"{_FOLDER.as_posix()}/{found['file']}:{found['line']}", found["message"])
        for found in _ERROR.finditer(done.stdout)
    ]


__all__ = ["check"]
