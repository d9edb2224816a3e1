"""The local service, as tests use it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack

import clerk
from clerk import events as event_classes
from clerk._option_types import AsyncClerkOptions, ClerkOptions
from clerk_generated._runtime.lazy import LazyModule

from ._http.faults import Fault
from ._http.received import ReceivedRequest
from ._http.transports import AsyncLocalTransport, LocalTransport
from ._minting import Minting
from ._service import Service
from ._stand_ins import standing_in
from ._store.state import State

if TYPE_CHECKING:
    from clerk import AsyncHTTPOptions, HTTPOptions
    from clerk._base import BaseClient

    from ._events import delivery
else:
    delivery = LazyModule("clerk.testing._events.delivery")  # not every user delivers events

ClientT = TypeVar("ClientT", bound="BaseClient[Any]")  # Any: a pool of either kind

SECRET_KEY = "sk_test_local"  # noqa: S105  # it is valid only for the local service
API_URL = "http://local-clerk.invalid"
"""The URL of the service for clients in the same process; it does not exist on the network."""


@dataclass(frozen=True)
class Snapshot:
    """The state of a local service at one moment; made by `LocalClerk.snapshot`."""

    content: bytes = field(repr=False)


class LocalClerk(Minting):
    """A Clerk Backend API of your own, in memory: as many as you like, each with its own state.

    ::

        with LocalClerk() as local:
            client = local.client()
            user = client.users.create_user(email_address=["ada@example.com"])

    It needs neither a socket nor a thread, unless you call `serve`. Any number of threads may use it at once.

    Args:
        secret_key: The key that requests must have.
        authorized_party: The origin that session tokens are issued for.
        check_answers: Whether every response is checked against the API's document; a bug in the local service then
            raises `AssertionError`. Meant for its own tests.
    """

    def __init__(
        self,
        *,
        secret_key: str = SECRET_KEY,
        authorized_party: str = "http://localhost:3000",
        check_answers: bool = False,
    ) -> None:
        self._service = Service(secret_key, check_answers=check_answers)
        self.authorized_party = authorized_party

    @property
    def secret_key(self) -> str:
        """The key that requests must have."""
        return self._service.core.secret_key

    @property
    def requests(self) -> list[ReceivedRequest]:
        """The latest requests that were received, oldest first; `reset` forgets them.

        At most 10,000 are kept, with at most 16 MiB of bodies, unless the last one alone is larger.
        """
        return self._service.received.all()

    @property
    def events(self) -> list[event_classes.Event]:
        """What has happened here, as the events of Clerk's webhooks: the latest 10,000, oldest first.

        Requests cause events; `seed_users` and the passing of time don't. `reset` forgets them.
        """
        with self._service.core.lock:
            messages = list(self._service.core.state.messages)
        return [message.event for message in messages]

    def deliver_to(
        self,
        receiver: delivery.App | str,
        *,
        path: str = "/webhooks",
        events: Iterable[event_classes.Event] | None = None,
        order: delivery.Order | None = None,
        attempts: int = 1,
        signing_secret: str | None = None,
        check: bool = True,
    ) -> list[delivery.Delivery]:
        """Sign events like Clerk, and post each to an app in this process or to a URL.

        An ASGI app runs in an event loop of its own in another thread, without its lifespan.

        Args:
            receiver: An ASGI app, a WSGI app, or the URL of an endpoint.
            path: The path of the endpoint in an app.
            events: Which events; by default those that have not been accepted yet. Pass `local.events` for all of them,
                to test what happens when messages arrive again with the same ids.
            order: A function that reorders them, such as `reversed`; by default they are sent as they happened.
            attempts: How many times each is sent at most until it is accepted, without a pause.
            signing_secret: The endpoint's signing secret; by default the environment variable
                `CLERK_WEBHOOK_SIGNING_SECRET`, or else `clerk.testing.SIGNING_SECRET`.
            check: Whether to raise if an event was not accepted after all attempts.

        Returns:
            The outcome of each delivery.

        Raises:
            DeliveryError: An event was not accepted; the others were delivered nevertheless.
            ValueError: `attempts` is less than 1.
        """
        from ._events.delivery import DeliveryError, deliver

        if attempts < 1:
            raise ValueError("attempts must be 1 or more")
        state = self._service.core.state
        chosen = (
            [one for one in self.events if one.message_id not in state.accepted] if events is None else list(events)
        )
        arranged = chosen if order is None else order(chosen)
        deliveries = deliver(arranged, receiver, path, signing_secret=signing_secret, attempts=attempts)
        state.accepted.update(one.event.message_id for one in deliveries if one.is_accepted)
        failed = [one for one in deliveries if not one.is_accepted]
        if failed and check:
            listed = "; ".join(f"{one.event.type} {one.event.message_id}: {one.statuses}" for one in failed)
            raise DeliveryError(f"not accepted (with the status of each attempt): {listed}") from failed[0].error
        return deliveries

    def client(self, **options: Unpack[ClerkOptions]) -> clerk.ClerkClient:
        """Return a client of this service.

        Args:
            **options: Options of `clerk.ClerkClient`, except `api_url` and the transport.
        """
        return self._with_keys(clerk.ClerkClient(**self._options(options)))

    def async_client(self, **options: Unpack[AsyncClerkOptions]) -> clerk.AsyncClerkClient:
        """Return an async client of this service.

        Args:
            **options: Options of `clerk.AsyncClerkClient`, except `api_url` and the transport.
        """
        return self._with_keys(clerk.AsyncClerkClient(**self._async_options(options)))

    def _with_keys(self, client: ClientT) -> ClientT:
        # All local services have the same URL and, by default, the same key: only this tells their key sets apart.
        client._state().make_key_ring = self._service.key_ring  # noqa: SLF001  the package's own
        return client

    @contextmanager
    def as_default(self) -> Iterator[None]:
        """Replace the real service with this one while the context is open.

        The calls of the default clients, `clerk.clerk_client` and `clerk.async_clerk_client`, come here. So do those of
        every other client, whenever it was created and whatever its key. A client with an `api_url` or a transport of
        its own uses that, but its URL alone never leads to the real service.

        Contexts may overlap, and end in any order: a call goes to the one entered last in its thread or task, or
        otherwise to the one entered last anywhere.
        """
        with standing_in(self._service, API_URL):
            yield

    @contextmanager
    def serve(
        self, port: int = 0, *, allowed_hosts: Sequence[str] = (), allowed_origins: Sequence[str] = ()
    ) -> Iterator[str]:
        """Serve over HTTP on 127.0.0.1, in a thread of its own, until the context ends.

        Args:
            port: The port; 0 for any that is free.
            allowed_hosts: Host names to accept in addition to `localhost` and the like, for example the name of the
                container that it runs in; `*` for any.
            allowed_origins: Origins such as `http://localhost:3000` whose pages may call the service from a browser;
                `*` for any.

        Returns:
            The URL to set as `api_url` or `CLERK_API_URL`.

        Raises:
            OSError: The port is taken.
        """
        from ._http.access import Access
        from ._http.server import serving

        with serving(self._service, port, Access(allowed_hosts, allowed_origins)) as url:
            yield url

    def fail_next(
        self,
        *,
        status: int | None = None,
        times: int = 1,
        retry_after: float | None = None,
        delay: float = 0.0,
        drop: bool = False,
        carried_out: bool = False,
        method: str | None = None,
        path: str | None = None,
    ) -> None:
        """Make the next requests fail.

        A request that fails is not carried out and changes nothing, unless `carried_out` is True: then it is carried
        out, and only its response is lost.

        Args:
            status: The HTTP status to answer with.
            times: How many requests fail.
            retry_after: The `Retry-After` header, in seconds.
            delay: How many seconds the response is delayed; on its own, the response is the usual one, only late.
            drop: Whether the connection is dropped instead of a response.
            carried_out: Whether the request is carried out before it fails.
            method: Only requests with this method fail.
            path: Only requests whose path, below `/v1`, starts with this fail.

        Raises:
            ValueError: None of `status`, `drop` and `delay` is given, or `times` is less than 1.
        """
        if status is None and not drop and delay <= 0:
            raise ValueError("pass at least one of status, drop and delay: otherwise nothing fails")
        if times < 1:
            raise ValueError("times must be 1 or more")
        self._service.faults.add(
            Fault(times, status, retry_after, delay, drop, carried_out, method and method.upper(), path)
        )

    def seed_users(self, count: int) -> list[str]:
        """Create users as a backend would, only faster.

        Args:
            count: How many. Each gets the first free address of `user1@example.com`, `user2@example.com` and so on.

        Returns:
            Their ids, oldest first.
        """
        with self._service.core.lock:
            from ._resources.users.seeding import seed_users

            return seed_users(self._service.core.state, count)

    def create_oauth_access_token(
        self, oauth_application_id: str, user_id: str, *, scopes: list[str] | None = None
    ) -> str:
        """Return an access token for an OAuth application, as if a user had signed in there.

        Args:
            oauth_application_id: The application.
            user_id: The user.
            scopes: The token's scopes; by default all that the application may request.

        Raises:
            RefusalError: The application or user does not exist, or the application may not request a scope.
        """
        with self._service.core.lock:
            from ._resources.machines.oauth import issue_token

            token = issue_token(self._service.core.state, oauth_application_id, user_id, scopes)
            self._service.core.state.journal.commit()
            return token

    def advance(self, seconds: float) -> None:
        """Advance the service's clock, so that sessions, invitations, keys and tokens expire.

        The clients that this object created, and those whose calls it receives, check tokens by the same clock.

        Args:
            seconds: By how many seconds.
        """
        with self._service.core.lock:
            self._service.core.state.skew += int(seconds * 1000)

    def reset(self) -> None:
        """Forget everything: state, events, requests and pending faults; the clock is reset, too."""
        authorized_party = self.authorized_party
        with self._service.core.lock:
            self._service.core.state = State()
            self._service.core.state.authorized_party = authorized_party
            self._service.forget_keys()
            self._service.received.clear()
            self._service.faults.clear()

    def snapshot(self) -> Snapshot:
        """Return the service's current state, for `restore`."""
        with self._service.core.lock:
            import pickle

            return Snapshot(pickle.dumps(self._service.core.state))

    def restore(self, snapshot: Snapshot) -> None:
        """Restore the state of a snapshot; the same snapshot can be restored any number of times."""
        import pickle

        state: State = pickle.loads(snapshot.content)  # noqa: S301  # `snapshot` made it, in this process
        with self._service.core.lock:
            self._service.core.state = state
            self._service.forget_keys()

    def close(self) -> None:
        """Forget everything."""
        self.reset()

    def _options(self, given: ClerkOptions) -> ClerkOptions:
        http: HTTPOptions = {**(given.get("http_options") or {}), "transport": LocalTransport(self._service)}
        keys: ClerkOptions = {"secret_key": self.secret_key, "publishable_key": self.publishable_key}
        return {**keys, **given, "api_url": API_URL, "http_options": http}

    def _async_options(self, given: AsyncClerkOptions) -> AsyncClerkOptions:
        http: AsyncHTTPOptions = {**(given.get("http_options") or {}), "transport": AsyncLocalTransport(self._service)}
        keys: AsyncClerkOptions = {"secret_key": self.secret_key, "publishable_key": self.publishable_key}
        return {**keys, **given, "api_url": API_URL, "http_options": http}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
