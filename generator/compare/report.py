"""Writes what changed, as text for a terminal and as Markdown for a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from .changes import Change, Comparison, Effect, Section

_EFFECTS = {
    Effect.BREAKING: "Breaking",
    Effect.ADDITIVE: "Additive",
    Effect.INVISIBLE: "Invisible to callers",
}
_SECTIONS: dict[Section, str] = {
    "operation": "Operations",
    "call": "What calls take",
    "answer": "What calls return",
    "model": "Models",
    "surface": "The Python surface, beyond what the document explains",
    "typing": "The typing tests of the last release",
}
_USERS = 2  # the number of methods to name; the others are counted


Lists = Mapping[str, Sequence[str]]  # what else to show, by its title


def as_text(comparison: Comparison, *notes: str, lists: Lists | None = None) -> str:
    """Write the report as text.

    Args:
        comparison: What changed.
        *notes: Lines to put after the headline.
        lists: What else to show, at the end; empty lists are left out.
    """
    lines = [_headline(comparison), *notes]
    for effect, section, found in _groups(comparison):
        lines += ["", f"{_EFFECTS[effect]}: {_SECTIONS[section]}"]
        lines += [f"  {line}" for line in _lines(found)]
    for title, found_lines in (lists or {}).items():
        if found_lines:
            lines += ["", title, *(f"  {line}" for line in found_lines)]
    return "\n".join(lines)


def as_markdown(comparison: Comparison, *notes: str, lists: Lists | None = None) -> str:
    """Write the report as Markdown.

    Args:
        comparison: What changed.
        *notes: Lines to put after the headline.
        lists: What else to show, before the changes; empty lists are left out.
    """
    lines = [_headline(comparison), "", *(line for note in notes for line in (note, ""))]
    for title, found_lines in (lists or {}).items():
        if found_lines:
            lines += [f"## {title}", "", *(f"- {line}" for line in found_lines), ""]
    shown: set[Effect] = set()
    for effect, section, found in _groups(comparison):
        if effect not in shown:
            shown.add(effect)
            lines += [f"## {_EFFECTS[effect]}", ""]
        lines += [f"### {_SECTIONS[section]}", ""]
        lines += [f"- {_quoted(line)}" for line in _lines(found)]
        lines.append("")
    return "\n".join(lines)


def entries(changes: Iterable[Change]) -> list[str]:
    """Write changes as lines of Markdown, one for each thing that changed."""
    return [_quoted(line) for line in _lines(changes)]


def _headline(comparison: Comparison) -> str:
    counts = ", ".join(f"{len(comparison.of(effect))} {effect.name.lower()}" for effect in _EFFECTS)
    return f"{comparison.about} {comparison.old_version} -> {comparison.new_version}: {counts}"


def _groups(comparison: Comparison) -> Iterator[tuple[Effect, Section, list[Change]]]:
    for effect in _EFFECTS:
        for section in _SECTIONS:
            if found := comparison.of(effect, section):
                yield effect, section, found


def _lines(changes: Iterable[Change]) -> list[str]:
    by_subject: dict[str, list[Change]] = {}
    for change in changes:
        by_subject.setdefault(change.subject, []).append(change)
    return [
        f"{subject}: {'; '.join(item.what for item in found)}{_reach(found)}" for subject, found in by_subject.items()
    ]


def _reach(changes: list[Change]) -> str:
    users = sorted({name for change in changes for name in change.users})
    if not users:
        return ""
    more = f" and {len(users) - _USERS} more" if len(users) > _USERS else ""
    return f" ({', '.join(users[:_USERS])}{more})"


def _quoted(line: str) -> str:
    subject, _, rest = line.partition(": ")
    return f"`{subject}`: {rest}"


__all__ = ["Lists", "as_markdown", "as_text", "entries"]
