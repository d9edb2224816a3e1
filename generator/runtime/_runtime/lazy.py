"""Modules that are loaded when they are needed.

An annotation such as `models.User` is text until somebody asks for it, with `typing.get_type_hints` for instance. What
it names has to be there then, but nothing has to be loaded before. And a model that others hold is not needed before an
answer has one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx as httpx


class LazyModule:
    """Stands in for a module, and loads it for the first name that is asked for.

    Args:
        name: The module's whole name.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:  # whatever the module holds
        from importlib import import_module

        value = getattr(import_module(self._name), name)
        setattr(self, name, value)
        return value

    def __repr__(self) -> str:
        return f"<{self._name}, loaded when a name of it is asked for>"


class later:  # noqa: N801  it stands for a function
    """Reads a model that is loaded for the first object; from then on, the model reads by itself.

    Args:
        package: The package of the models.
        name: The model's name.
        names: The names of the module that reads by this, where the model's own function takes its place.
    """

    def __init__(self, package: object, name: str, names: dict[str, Any]) -> None:
        self._package = package
        self._name = name
        self._names = names

    def __call__(self, data: Any) -> Any:  # JSON data, and what it is read as
        decode = getattr(self._package, self._name)._decode
        places = [name for name, value in list(self._names.items()) if value is self]
        self._names.update(dict.fromkeys(places, decode))
        return decode(data)


if not TYPE_CHECKING:
    httpx = LazyModule("httpx")

__all__ = ["LazyModule", "httpx", "later"]
