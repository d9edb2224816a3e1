"""Where calls go during tests: `clerk.testing` sets something in the service's place here, and each call asks for it.

What stands in its place is asked at every call, so that it does not matter when and where a client was made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from ._base import ClientState, PoolT

MadeT = TypeVar("MadeT")


class Redirect(Protocol):
    """What decides where calls go."""

    def default_states(self) -> dict[object, Any] | None:  # Any: sync and async states
        """Return the place for the states of the default clients, or None for the usual one."""
        ...

    def state_for(self, state: ClientState[PoolT]) -> ClientState[PoolT]:
        """Return the state that a call goes through, for the state of its client."""
        ...


_redirects: list[Redirect] = []


def install(redirect: Redirect) -> None:
    """Have calls ask where to go, from now on."""
    _redirects[:] = [redirect]


def state_for_call(state: ClientState[PoolT]) -> ClientState[PoolT]:
    """Return the state that a call goes through, for the state of its client."""
    return _redirects[0].state_for(state) if _redirects else state


def default_states(usual: dict[object, MadeT]) -> dict[object, MadeT]:
    """Return where the states of the default clients are kept.

    Args:
        usual: Where they are when nothing stands in for the service.
    """
    kept = _redirects[0].default_states() if _redirects else None
    return usual if kept is None else kept


__all__ = ["Redirect", "default_states", "install", "state_for_call"]
