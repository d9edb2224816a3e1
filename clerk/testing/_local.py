"""The local service as tests see it."""

from __future__ import annotations

import pickle
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
from ._resources.machines.oauth import issue_token
from ._resources.users.seeding import seed_users
from ._service import Service
from ._stand_ins import standing_in
from ._store.state import State

if TYPE_CHECKING:
    from clerk import AsyncHTTPOptions, HTTPOptions
    from clerk._base import BaseClient

    from ._events import delivery
else:
    delivery = LazyModule("clerk.testing._events.delivery")  # not all of its users deliver events

ClientT = TypeVar("ClientT", bound="BaseClient[Any]")  # Any: a pool of either kind

SECRET_KEY = "sk_test_local"  # noqa: S105  # it opens nothing but the local service
API_URL = "http://local-clerk.invalid"
"""Where clients in the same process find the service: nowhere on the network."""


@dataclass(frozen=True)
class Snapshot:
    """What a local service knew at a moment; made by `LocalClerk.snapshot`."""

    content: bytes = field(repr=False)


class LocalClerk(Minting):
    """A Clerk Backend API of your own, in memory: as many as you like, each with its own state.

    ::

        with LocalClerk() as local:
            client = local.client()
            user = client.users.create_user(email_address=["ada@example.com"])

    It needs neither a socket nor a thread, unless `serve` opens one. Any number of threads may use it at once.

    Args:
        secret_key: The key that requests have to come with.
        authorized_party: The origin that session tokens are made for.
        check_answers: Whether every answer is checked against the API's document; a mistake of the local service
            then raises `AssertionError`. Made for its own tests.
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
        """The key that requests have to come with."""
        return self._service.core.secret_key

    @property
    def requests(self) -> list[ReceivedRequest]:
        """The latest requests that were received, the oldest first; `reset` forgets them.

        They are 10,000 at most, and hold 16 MiB of bodies at most, unless the latest alone holds more.
        """
        return self._service.received.all()

    @property
    def events(self) -> list[event_classes.Event]:
        """What has happened here, as Clerk's webhooks tell it: the latest 10,000 events, the oldest first.

        Requests cause events; `seed_users` and time that goes by don't. `reset` forgets them.
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
        """Sign events as Clerk does, and post each to an app in this process or to a URL.

        An ASGI app runs in an event loop of its own, in another thread, and without its lifespan.

        Args:
            receiver: An ASGI app, a WSGI app, or the URL of an endpoint.
            path: The path of the endpoint in an app.
            events: Which events; by default those that nobody has accepted yet. `local.events` are all, to try what
                happens when messages come again: their ids stay.
            order: What puts them into another order, such as `reversed`; by default they come as they happened.
            attempts: How often each is sent at most until it is accepted, without a pause.
            signing_secret: The endpoint's signing secret. By default that of the environment variable
                `CLERK_WEBHOOK_SIGNING_SECRET`, or else `clerk.testing.SIGNING_SECRET`.
            check: Whether an event that is not accepted in the end is an error.

        Returns:
            What came of each.

        Raises:
            DeliveryError: An event was not accepted; the others have been delivered all the same.
            ValueError: `attempts` is less than 1.
        """
        from ._events.delivery import DeliveryError, deliver

        if attempts < 1:
            raise ValueError("attempts has to be 1 or more")
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
            raise DeliveryError(f"not accepted, by the status of each attempt: {listed}") from failed[0].error
        return deliveries

    def client(self, **options: Unpack[ClerkOptions]) -> clerk.ClerkClient:
        """Return a client of this service.

        Args:
            **options: Options of `clerk.ClerkClient`; where it leads, and through what, is settled.
        """
        return self._with_keys(clerk.ClerkClient(**self._options(options)))

    def async_client(self, **options: Unpack[AsyncClerkOptions]) -> clerk.AsyncClerkClient:
        """Return an async client of this service.

        Args:
            **options: Options of `clerk.AsyncClerkClient`; where it leads, and through what, is settled.
        """
        return self._with_keys(clerk.AsyncClerkClient(**self._async_options(options)))

    def _with_keys(self, client: ClientT) -> ClientT:
        # All local services have one URL and, unless told, one key: what they publish is told apart by this alone.
        client._state().key_ring = self._service.key_ring  # noqa: SLF001  the package's own
        return client

    @contextmanager
    def as_default(self) -> Iterator[None]:
        """Have this service stand in for the real one, for as long as the context lasts.

        Calls of the default clients, `clerk.clerk_client` and `clerk.async_clerk_client`, lead here, and so do those
        of every other client, whoever made it and when, with whatever key it has. A client that was given an
        `api_url` or a transport of its own goes where it was told, but never to the real service by its URL alone.

        Contexts may overlap, and end in any order: a call goes to the one entered last in its thread or task, else
        to the one entered last anywhere.
        """
        with standing_in(self._service, API_URL):
            yield

    @contextmanager
    def serve(
        self, port: int = 0, *, allowed_hosts: Sequence[str] = (), allowed_origins: Sequence[str] = ()
    ) -> Iterator[str]:
        """Serve over HTTP on 127.0.0.1, in a thread of its own, until the context is left.

        Args:
            port: The port; 0 for any that is free.
            allowed_hosts: Host names, beside `localhost` and the like, by which requests may ask for the service, as
                in a container that others call by its name; `*` for any.
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
        """Have something go wrong with the next requests.

        A request that fails is not carried out, and stores nothing, unless `carried_out` says so: then it is done,
        and its answer is lost on the way.

        Args:
            status: The HTTP status to answer with.
            times: How many requests it goes wrong with.
            retry_after: The header `Retry-After`, in seconds.
            delay: For how many seconds the answer is held back; alone, the answer is the usual one, only late.
            drop: Whether the connection breaks off instead of an answer.
            carried_out: Whether the request is carried out before it goes wrong.
            method: Only with requests of this method.
            path: Only with requests whose path, below `/v1`, begins with this.

        Raises:
            ValueError: Nothing would go wrong, or `times` is less than 1.
        """
        if status is None and not drop and delay <= 0:
            raise ValueError("say what goes wrong: status, drop or delay")
        if times < 1:
            raise ValueError("times has to be 1 or more")
        self._service.faults.add(
            Fault(times, status, retry_after, delay, drop, carried_out, method and method.upper(), path)
        )

    def seed_users(self, count: int) -> list[str]:
        """Make users as a backend would have made them, only faster.

        Args:
            count: How many. Each gets the first address of `user1@example.com`, `user2@example.com` and so on that is
                free.

        Returns:
            Their ids, the oldest first.
        """
        with self._service.core.lock:
            return seed_users(self._service.core.state, count)

    def create_oauth_access_token(
        self, oauth_application_id: str, user_id: str, *, scopes: list[str] | None = None
    ) -> str:
        """Return an access token of an OAuth application, as if a user had signed in there.

        Args:
            oauth_application_id: The application.
            user_id: The user.
            scopes: What the token allows; all that the application may ask for by default.

        Raises:
            RefusalError: There is no such application or user, or the application may not ask for a scope.
        """
        with self._service.core.lock:
            token = issue_token(self._service.core.state, oauth_application_id, user_id, scopes)
            self._service.core.state.journal.commit()
            return token

    def advance(self, seconds: float) -> None:
        """Move the service's clock on, so that sessions, invitations, keys and tokens expire.

        The clients that this object made, and those that it stands in for, check tokens by the same clock.

        Args:
            seconds: By how many seconds.
        """
        with self._service.core.lock:
            self._service.core.state.skew += int(seconds * 1000)

    def reset(self) -> None:
        """Forget everything: state, events, requests, faults to come, and the moves of the clock."""
        authorized_party = self.authorized_party
        with self._service.core.lock:
            self._service.core.state = State()
            self._service.core.state.authorized_party = authorized_party
            self._service.key_ring.start_anew()
            self._service.received.clear()
            self._service.faults.clear()

    def snapshot(self) -> Snapshot:
        """Return what the service knows now, for `restore`."""
        with self._service.core.lock:
            return Snapshot(pickle.dumps(self._service.core.state))

    def restore(self, snapshot: Snapshot) -> None:
        """Have the service know what it knew when a snapshot was made; any number of times."""
        state: State = pickle.loads(snapshot.content)  # noqa: S301  # `snapshot` made it, in this process
        with self._service.core.lock:
            self._service.core.state = state
            self._service.key_ring.start_anew()

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
