"""Turns a new document into a tree that is ready for review, or changes nothing.

Everything happens in a copy of the last commit, which replaces the tree once the last step has succeeded. Callers
upgrade from the last release, so the new tree is compared with that; without a release, with the last commit.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from .. import build
from .._errors import BuildError
from ..code.blueprint import Blueprint
from ..code.render import PACKAGE
from ..compare import servers, surface, typing_tests, usages
from ..compare.changes import WEBHOOKS, Comparison
from ..compare.operations import compare
from ..compare.report import as_markdown, as_text
from ..document import files, lock, origin, vendor
from ..document.walk import Document, operations
from ..prepare import layout
from . import bump_events, decisions, drafts, git, peers, versions
from .git import Release
from .renames import find_renames, rename_in_overlays

_VERSIONED = (versions.VERSION_FILE, versions.PLUGIN_FILE, versions.CHANGELOG, versions.README)
_TAKEN_OVER = (Path("openapi"), Path(PACKAGE), *_VERSIONED)


@dataclass(frozen=True)
class Bumped:
    """The result of a bump.

    Attributes:
        comparison: What changed for callers.
        old: The version that callers upgrade from.
        new: The proposed version.
        text: The report as text.
        markdown: The report as Markdown.
    """

    comparison: Comparison
    old: str
    new: str
    text: str
    markdown: str


def bump(source: str, root: Path, *, accept: bool = False, force: bool = False) -> Bumped:
    """Import a new document: vendor, regenerate, compare, and write version and changelog.

    Args:
        source: The document's file or URL.
        root: The project's root, the top of a clean git work tree.
        accept: Whether to accept the proposals where overlays or layout don't fit the document.
        force: Whether to accept a document that is older than the vendored one.

    Returns:
        What was made.

    Raises:
        BuildError: The tree is not clean, the document is refused, or there is something to decide; the tree is
            unchanged.
    """
    git.refuse_changes(root)
    loaded = files.load(source)
    document = vendor.check(loaded.value, source)
    has_events = vendor.has_events(document)
    (bump_events.refuse if has_events else _refuse)(document, source, root, force=force)
    with tempfile.TemporaryDirectory(prefix="bump-") as folder:
        tree, base = Path(folder, "new"), Path(folder, "old")
        release = git.last_release(root)
        git.export(root, "HEAD", tree)
        git.export(root, release.tag if release else "HEAD", base)
        try:
            before = files.load(tree / lock.VENDORED).value, _corrected(tree)
            vendor.take_over(document, loaded.content, tree, source)
            told = _of_events(base, tree, accept) if has_events else _of_api(base, tree, before, accept)
            bumped = _write_version(tree, release, told)
        except BuildError as error:  # with paths of the real tree, where the problems have to be fixed
            raise BuildError(str(error).replace(f"{tree}/", "")) from error
        _take_over(tree, root)
    return bumped


def report(root: Path) -> Bumped:
    """Compare the current tree with the last release, without writing anything.

    Args:
        root: The project's root, the top of a clean git work tree.

    Returns:
        The report of a bump, with the version of the tree.

    Raises:
        BuildError: The tree is not clean, or there is no release.
    """
    git.refuse_changes(root)
    release = git.last_release(root)
    if release is None:
        raise BuildError("there is no release to compare with: no tag such as v1.2.3")
    with tempfile.TemporaryDirectory(prefix="report-") as folder:
        base = Path(folder, "old")
        git.export(root, release.tag, base)
        comparison = _compared(base, root, _blueprint(base), _blueprint(root))
        old, new = release.version, versions.current(root)
        return _bumped(root, _Told(comparison, [], [], peers.find(base, root)), old, new)


class _Told(NamedTuple):
    """What a bump has to tell.

    Attributes:
        comparison: What changed.
        decided: What was decided.
        drafted: What was drafted.
        of_peers: Where tests and pages of other clients use what is gone.
    """

    comparison: Comparison
    decided: list[str]
    drafted: list[drafts.Draft]
    of_peers: list[str]


def _of_api(base: Path, tree: Path, before: tuple[Document, Document], accept: bool) -> _Told:
    decided = _decide(tree, before, accept=accept)
    drafted = drafts.without_words(tree)
    drafts.write_words(tree, drafted)
    new = build.regenerate(tree).blueprint
    return _Told(_compared(base, tree, _blueprint(base), new), decided, drafted, peers.find(base, tree))


def _of_events(base: Path, tree: Path, accept: bool) -> _Told:
    decided = bump_events.decide(tree, accept=accept)
    build.regenerate(tree)
    return _Told(bump_events.compared(base, tree), decided, [], [])


def _refuse(document: dict[str, Any], source: str, root: Path, *, force: bool) -> None:
    """Refuse a document of another API, the vendored one, and an older one."""
    vendored = files.load(root / lock.VENDORED).value
    title, wanted = document["info"].get("title"), vendored["info"].get("title")
    if title != wanted:
        raise BuildError(f"{source}: describes another API: {title!r}, not {wanted!r}")
    before, now = _places(vendored), _places(document)
    if 2 * len(before & now) < len(before):
        found = f"has {len(before & now)} of the {len(before)} operations of the vendored document"
        raise BuildError(f"{source}: describes another API: it {found}")
    version, current = document["info"]["version"], vendored["info"]["version"]
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", version):
        raise BuildError(f"{source}: its version {version!r} is not a date")
    if vendor.serialised(document) == files.read_bytes(root / lock.VENDORED):
        raise BuildError(
            f"{source}: is already vendored: its facts are those of {lock.VENDORED}; "
            "`make report` shows what has changed since the last release"
        )
    if version < current and not force:
        raise BuildError(f"{source}: {version} is older than {current}, which is vendored; FORCE=1 accepts it anyway")
    if version == current and not force and _lacks_more(document, vendored):
        raise BuildError(
            f"{source}: seems to be an older revision of {version}: it removes more than it adds; "
            "FORCE=1 accepts it anyway"
        )


def _lacks_more(document: dict[str, Any], vendored: dict[str, Any]) -> bool:
    """Return whether a document has lost more operations than it gained, or, if those are the same, properties.

    A version only grows from revision to revision: incompatible changes get a new date.
    """
    for found in (_places, _properties):
        before, now = found(vendored), found(document)
        if before != now:
            return len(before - now) > len(now - before)
    return False


def _properties(document: dict[str, Any]) -> set[tuple[str, str]]:
    return {
        (name, wire_name)
        for name, schema in document.get("components", {}).get("schemas", {}).items()
        for wire_name in schema.get("properties", {})
    }


def _places(document: dict[str, Any]) -> set[tuple[str, str]]:
    return {(method, path) for path, method, _ in operations(document)}


def _corrected(root: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(files.read_bytes(root / PACKAGE / build.DOCUMENT))
    return document


def _blueprint(root: Path) -> Blueprint:
    """Rebuild the blueprint of a generated tree from its document; the layout is adapted if it doesn't fit."""
    corrected, client_layout = _corrected(root), layout.load(root)
    return build.blueprint_of(corrected, layout.fitted(client_layout, layout.misfits(client_layout, corrected)))


