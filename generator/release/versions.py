"""The package's version, which follows from what changed, and the changelog's entry for it.

Versions are semantic. While the major version is 0, what breaks callers asks for the next minor version, as release
tools commonly have it: 0.2.3 becomes 0.3.0 for breaking and for additive changes, and 0.2.4 for the others. From 1.0.0
on these are the next major, minor and patch versions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .._errors import BuildError
from ..compare.changes import WEBHOOKS, Change, Comparison, Effect
from ..compare.report import entries
from ..document import files

VERSION_FILE = Path("clerk/_version.py")
PLUGIN_FILE = Path("pytest-plugin/pyproject.toml")
CHANGELOG = Path("CHANGELOG.md")
README = Path("README.md")
UNRELEASED = "Unreleased"

_ASSIGNMENT = re.compile(r'^__version__ = "([^"]*)"$', re.MULTILINE)
_PLUGIN_VERSIONS = re.compile(r'^(version = "|    "clerk-client>=)([^"]*)(?=")', re.MULTILINE)
_HEADING = re.compile(r"^## \[([^\]]+)\](?: - (\S+))?[^\S\n]*$", re.MULTILINE)
# A line that a draft wrote: a name of the API in Python, and what the comparison says of one.
_DRAFTED = re.compile(
    r"^- (?:\*\*Breaking:\*\* )?`(?:the API|[A-Z]+ /[^`\n]*|[a-z]\w*\.\w[\w.]*(?:\(\w*=?\))?(?:, [\w.]+)*)`: "
    r"(?:added|removed|renamed|deprecated|no longer |newly |type `|its items|value `|may be |is (?:no longer )?`None`"
    r"|authenticated by |attribute |positional parameter |has other values"
    r"|`\w+` (?:added|removed)|served at|always there|public object|parameter |default |return type|base class)"
    r"[^\n]*\n?",
    re.MULTILINE,
)
_OF_EVENTS = re.compile(r"- (?:\*\*Breaking:\*\* )?`events\.")
_KINDS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")  # those of Keep a Changelog, in its order

Version = tuple[int, int, int]


@dataclass(frozen=True)
class ChangelogEntry:
    """One version's part of the changelog.

    Attributes:
        title: The version, or `Unreleased`.
        day: The day of the release as it is written; None if it is missing.
        body: The text below the heading.
    """

    title: str
    day: str | None
    body: str


def parse(text: str) -> Version:
    """Read a version such as `1.2.3`.

    Raises:
        BuildError: It is none.
    """
    found = re.fullmatch(r"(\d+)\.(\d+)\.(\d+)", text)
    if found is None:
        raise BuildError(f"{text!r} is no version; one is written as 1.2.3")
    return int(found[1]), int(found[2]), int(found[3])


def text_of(version: Version) -> str:
    """Write a version."""
    return ".".join(str(number) for number in version)


def following(version: Version, effect: Effect) -> Version:
    """Return the version that follows another, by the most that any change does to a caller."""
    major, minor, patch = version
    if effect is Effect.BREAKING and major > 0:
        return major + 1, 0, 0
    if effect is Effect.INVISIBLE:
        return major, minor, patch + 1
    return major, minor + 1, 0


def current(root: Path) -> Version:
    """Read the version of the package below a project's root.

    Raises:
        BuildError: The file is missing or does not say.
    """
    path = root / VERSION_FILE
    found = _ASSIGNMENT.search(files.read_bytes(path).decode())
    if found is None:
        raise BuildError(f'{path}: no line `__version__ = "..."`')
    return parse(found[1])


def version_file(root: Path, version: Version) -> bytes:
    """Return the file that holds the version, with another version."""
    before = files.read_bytes(root / VERSION_FILE).decode()
    return _ASSIGNMENT.sub(f'__version__ = "{text_of(version)}"', before).encode()


def plugin_versions(root: Path) -> list[str]:
    """Return the version of the pytest plugin, and the lowest one of the client that it works with."""
    text = files.read_bytes(root / PLUGIN_FILE).decode()
    return [found[2] for found in _PLUGIN_VERSIONS.finditer(text)]


def plugin_file(root: Path, version: Version) -> bytes:
    """Return the file that holds both of the pytest plugin's versions, with another version."""
    before = files.read_bytes(root / PLUGIN_FILE).decode()
    return _PLUGIN_VERSIONS.sub(rf"\g<1>{text_of(version)}", before).encode()


def readme(root: Path, api_version: str) -> dict[Path, bytes]:
    """Return the README with the version of the API, where it tells one."""
    path = root / README
    if not path.exists():
        return {}
    text = files.read_bytes(path).decode()
    return {path: re.sub(r"\(version \d{4}-\d{2}-\d{2}\)", f"(version {api_version})", text).encode()}


