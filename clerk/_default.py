"""The default client, configured by the environment when it is first used."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from typing import Generic

from ._base import BaseClient, ClientState, PoolT
from ._client import ClerkClient, state_of
from ._redirect import default_states


class OnFirstUse(Generic[PoolT]):
    """Makes a default client's state when it is first asked for, and keeps it until it is told to forget it.

    While something stands in for the service, the client has another state: what is done to it then, closing among
    it, is over with the test.

    Args:
        make: What makes it.
    """

    def __init__(self, make: Callable[[], ClientState[PoolT]]) -> None:
        self._make = make
        self._made: dict[object, ClientState[PoolT]] = {}

    def __call__(self) -> ClientState[PoolT]:
        made = default_states(self._made)
        # `setdefault` takes one step: where two threads come first, both go on with the same state.
        return made.get(self) or made.setdefault(self, self._make())

    def forget(self) -> ClientState[PoolT] | None:
        """Return the state, if there is one, and make another when it is next asked for."""
        default_states({}).pop(self, None)
        return self._made.pop(self, None)


_state = OnFirstUse(lambda: state_of({}))
_resets: list[Callable[[], None]] = []

clerk_client: ClerkClient = ClerkClient.__new__(ClerkClient)
BaseClient.__init__(clerk_client, _state)


def also_reset(action: Callable[[], None]) -> None:
    """Have `reset_default_clients` do something more: what the sync client alone need not load."""
    _resets.append(action)


def reset_default_clients() -> None:
    """Have the default clients read the environment anew when they are next used; made for tests.

    Closes the connections of `clerk_client`, and opens it again if it was closed. Those of `async_clerk_client` are
    closed when their event loop shuts down. What was imported from `clerk` before stays usable.
    """
    if (state := _state.forget()) is not None:
        state.pool.close()
    for action in _resets:
        action()


atexit.register(reset_default_clients)

__all__ = ["OnFirstUse", "also_reset", "clerk_client", "reset_default_clients"]
