"""Modules that are loaded when something of them is first used."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class LazyModule:
    """Stands for a module, in annotations too, until something of it is used.

    Args:
        name: The module's full name.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:  # whatever the module holds
        value = getattr(import_module(self._name), name)
        setattr(self, name, value)
        return value


__all__ = ["LazyModule"]
