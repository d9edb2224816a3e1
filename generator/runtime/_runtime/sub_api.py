"""What the classes of all sub-APIs have in common, and how they become attributes of a client."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ..client import AsyncClient, SyncClient

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class SyncCall(Protocol[T_co]):
    """An operation, called by the sync client."""

    def sync(self, client: SyncClient, given: Mapping[str, object], /) -> T_co: ...


class AsyncCall(Protocol[T_co]):
    """An operation, called by the async client."""

    def asyncio(self, client: AsyncClient, given: Mapping[str, object], /) -> Awaitable[T_co]: ...


class SyncSubAPI:
    """A sub-API of the sync client.

    Each method hands all its arguments on with `locals()`, by the names that they have in the operation's table.
    """

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    def _call(self, operation: SyncCall[T], given: dict[str, Any]) -> T:
        del given["self"]
        return operation.sync(self._client, given)


class AsyncSubAPI:
    """A sub-API of the async client.

    Each method hands all its arguments on with `locals()`, by the names that they have in the operation's table.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def _call(self, operation: AsyncCall[T], given: dict[str, Any]) -> Awaitable[T]:
        del given["self"]
        return operation.asyncio(self._client, given)


if TYPE_CHECKING:
    from functools import cached_property as attribute
else:
    from functools import cached_property
    from typing import get_type_hints

    class attribute(cached_property):  # noqa: N801  used as a decorator, as `property` is
        """A client's attribute that is made when it is first asked for.

        A client's class has the class of the sub-API in its place, so that `unittest.mock.create_autospec` finds the
        methods.
        """

        def __get__(self, client, owner=None):
            return get_type_hints(self.func)["return"] if client is None else super().__get__(client, owner)


__all__ = ["AsyncSubAPI", "SyncSubAPI", "attribute"]