def _decide(root: Path, before: tuple[Document, Document], *, accept: bool) -> list[str]:
    """Make the decisions that a new document needs, and return them as lines.

    Args:
        root: A scratch copy of the project, with the new document.
        before: The old document, vendored and corrected.
        accept: Whether to accept all proposals.
    """
    every = find_renames(before[0], files.load(root / lock.VENDORED).value)
    named = every.named_in(root / build.OVERLAYS)
    rename_in_overlays(root / build.OVERLAYS, every)
    found = replace(decisions.find(root, before[1], every), renames=named)
    if found == decisions.Decisions():
        return []
    if not accept and found.is_asking:
        raise BuildError(f"{found.report}\nACCEPT=1 accepts the proposals; nothing has changed")
    decisions.accept(root, found)
    return [line.replace(f"{root}/", "") for line in found.lines]


def _compared(base: Path, tree: Path, old: Blueprint, new: Blueprint) -> Comparison:
    told = compare(old, new)
    more = (
        *servers.compare(_corrected(base), _corrected(tree)),
        *surface.compare(base, tree, told, (old, new)),
        *typing_tests.check(base, tree),
    )
    return replace(told, changes=(*told.changes, *more))


def _write_version(tree: Path, release: Release | None, told: _Told) -> Bumped:
    current = versions.current(tree)
    old = release.version if release else current
    new = max(versions.following(old, told.comparison.effect), current)
    unreleased = {versions.UNRELEASED} | ({versions.text_of(current)} if current > old else set())
    changelog = files.read_bytes(tree / versions.CHANGELOG).decode()
    news = versions.News(new, datetime.now(UTC).date(), told.comparison, _source(tree, told.comparison))
    files.write_files(
        {
            tree / versions.VERSION_FILE: versions.version_file(tree, new),
            tree / versions.PLUGIN_FILE: versions.plugin_file(tree, new),
            tree / versions.CHANGELOG: versions.drafted(changelog, news, frozenset(unreleased)).encode(),
            **versions.readme(tree, lock.read(tree).api_version),
        }
    )
    return _bumped(tree, told, old, new)


def _bumped(tree: Path, told: _Told, old: versions.Version, new: versions.Version) -> Bumped:
    notes = (f"Version: {versions.text_of(old)} -> {versions.text_of(new)}", _source(tree, told.comparison))
    lists = {
        "Places in this repository that use what is gone": [
            *usages.find(tree, told.comparison.changes),
            *told.of_peers,
        ],
        "Decided as proposed": told.decided,
        f"Words that were drafted, in {drafts.WORDS.as_posix()}": [
            line for draft in told.drafted for line in draft.lines
        ],
    }
    return Bumped(
        told.comparison,
        versions.text_of(old),
        versions.text_of(new),
        as_text(told.comparison, *notes, lists=lists),
        as_markdown(told.comparison, *notes, lists=lists),
    )


def _source(tree: Path, comparison: Comparison) -> str:
    locked = lock.read(tree)
    if comparison.about == WEBHOOKS:
        return origin.sentence(locked.webhooks, locked.webhooks["source_sha256"])
    return origin.sentence(locked.source, locked.source_sha256)


def _take_over(tree: Path, root: Path) -> None:
    """Replace the files of a tree with those of another; if that is interrupted, they are restored."""
    before, after = _contents(root, _TAKEN_OVER), _contents(tree, _TAKEN_OVER)
    changed = [path for path in sorted(before.keys() | after.keys()) if before.get(path) != after.get(path)]
    try:
        for path in changed:
            _put(root / path, after.get(path))
    except BaseException:
        for path in changed:
            _put(root / path, before.get(path))
        raise


def _contents(root: Path, places: Iterable[Path]) -> dict[Path, bytes]:
    paths = [path for place in places for path in (root / place, *(root / place).rglob("*")) if path.is_file()]
    return {path.relative_to(root): path.read_bytes() for path in paths if "__pycache__" not in path.parts}


def _put(path: Path, content: bytes | None) -> None:
    if content is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return
    path.unlink(missing_ok=True)
    folder = path.parent
    while folder.is_dir() and {inner.name for inner in folder.iterdir()} <= {"__pycache__"}:
        shutil.rmtree(folder)
        folder = folder.parent


__all__ = ["Bumped", "bump", "report"]
