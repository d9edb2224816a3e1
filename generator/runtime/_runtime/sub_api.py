"""The base classes of sub-APIs, and the descriptor that makes them attributes of a client."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_type_hints

from ..client import AsyncClient, SyncClient

T = TypeVar("T")

if TYPE_CHECKING:
    from typing import Protocol

    T_co = TypeVar("T_co", covariant=True)

    class SyncCall(Protocol[T_co]):
        """An operation that the sync client can call."""

        def sync(self, client: SyncClient, given: Mapping[str, object], /) -> T_co: ...

    class AsyncCall(Protocol[T_co]):
        """An operation that the async client can call."""

        def asyncio(self, client: AsyncClient, given: Mapping[str, object], /) -> Awaitable[T_co]: ...


class SyncSubAPI:
    """A sub-API of the sync client.

    Each method passes its arguments on with `locals()`, under the names that the operation's table uses.
    """

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    def _call(self, operation: SyncCall[T], given: dict[str, Any]) -> T:
        del given["self"]
        return operation.sync(self._client, given)


class AsyncSubAPI:
    """A sub-API of the async client.

    Each method passes its arguments on with `locals()`, under the names that the operation's table uses.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def _call(self, operation: AsyncCall[T], given: dict[str, Any]) -> Awaitable[T]:
        del given["self"]
        return operation.asyncio(self._client, given)


class attribute(Generic[T]):  # noqa: N801  used as a decorator, as `property` is
    """A client's attribute that is made when it is first accessed.

    On the class of a client, it is the class of the sub-API, so that `unittest.mock.create_autospec` finds the methods.

    Args:
        make: Makes the sub-API; its return annotation names the class.
    """

    def __init__(self, make: Callable[[Any], T]) -> None:  # each takes a client of one kind
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, client: object | None, owner: type | None = None) -> T:
        if client is None:
            made_of: T = get_type_hints(self._make)["return"]  # type checkers see the attribute of an instance
            return made_of
        # In one step, so that two threads get the same object.
        made: T = client.__dict__.setdefault(self._name, self._make(client))
        return made

    if TYPE_CHECKING:  # an assigned value replaces the sub-API

        def __set__(self, client: object, value: T) -> None: ...


__all__ = ["AsyncSubAPI", "SyncSubAPI", "attribute"]
