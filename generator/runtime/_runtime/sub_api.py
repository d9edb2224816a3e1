"""What the classes of all sub-APIs have in common, and how they become attributes of a client."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, get_type_hints

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


class attribute(Generic[T]):  # noqa: N801  used as a decorator, as `property` is
    """A client's attribute that is made when it is first asked for.

    A client's class has the class of the sub-API in its place, so that `unittest.mock.create_autospec` finds the
    methods.

    Args:
        make: Makes it, of the class that its annotation names.
    """

    def __init__(self, make: Callable[[Any], T]) -> None:  # each has a client of one kind
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, client: object | None, owner: type | None = None) -> T:
        if client is None:
            made_of: T = get_type_hints(self._make)["return"]  # what type checkers see is the attribute of a client
            return made_of
        # In one step, so that two threads get the same.
        made: T = client.__dict__.setdefault(self._name, self._make(client))
        return made

    if TYPE_CHECKING:  # a client keeps what it is given

        def __set__(self, client: object, value: T) -> None: ...


__all__ = ["AsyncSubAPI", "SyncSubAPI", "attribute"]