def changelog_entries(text: str) -> list[ChangelogEntry]:
    """Read the entries of a changelog, the newest first as they stand."""
    headings = list(_HEADING.finditer(text))
    ends = [*(heading.start() for heading in headings[1:]), len(text)]
    return [
        ChangelogEntry(heading[1], heading[2], text[heading.end() : end].strip())
        for heading, end in zip(headings, ends, strict=False)  # without a heading there is one end
    ]


@dataclass(frozen=True)
class News:
    """What the entry of a version says.

    Attributes:
        version: The version.
        day: The day to write beside it.
        comparison: What changed since the last release.
        source: A sentence on where the API's document came from.
    """

    version: Version
    day: date
    comparison: Comparison
    source: str = ""


def drafted(text: str, news: News, open_titles: frozenset[str]) -> str:
    """Write the entry of a version into a changelog.

    What an earlier draft about the same document said is written anew: lines that tell what happened to a name, and the
    paragraph on the version. What people wrote stays, and what a draft about the other document said.

    Args:
        text: The changelog.
        news: What to say.
        open_titles: Entries that are not released: what they hold goes into the new one.

    Returns:
        The changelog with the entry before all others.
    """
    comparison = news.comparison
    open_entries = [entry for entry in changelog_entries(text) if entry.title in open_titles]
    kinds: dict[str, list[str]] = {}
    introductions: list[str] = []
    for entry in open_entries:
        introduction, *parts = re.split(r"^### (.+)$", _kept(entry.body, comparison.about), flags=re.MULTILINE)
        introductions += [introduction.strip()] if introduction.strip() else []
        for kind, body in zip(parts[::2], parts[1::2], strict=True):
            if body.strip():
                kinds.setdefault(kind.strip(), []).append(body.strip())
    for kind, lines in _by_kind(comparison).items():
        kinds.setdefault(kind, []).append("\n".join(f"- {line}" for line in lines))
    introductions.append(f"{_told_of(comparison)} {news.source}".rstrip())
    order = [*_KINDS, *(kind for kind in kinds if kind not in _KINDS)]
    parts = [f"### {kind}\n\n" + "\n".join(kinds[kind]) for kind in order if kind in kinds]
    entry_text = "\n\n".join([f"## [{text_of(news.version)}] - {news.day.isoformat()}", *introductions, *parts])
    return _placed(text, entry_text, open_titles)


def _told_of(comparison: Comparison) -> str:
    is_new = comparison.old_version != comparison.new_version
    if comparison.about == WEBHOOKS:
        was = f" (they were those of {comparison.old_version})" if is_new else ""
        return f"The events are those of {comparison.new_version}{was}."
    was = f" (it was {comparison.old_version})" if is_new else ""
    return f"The API is that of {comparison.new_version}{was}."


def _kept(body: str, about: str) -> str:
    """Return what a draft keeps of an entry: what people wrote, and what drafts about the other document say."""
    is_about_events = about == WEBHOOKS
    subject = "The events are those of" if is_about_events else "The API is that of"
    without_introduction = re.sub(rf"^{subject} \d{{4}}-\d\d-\d\d[^\n]*\n?", "", body, flags=re.MULTILINE)
    return _DRAFTED.sub(
        lambda line: "" if bool(_OF_EVENTS.match(line[0])) == is_about_events else line[0], without_introduction
    )


def _placed(text: str, entry_text: str, open_titles: frozenset[str]) -> str:
    headings = list(_HEADING.finditer(text))
    kept = [heading.start() for heading in headings if heading[1] not in open_titles]
    before = text[: headings[0].start()] if headings else text
    after = text[kept[0] :] if kept else ""
    return f"{before.rstrip()}\n\n{entry_text}\n" + (f"\n{after}" if after else "")


def _by_kind(comparison: Comparison) -> dict[str, list[str]]:
    kinds: dict[str, list[Change]] = {}
    for change in comparison.changes:
        if change.effect is not Effect.INVISIBLE and change.section != "typing":  # a sign of a change, and none itself
            kinds.setdefault(_kind(change), []).append(change)
    return {
        kind: [
            *(f"**Breaking:** {line}" for line in entries(item for item in found if item.effect is Effect.BREAKING)),
            *entries(item for item in found if item.effect is Effect.ADDITIVE),
        ]
        for kind, found in kinds.items()
    }


def _kind(change: Change) -> str:
    if change.what.startswith("added"):
        return "Added"
    if change.what.startswith("removed"):
        return "Removed"
    return "Deprecated" if change.what == "deprecated" else "Changed"


__all__ = [
    "CHANGELOG",
    "PLUGIN_FILE",
    "README",
    "UNRELEASED",
    "VERSION_FILE",
    "ChangelogEntry",
    "News",
    "Version",
    "changelog_entries",
    "current",
    "drafted",
    "following",
    "parse",
    "plugin_file",
    "plugin_versions",
    "readme",
    "text_of",
    "version_file",
]
