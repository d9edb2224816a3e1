"""Takes a scratch copy of this project back to a frozen document and forth to that of today, and checks the result.

What the way back takes out, names and words and places in the layout, the way forth has to propose: so it is a bump to
a document that nobody has seen. Run as `python -m tests.bump_check`, from the project's root.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
OLDER = ROOT / "tests/data/openapi-2025-11-10/clerk-bapi.yaml"
NEWER = ROOT / "openapi/clerk-bapi.yaml"  # the vendored one, so that the check moves with it
CHECKS = {
    "check-generated": ("-m", "generator", "regenerate", "--check"),
    "tests/operations": ("-m", "pytest", "-q", "tests/operations"),
    "mypy": ("-m", "mypy"),
    "pyright": ("-m", "pyright"),
}


def main() -> int:
    """Run the check; return the exit code."""
    with tempfile.TemporaryDirectory(prefix="bump-check-") as folder:
        tree = Path(folder, "tree")
        _copy(tree)
        _run(tree, "back", "-m", "generator", "bump", str(OLDER), "--accept", "--force")
        _commit(tree)
        _run(tree, "forth", "-m", "generator", "bump", str(NEWER), "--accept")
        _commit(tree)
        if (ROOT / ".venv").exists():
            (tree / ".venv").symlink_to((ROOT / ".venv").resolve())  # where pyright looks for packages
        failed = [name for name, arguments in CHECKS.items() if not _run(tree, name, *arguments, must_pass=False)]
    _say("after the bump failed: " + ", ".join(failed) if failed else "the bump ends green")
    return 1 if failed else 0


def _copy(tree: Path) -> None:
    """Copy what git knows or would add, and commit it."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    _git(tree, "init", "--quiet")
    _commit(tree)


def _commit(tree: Path) -> None:
    _git(tree, "add", "--all")
    _git(tree, "commit", "--quiet", "--message", "All of it")


def _git(tree: Path, *arguments: str) -> None:
    environment = {
        **os.environ,
        **{f"GIT_{role}_{what}": "check@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
    }
    subprocess.run(["git", "-C", str(tree), *arguments], env=environment, check=True)


def _run(tree: Path, name: str, *arguments: str, must_pass: bool = True) -> bool:
    begin = time.monotonic()
    _say(f"== {name}")
    done = subprocess.run([sys.executable, *arguments], cwd=tree, check=must_pass)
    _say(f"== {name}: exit code {done.returncode} after {time.monotonic() - begin:.0f} s")
    return done.returncode == 0


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  # it is a program


if __name__ == "__main__":
    sys.exit(main())
