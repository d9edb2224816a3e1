"""Models in cattrs: a converter writes them as `to_dict()` does, and reads them as `from_dict()` does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from clerk_generated._runtime.model import Model


class Converter(Protocol):
    """What is needed of a converter of cattrs."""

    @property
    def register_unstructure_hook_func(self) -> Callable[[Callable[[Any], bool], Callable[[Any], Any]], object]:
        """Registers how the classes that a function chooses are written."""
        ...

    @property
    def register_structure_hook_func(self) -> Callable[[Callable[[Any], bool], Callable[[Any, Any], Any]], object]:
        """Registers how the classes that a function chooses are read."""
        ...


def register_hooks(converter: Converter) -> None:
    """Have a converter of cattrs write and read models as they are on the wire.

    Without it, cattrs writes attributes that are not there too: as `...`, which no JSON library takes.

    Args:
        converter: The converter, such as `cattrs.Converter()`, `cattrs.preconf.json.make_converter()` or
            `cattrs.global_converter`.
    """
    converter.register_unstructure_hook_func(_is_model, _to_dict)
    converter.register_structure_hook_func(_is_model, _from_dict)


def _is_model(kind: Any) -> bool:  # Any: whatever a converter meets
    return isinstance(kind, type) and issubclass(kind, Model)


def _to_dict(model: Model) -> dict[str, Any]:  # Any: JSON data
    return model.to_dict()


def _from_dict(data: Mapping[str, Any], kind: type[Model]) -> Model:  # Any: JSON data
    return kind.from_dict(data)


__all__ = ["register_hooks"]
