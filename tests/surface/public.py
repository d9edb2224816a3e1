"""All that the packages show to users."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from types import ModuleType

import clerk
import clerk.testing
import clerk_generated
from clerk_generated import sub_apis

Named = tuple[str, object]


def public_modules() -> Iterator[ModuleType]:
    """Every module that has a public name."""
    yield from (clerk, clerk.testing)
    for found in pkgutil.walk_packages(clerk_generated.__path__, "clerk_generated."):
        if "._" not in found.name:
            yield importlib.import_module(found.name)


def classes_and_functions() -> dict[str, object]:
    """Every public class, function and method, by its name."""
    found: dict[str, object] = {}
    for module in public_modules():
        for value in _members(module):
            if inspect.isclass(value) or inspect.isfunction(value):
                found.update(_with_methods(f"{value.__module__}.{value.__qualname__}", value))
    return {name: value for name, value in found.items() if name.startswith("clerk")}


def _members(module: ModuleType) -> Iterator[object]:
    if hasattr(module, "__all__"):
        yield from (getattr(module, name) for name in module.__all__)
    else:  # what it imports is not its own
        named = ((name, value) for name, value in vars(module).items() if not name.startswith("_"))
        yield from (value for _, value in named if getattr(value, "__module__", None) == module.__name__)


def _with_methods(name: str, value: type | Callable[..., object]) -> Iterator[Named]:
    yield name, value
    if inspect.isclass(value):
        for owner in value.__mro__:
            for method, found in vars(owner).items():
                member = getattr(owner, method) if method == "__init__" else found  # attrs writes it late
                function = getattr(member, "fget", None) or getattr(member, "__func__", member)
                if inspect.isfunction(function) and (method == "__init__" or not method.startswith("_")):
                    yield f"{owner.__module__}.{owner.__qualname__}.{method}", function


def methods() -> list[tuple[str, str]]:
    """Every method of every sub-API, by the names of both."""
    return [
        (sub_api, name)
        for sub_api in sub_apis.SUB_APIS
        for name in dir(getattr(clerk.ClerkClient, sub_api))
        if not name.startswith("_")
    ]


__all__ = ["classes_and_functions", "methods", "public_modules"]
