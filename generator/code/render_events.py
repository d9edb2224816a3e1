"""Renders the events of webhooks, and the models of their data, into a folder of their own."""

from __future__ import annotations

from .blueprint import Blueprint
from .render import ClerkProject


class EventsProject(ClerkProject):
    """The project of openapi-python-client for the webhooks' document."""

    def render(self) -> None:
        """Write `events/` below the project's folder."""
        blueprint = self._blueprint
        events = event_classes(blueprint)
        enums = [enum.name for enum in blueprint.enums]
        names = [model.name for model in blueprint.models]
        exported = sorted({*names, *enums, "Event", "UnknownEvent", "UnknownVariant"})
        self._write("events/__init__.py", "events_init.py.jinja", events=events, exported=exported)
        self._write("events/enums.py", "enums.py.jinja")
        for model in blueprint.models:
            context = self._model_context(model, "events")
            if model.name in events.values():
                context |= {"is_event": True, "base": "BaseEvent"}
            self._write(f"events/{model.module}.py", "model.py.jinja", **context)


def event_classes(blueprint: Blueprint) -> dict[str, str]:
    """Return the class of each type of event."""
    return {operation.path.removeprefix("/"): operation.id for operation in blueprint.operations}


__all__ = ["EventsProject", "event_classes"]
