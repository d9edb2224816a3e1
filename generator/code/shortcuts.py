"""Computed properties of models, defined by `x-clerk-shortcuts` in their schemas."""

from __future__ import annotations

from collections.abc import Iterator

from .. import extensions
from .._errors import BuildError
from ..document.walk import Schema
from .blueprint import Shortcut, Value


def shortcuts(model: str, schema: Schema, properties: tuple[Value, ...]) -> Iterator[Shortcut]:
    """Build the computed properties of a model.

    Args:
        model: The model's name.
        schema: Its schema.
        properties: Its properties.

    Raises:
        BuildError: One refers to a property that doesn't exist or has the wrong type.
    """
    by_name = {value.wire_name: value for value in properties}
    for name, definition in schema.get(extensions.SHORTCUTS, {}).items():
        sources = definition.get("joined") or [definition["found_in"], definition["by"]]
        missing = [source for source in sources if source not in by_name]
        if missing:
            raise BuildError(f"{model}: {name} of {extensions.SHORTCUTS} needs {missing[0]}, which is not a property")
        values = [by_name[source] for source in sources]
        item = values[0].type.item
        if "joined" in definition:
            found = None
        elif item is not None and item.kind == "model":
            found = item.name
        else:
            raise BuildError(
                f"{model}: {name} of {extensions.SHORTCUTS} is found in {sources[0]}, which is not an array of objects"
            )
        yield Shortcut(name, tuple(value.name for value in values), definition["description"], found)


__all__ = ["shortcuts"]
