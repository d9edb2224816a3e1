"""Checks that a tree can be released, and puts the files that were checked into `dist/`."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from .. import build
from .._errors import BuildError
from ..document import files
from . import distribution, drafts, git, versions


def check(root: Path, tag: str | None = None) -> str:
    """Check a tree, and build wheels and sdists of the client and of its pytest plugin.

    Args:
        root: The project's root, the top of a git work tree.
        tag: The tag of the release, if any; it must match the version.

    Returns:
        What was checked, one line each.

    Raises:
        BuildError: The tree can't be released; all problems that show before the build are listed.
    """
    version = versions.text_of(versions.current(root))
    problems = _problems(
        lambda: git.refuse_changes(root),
        lambda: _check_lock(root),
        lambda: check_changelog(root, version),
        lambda: check_words(root),
        lambda: check_tag(tag, version),
        lambda: check_plugin(root, version),
    )
    if problems:
        raise BuildError("can't be released:\n" + "\n".join(f"  {problem}" for problem in problems))
    with tempfile.TemporaryDirectory(prefix="release-") as folder:
        checked = _checked_files(root, version, Path(folder))
    listed = [f"  {path.relative_to(root)}" for path in checked]
    return "\n".join([f"clerk-client {version} can be released:", *listed])


def check_changelog(root: Path, version: str) -> None:
    """Check that the changelog's newest entry is that of the version, with a date, and nothing is unreleased.

    Raises:
        BuildError: It is not.
    """
    path = versions.CHANGELOG
    entries = versions.changelog_entries(files.read_bytes(root / path).decode())
    if entries and entries[0].title == versions.UNRELEASED:
        waiting, entries = entries[0], entries[1:]
        if waiting.body:
            raise BuildError(f"{path}: [{versions.UNRELEASED}] is not empty: move its content to [{version}]")
    if not entries or entries[0].title != version:
        found = f"[{entries[0].title}]" if entries else "none"
        raise BuildError(f"{path}: the newest entry is {found}, and {versions.VERSION_FILE} says {version}")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", entries[0].day or ""):
        raise BuildError(f"{path}: [{version}] has no date; write: ## [{version}] - YYYY-MM-DD")
    if not entries[0].body:
        raise BuildError(f"{path}: [{version}] is empty")


def check_words(root: Path) -> None:
    """Check that words and names are complete and not drafts.

    Raises:
        BuildError: Some are drafts, or something has no words.
    """
    marked, missing = drafts.marked(root), drafts.without_words(root)
    if marked or missing:
        without = f", {len(missing)} places have no words" if missing else ""
        raise BuildError(f"{len(marked)} actions of words and names are drafts{without}; `make words` lists them")


def check_tag(tag: str | None, version: str) -> None:
    """Check that the tag of a release matches the version.

    Raises:
        BuildError: It doesn't.
    """
    if tag and tag != f"v{version}":
        raise BuildError(f"the tag is {tag}, and {versions.VERSION_FILE} says {version}: it should be v{version}")


def check_plugin(root: Path, version: str) -> None:
    """Check that the pytest plugin has the version of the client, and requires it.

    Raises:
        BuildError: It doesn't.
    """
    found = versions.plugin_versions(root)
    if found != [version, version]:
        said = " and ".join(found) or "none"
        raise BuildError(f"{versions.PLUGIN_FILE}: the versions are {said}; both must be {version}")


def _check_lock(root: Path) -> None:
    build.check(root)


def _problems(*checks: Callable[[], None]) -> list[str]:
    problems: list[str] = []
    for run in checks:
        try:
            run()
        except BuildError as error:
            problems.append(str(error).replace("\n", "\n  "))
    return problems


def _checked_files(root: Path, version: str, folder: Path) -> list[Path]:
    """Build twice, the second time from a copy of the last commit elsewhere, and check the results."""
    epoch = git.commit_time(root)
    git.export(root, "HEAD", folder / "source")
    built = []
    for project in distribution.PROJECTS:
        first = distribution.build(root / project.folder, folder / "first" / project.folder, epoch)
        second = distribution.build(folder / "source" / project.folder, folder / "second" / project.folder, epoch)
        distribution.check_reproducible(first, second)
        distribution.check_metadata(first.wheel, version)
        distribution.check_wheel(first.wheel, root, project)
        distribution.check_sdist(first.sdist, project)
        built.append(first)
    client, plugin = built
    distribution.check_installed(client.wheel, root, folder)
    distribution.check_plugin(client.wheel, plugin.wheel, root, folder)
    shutil.rmtree(root / "dist", ignore_errors=True)
    (root / "dist").mkdir()
    return [Path(shutil.copy(path, root / "dist")) for distributed in built for path in distributed]


__all__ = ["check", "check_changelog", "check_plugin", "check_tag", "check_words"]
