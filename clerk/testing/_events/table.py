"""Which events the local service causes."""

from __future__ import annotations

from clerk_generated.events import CLASSES

from .causes import CAUSED


def event_table() -> str:
    """Return a table in Markdown: the type of event, its class, and whether the local service causes it."""
    rows = [
        (f"`{event_type}`", f"`events.{class_name}`", "yes" if event_type in CAUSED else "no")
        for event_type, class_name in sorted(CLASSES.items())
    ]
    lines = [("Event", "Class", "Caused by `LocalClerk`"), ("---", "---", "---"), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


__all__ = ["event_table"]
