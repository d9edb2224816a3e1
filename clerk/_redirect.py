"""Where calls go during tests: `clerk.testing` installs a replacement for the service here.

It is looked up at every call, so it doesn't matter when and where a client was created.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from typing import Any, Protocol

    from ._base import ClientState, PoolT

    class Redirect(Protocol):
        """Decides where calls go."""

        def default_states(self) -> dict[object, Any] | None:  # Any: sync and async states
            """Return where the states of the default clients are kept, or None for the usual place."""
            ...

        def state_for(self, state: ClientState[PoolT]) -> ClientState[PoolT]:
            """Return the state to make a call with, given the state of its client."""
            ...


MadeT = TypeVar("MadeT")


_redirects: list[Redirect] = []


def install(redirect: Redirect) -> None:
    """Have every call from now on ask this where to go."""
    _redirects[:] = [redirect]


def state_for_call(state: ClientState[PoolT]) -> ClientState[PoolT]:
    """Return the state to make a call with, given the state of its client."""
    return _redirects[0].state_for(state) if _redirects else state


def default_states(usual: dict[object, MadeT]) -> dict[object, MadeT]:
    """Return where the states of the default clients are kept.

    Args:
        usual: Where they are kept if nothing replaces the service.
    """
    kept = _redirects[0].default_states() if _redirects else None
    return usual if kept is None else kept


__all__ = ["default_states", "install", "state_for_call"]
