"""Where calls go during tests: `clerk.testing` sets something in the service's place here, and each call asks for it.

What stands in its place is asked at every call, so that it does not matter when and where a client was made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from ._base import PoolT, Setup

MadeT = TypeVar("MadeT")


class Redirect(Protocol):
    """What decides where calls go."""

    def default_setups(self) -> dict[object, Any] | None:  # Any: sync and async setups
        """Return the place for the setups of the default clients, or None for the usual one."""
        ...

    def setup_for(self, setup: Setup[PoolT]) -> Setup[PoolT]:
        """Return the setup that a call goes through, for the setup of its client."""
        ...


_redirects: list[Redirect] = []


def install(redirect: Redirect) -> None:
    """Have calls ask where to go, from now on."""
    _redirects[:] = [redirect]


def setup_for_call(setup: Setup[PoolT]) -> Setup[PoolT]:
    """Return the setup that a call goes through, for the setup of its client."""
    return _redirects[0].setup_for(setup) if _redirects else setup


def default_setups(usual: dict[object, MadeT]) -> dict[object, MadeT]:
    """Return where the setups of the default clients are kept.

    Args:
        usual: Where they are when nothing stands in for the service.
    """
    kept = _redirects[0].default_setups() if _redirects else None
    return usual if kept is None else kept


__all__ = ["Redirect", "default_setups", "install", "setup_for_call"]
