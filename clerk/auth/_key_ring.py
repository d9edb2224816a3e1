"""The published keys of instances, fetched once for all threads and tasks.

A key set is replaced as a whole 300 seconds after it was fetched. It is replaced sooner if a token names a key that is
not in it, or has a signature that doesn't match its key: either the keys were rotated, or somebody is forging tokens.
So that forgers can't trigger a request with every token, such an early fetch is made at most once in 30 seconds.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakSet

from .._errors import ClerkAPIResponseError, ClerkConnectionError, TokenVerificationError
from .._json import loads
from ._flight import Flight
from ._keys import keys_of_set
from ._steps import PATIENCE, KeysRequest, Plan, Wait

if TYPE_CHECKING:
    from ._signature import Key

LIFE = 300.0
COOL_DOWN = 30.0


class KeySet(NamedTuple):
    """The keys that an instance published at one moment.

    Attributes:
        keys: The keys by their ids.
        fetched_at: When they were fetched, in seconds.
    """

    keys: dict[str, Key]
    fetched_at: float


class _Failure(NamedTuple):
    reason: str
    message: str
    action: str
    cause: BaseException | None

    def error(self) -> TokenVerificationError:
        error = TokenVerificationError(self.message, reason=self.reason, action=self.action)
        error.__cause__ = self.cause
        return error


class KeyCache:
    """The published keys of one instance.

    Args:
        clock: Returns the time in seconds.

    Attributes:
        users: The verifiers that use it.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.users: WeakSet[object] = WeakSet()
        self.start_anew()

    def start_anew(self) -> None:
        """Forget everything, including a fetch in progress: in a forked process, the thread making it is gone."""
        self._lock = Lock()
        self._set: KeySet | None = None
        self._flight: Flight | None = None
        self._extra_fetch_at: float | None = None

    def current(self) -> KeySet | None:
        """Return the keys, or None if there are none or they are too old."""
        known = self._set
        return known if known is not None and 0 <= self._clock() - known.fetched_at < LIFE else None

    def load(self) -> Plan[KeySet]:
        """Fetch the keys, or wait for a fetch in progress.

        Raises:
            TokenVerificationError: They could not be fetched.
        """
        return self._fetch(None)

    def load_newer(self, seen: KeySet) -> Plan[KeySet]:
        """Return newer keys than those that were seen, or the same ones if there was an early fetch just before.

        Raises:
            TokenVerificationError: They could not be fetched.
        """
        return self._fetch(seen)

    def note_that_newest_were_seen(self) -> None:
        """Start the cool-down: a token's key was not even among keys that have just been fetched."""
        self._extra_fetch_at = self._clock()

    def _fetch(self, seen: KeySet | None) -> Plan[KeySet]:
        given_up: Flight | None = None
        while True:
            own = None
            with self._lock:
                known = self.current()
                if known is not None and known is not seen:
                    return known
                flight = self._flight
                if flight is None or flight is given_up:
                    if seen is not None:
                        if self._is_cooling_down():
                            return seen
                        self._extra_fetch_at = self._clock()
                    flight = own = self._flight = Flight()
            if own is not None:
                return (yield from self._fly(own))
            outcome = yield Wait(flight, PATIENCE + 1)
            if isinstance(outcome, _Failure):
                raise outcome.error()
            if isinstance(outcome, KeySet) and outcome is not seen:
                return outcome
            given_up = flight

    def _is_cooling_down(self) -> bool:
        at = self._extra_fetch_at
        return at is not None and 0 <= self._clock() - at < COOL_DOWN

    def _fly(self, flight: Flight) -> Plan[KeySet]:
        try:
            outcome = yield from self._ask()
        except BaseException:
            self._end(flight, None)
            raise
        self._end(flight, outcome)
        if isinstance(outcome, _Failure):
            raise outcome.error()
        return outcome

    def _end(self, flight: Flight, outcome: KeySet | _Failure | None) -> None:
        with self._lock:
            if isinstance(outcome, KeySet):
                self._set = outcome
            if self._flight is flight:
                self._flight = None
        flight.land(outcome)

    def _ask(self) -> Plan[KeySet | _Failure]:
        try:
            response = yield KeysRequest("GetJWKS", "GET", "/jwks")
            keys = keys_of_set(loads(response.content))
        except (ClerkAPIResponseError, ClerkConnectionError) as error:
            return _failure_of(error)
        except (ValueError, RecursionError):
            keys = None
        if keys is None:
            return _not_loaded("the service's response has no keys", None)
        return KeySet(keys, self._clock())


def _failure_of(error: ClerkAPIResponseError | ClerkConnectionError) -> _Failure:
    if isinstance(error, ClerkAPIResponseError) and any(found.code == "clerk_key_invalid" for found in error.errors):
        return _Failure(
            "secret-key-invalid",
            "the service does not know the secret key",
            "set CLERK_SECRET_KEY to a current key of the instance",
            error,
        )
    return _not_loaded(str(error), error)


def _not_loaded(what: str, cause: BaseException | None) -> _Failure:
    return _Failure(
        "jwk-remote-failed-to-load",
        f"the keys to check tokens with could not be fetched: {what}",
        "try again, or set CLERK_JWT_KEY to do without this request",
        cause,
    )


class KeyRing:
    """The key caches of all instances. One is dropped when the last client that uses it is closed or garbage collected.

    Args:
        clock: Returns the time in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self._lock = Lock()
        self._caches: dict[tuple[str, ...], KeyCache] = {}
        _rings.add(self)

    def start_anew(self) -> None:
        """Replace the lock, which another thread may have held when the process forked, and forget all keys."""
        self._lock = Lock()
        for cache in list(self._caches.values()):
            cache.start_anew()

    def cache(self, user: object, root_url: str, version: str, secret: str) -> KeyCache:
        """Return the cache of an instance.

        Args:
            user: The verifier that uses it, until it releases it or is garbage collected.
            root_url: The URL of its API.
            version: The API's version.
            secret: Its secret key.
        """
        name = (root_url, version, sha256(secret.encode()).hexdigest())
        with self._lock:
            cache = self._caches.get(name)
            if cache is None:
                self._caches = {name: cache for name, cache in self._caches.items() if cache.users or cache.current()}
                cache = self._caches[name] = KeyCache(self.clock)
            cache.users.add(user)
            return cache

    def release(self, user: object) -> None:
        """Drop the cache that a verifier used, unless others use it too."""
        with self._lock:
            for name, cache in list(self._caches.items()):
                if user in cache.users:
                    cache.users.discard(user)
                    if not cache.users:
                        del self._caches[name]


_rings: WeakSet[KeyRing] = WeakSet()
shared_ring = KeyRing()
"""The key ring of all clients that send their requests over the network."""


def _start_anew_after_fork() -> None:
    for ring in list(_rings):
        ring.start_anew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_anew_after_fork)

__all__ = ["KeyCache", "KeyRing", "KeySet", "shared_ring"]
