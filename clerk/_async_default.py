"""The default async client, configured by the environment when it is first used."""

from __future__ import annotations

from ._async_client import AsyncClerkClient, async_state_of
from ._async_pool import AsyncPool
from ._base import BaseClient, ClientState
from ._default import OnFirstUse, also_reset

_state = OnFirstUse(lambda: async_state_of({}))
# Kept alive until their event loop closes their connections: otherwise Python warns about unclosed sockets.
_left_to_their_loops: list[ClientState[AsyncPool]] = []

async_clerk_client: AsyncClerkClient = AsyncClerkClient.__new__(AsyncClerkClient)
BaseClient.__init__(async_clerk_client, _state)


def _reset() -> None:
    if (state := _state.forget()) is not None:
        _left_to_their_loops.append(state)
    _left_to_their_loops[:] = [left for left in _left_to_their_loops if left.pool.is_connected]


also_reset(_reset)

__all__ = ["async_clerk_client"]
