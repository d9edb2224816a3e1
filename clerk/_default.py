"""The default client, configured by the environment when it is first used."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from typing import Generic

from ._base import BaseClient, ClientState, PoolT
from ._client import ClerkClient, state_of
from ._redirect import default_states


class OnFirstUse(Generic[PoolT]):
    """Creates a default client's state on first use, and keeps it until told to forget it.

    While a test replaces the service, the client has another state: whatever happens to that one, such as closing,
    ends with the test.

    Args:
        make: Creates the state.
    """

    def __init__(self, make: Callable[[], ClientState[PoolT]]) -> None:
        self._make = make
        self._made: dict[object, ClientState[PoolT]] = {}

    def __call__(self) -> ClientState[PoolT]:
        made = default_states(self._made)
        # `setdefault` is atomic: if two threads get here first, both end up with the same state.
        return made.get(self) or made.setdefault(self, self._make())

    def forget(self) -> ClientState[PoolT] | None:
        """Return the state, if there is one, and create another on next use."""
        default_states({}).pop(self, None)
        return self._made.pop(self, None)


_state = OnFirstUse(lambda: state_of({}))
_resets: list[Callable[[], None]] = []

clerk_client: ClerkClient = ClerkClient.__new__(ClerkClient)
BaseClient.__init__(clerk_client, _state)


def also_reset(action: Callable[[], None]) -> None:
    """Add an action to `reset_default_clients`, so that the sync client doesn't have to import the async one."""
    _resets.append(action)


def reset_default_clients() -> None:
    """Make the default clients read the environment again when they are next used; meant for tests.

    Closes the connections of `clerk_client`, and reopens it if it was closed. The connections of `async_clerk_client`
    are closed when their event loop shuts down. Whatever was imported from `clerk` before stays usable.
    """
    if (state := _state.forget()) is not None:
        state.pool.close()
    for action in _resets:
        action()


atexit.register(reset_default_clients)

__all__ = ["OnFirstUse", "also_reset", "clerk_client", "reset_default_clients"]
