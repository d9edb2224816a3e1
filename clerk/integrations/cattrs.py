"""Models in cattrs: a converter unstructures them like `to_dict()`, and structures them like `from_dict()`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from clerk_generated._runtime.model import Model


class Converter(Protocol):
    """The methods of a cattrs converter that are needed here."""

    @property
    def register_unstructure_hook_func(self) -> Callable[[Callable[[Any], bool], Callable[[Any], Any]], object]:
        """Registers a hook that unstructures the classes for which a predicate is true."""
        ...

    @property
    def register_structure_hook_func(self) -> Callable[[Callable[[Any], bool], Callable[[Any, Any], Any]], object]:
        """Registers a hook that structures the classes for which a predicate is true."""
        ...


def register_hooks(converter: Converter) -> None:
    """Make a cattrs converter write and read models in the API's JSON form.

    Without this, cattrs also writes the attributes that are `UNSET`, as `...`, which no JSON library accepts.

    Args:
        converter: The converter, such as `cattrs.Converter()`, `cattrs.preconf.json.make_converter()` or
            `cattrs.global_converter`.
    """
    converter.register_unstructure_hook_func(_is_model, _to_dict)
    converter.register_structure_hook_func(_is_model, _from_dict)


def _is_model(kind: Any) -> bool:  # Any: a converter may pass anything
    return isinstance(kind, type) and issubclass(kind, Model)


def _to_dict(model: Model) -> dict[str, Any]:  # Any: JSON data
    return model.to_dict()


def _from_dict(data: Mapping[str, Any], kind: type[Model]) -> Model:  # Any: JSON data
    return kind.from_dict(data)


__all__ = ["register_hooks"]
