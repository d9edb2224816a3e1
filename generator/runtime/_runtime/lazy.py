"""Modules that are loaded when they are needed.

An annotation such as `models.User` is text until somebody resolves it, with `typing.get_type_hints` for instance. Its
names have to exist then, but nothing has to be loaded before. And a model that is nested in others isn't needed until a
response contains one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx as httpx

    from .. import types as types


class LazyModule:
    """Stands in for a module, and loads it when a name of it is first accessed.

    Args:
        name: The module's full name.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:  # anything in the module
        from importlib import import_module

        value = getattr(import_module(self._name), name)
        setattr(self, name, value)
        return value

    def __repr__(self) -> str:
        return f"<{self._name}, loaded when a name of it is accessed>"


class later:  # noqa: N801  used as a function
    """Decodes a model that is loaded for the first object; then the model's own function takes its place.

    Args:
        package: The package of the models.
        name: The model's name.
        names: The globals of the module that uses this, where the model's own function takes its place.
    """

    def __init__(self, package: object, name: str, names: dict[str, Any]) -> None:
        self._package = package
        self._name = name
        self._names = names

    def __call__(self, data: Any) -> Any:  # JSON data, and what it is decoded to
        decode = getattr(self._package, self._name)._decode
        places = [name for name, value in list(self._names.items()) if value is self]
        self._names.update(dict.fromkeys(places, decode))
        return decode(data)


if not TYPE_CHECKING:
    httpx = LazyModule("httpx")
    types = LazyModule(f"{__name__.partition('._runtime')[0]}.types")

__all__ = ["LazyModule", "httpx", "later", "types"]
