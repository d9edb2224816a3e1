"""Tests that run where both wheels are installed: the fixtures are there, and pytest rewrites no module of clerk."""

from __future__ import annotations

import pkgutil
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import clerk
import clerk_client_pytest
import clerk_generated


def test_the_fixtures_are_there(local_clerk: Any, clerk_client: Any, async_clerk_client: Any) -> None:
    local_clerk.seed_users(2)
    assert clerk_client.users.get_count() == clerk.users.get_count() == 2
    assert isinstance(async_clerk_client, clerk.AsyncClerkClient)


def test_no_module_of_clerk_is_rewritten() -> None:
    for package in (clerk, clerk_generated):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__") and _is_importable(module.name):
                import_module(module.name)
    loaders = {name: type(getattr(module, "__loader__", None)).__name__ for name, module in sys.modules.items()}
    of_clerk = {name: loader for name, loader in loaders.items() if name.split(".")[0] in ("clerk", "clerk_generated")}
    assert len(of_clerk) > 400
    assert [name for name, loader in of_clerk.items() if loader == "AssertionRewritingHook"] == []
    assert loaders[clerk_client_pytest.__name__] == "AssertionRewritingHook"  # so it is told from the others


def _is_importable(name: str) -> bool:
    """Tell whether a module needs nothing that may be missing here, such as a framework that is set up."""
    if name.startswith("clerk.integrations."):
        return False
    needed = {"clerk._aiohttp": "aiohttp"}.get(name)
    return needed is None or find_spec(needed) is not None
