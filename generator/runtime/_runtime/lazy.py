"""Modules that annotations name, each loaded when an annotation is read at run time.

An annotation such as `models.User` is text until somebody asks for it, with `typing.get_type_hints` for instance. What
it names has to be there then, but nothing has to be loaded before.
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


if not TYPE_CHECKING:
    httpx = LazyModule("httpx")

__all__ = ["LazyModule", "httpx"]
