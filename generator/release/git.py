"""Asks git about the project: whether the tree is clean, the last release, and the files at that time."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import NamedTuple

from .._errors import BuildError
from ..document.files import one_line
from .versions import Version, parse


class Release(NamedTuple):
    """A released version and its tag."""

    version: Version
    tag: str


def refuse_changes(root: Path) -> None:
    """Refuse a tree with uncommitted changes.

    Raises:
        BuildError: There are uncommitted changes, or it is not a git work tree.
    """
    status = _git(root, "status", "--porcelain", "--untracked-files=normal", "--", ".").decode()
    changed = [line[3:] for line in status.splitlines()]
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise BuildError(f"the tree is not clean: {changed[0]}{more}; commit or discard the changes first")


def last_release(root: Path) -> Release | None:
    """Return the highest version that a tag `v1.2.3` in the history of the tree names; None without one."""
    tags = _git(root, "tag", "--list", "v*", "--merged", "HEAD").decode().split()
    releases = [Release(parse(tag[1:]), tag) for tag in tags if re.fullmatch(r"v\d+\.\d+\.\d+", tag)]
    return max(releases, default=None)


def commit_time(root: Path) -> str:
    """Return when the last commit was made, in seconds since the Unix epoch."""
    return _git(root, "log", "-1", "--format=%ct").decode().strip()


def export(root: Path, revision: str, into: Path) -> None:
    """Write the files of a revision into a folder.

    Raises:
        BuildError: There is no such revision.
    """
    into.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(_git(root, "archive", "--format=tar", revision))) as archive:
        archive.extractall(into, filter="data")


def _git(root: Path, *arguments: str) -> bytes:
    git = shutil.which("git")
    if git is None:
        raise BuildError("git is not installed, and this needs it")
    done = subprocess.run([git, "-C", str(root), *arguments], capture_output=True, check=False)
    if done.returncode != 0:
        raise BuildError(f"git {arguments[0]}: {one_line(done.stderr.decode(errors='replace'))}")
    return done.stdout


__all__ = ["Release", "commit_time", "export", "last_release", "refuse_changes"]
