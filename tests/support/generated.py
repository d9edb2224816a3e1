"""Packages that are generated for a test, and clients that answer what they are told."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx


class Package:
    """What was generated, imported under a name of its own."""

    def __init__(self, folder: Path, name: str = "generated_for_a_test") -> None:
        self.folder = folder
        self.name = name
        spec = importlib.util.spec_from_file_location(self.name, folder / "__init__.py")
        assert spec
        assert spec.loader
        sys.modules[self.name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[self.name])

    def __getattr__(self, name: str) -> Any:  # a module that the type checkers can't know
        return importlib.import_module(f"{self.name}.{name}")

    def unload(self) -> None:
        for name in [name for name in sys.modules if name.partition(".")[0] == self.name]:
            del sys.modules[name]

    def text(self, path: str) -> str:
        return (self.folder / path).read_text(encoding="utf-8")


class Service:
    """A client of either kind that answers each request with the same body, and keeps the last request."""

    def __init__(self, body: object, status: int = 200) -> None:
        self._body = body
        self._status = status
        self.request: Any = None  # a class that the type checkers can't know
        self.drifts: list[str] = []

    def _send(self, request: object) -> httpx.Response:
        self.request = request
        content = self._body if isinstance(self._body, bytes) else json.dumps(self._body).encode()
        return httpx.Response(self._status, content=content)

    def _load_json(self, response: httpx.Response) -> object:
        return response.json()

    def _report_drift(self, drifts: Sequence[Any], response: httpx.Response) -> None:
        self.drifts += [f"{drift.item} {drift.model} {drift.path} {drift.problem}".strip() for drift in drifts]

    def _decode_error(self, model: str, path: str, problem: str, response: httpx.Response) -> Exception:
        return ValueError(f"{model} {path} {problem}")


class AsyncService(Service):
    async def _send(self, request: object) -> httpx.Response:  # type: ignore[override]  # that is how the two differ
        return super()._send(request)


def call(package: Package, method: str, answered: object, /, *args: object, **kwargs: object) -> tuple[Any, Any]:
    """Call a method of the sub-API `things`, sync and async; return the request and the result, as JSON data."""
    client, result = call_with(package, method, Service(answered), AsyncService(answered), *args, **kwargs)
    return client.request, plain(result)


def call_with(
    package: Package, method: str, client: Service, other: AsyncService, /, *args: object, **kwargs: object
) -> tuple[Service, Any]:
    """Call a method of the sub-API `things` with two clients; return the first and the result of either."""
    result = getattr(package.sub_apis.ThingsApi(client), method)(*args, **kwargs)
    awaited = asyncio.run(getattr(package.async_sub_apis.AsyncThingsApi(other), method)(*args, **kwargs))
    assert plain(result) == plain(awaited)
    assert client.drifts == other.drifts
    parts = {name: getattr(client.request, name) for name in client.request.__slots__}
    assert parts == {name: getattr(other.request, name) for name in other.request.__slots__}
    return client, result


def plain(value: Any) -> Any:  # models and pages that the type checkers can't know
    if hasattr(value, "to_dict"):
        return value.to_dict()
    return (
        [plain(item) for item in value] if isinstance(value, Sequence) and not isinstance(value, str | bytes) else value
    )


__all__ = ["AsyncService", "Package", "Service", "call", "call_with", "plain"]
