"""What a case is: a client, and what it is asked one step after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.auth.tokens import DEVELOPMENT_HOST, HOST, NOW, encoded, jwk, publishable_key

ORIGIN = "https://app.example.com"
Answers = dict[str, list[Any]]
KEYS: Answers = {"GET /jwks": [200, {"keys": [jwk()]}]}


@dataclass(frozen=True)
class Step:
    """One thing that a client is asked.

    Attributes:
        call: `verify_token` or `authenticate_request`.
        options: The options of the call.
        token: The token, for the one.
        request: Method, URL and headers, for the other.
        has: What the auth object is asked to have.
        answers: What the service answers, by method and path; no connection is made where nothing is said.
        time: The time in seconds.
    """

    call: str
    options: dict[str, Any] = field(default_factory=dict)
    token: str = ""
    request: dict[str, Any] = field(default_factory=dict)
    has: list[dict[str, Any]] = field(default_factory=list)
    answers: Answers = field(default_factory=lambda: dict(KEYS))
    time: float = NOW


@dataclass(frozen=True)
class Case:
    """A client, what it is asked, and whether ours is to say something else than the other.

    Attributes:
        name: What the case is about.
        steps: What the client is asked.
        client: The client's options.
        why: The name of the reason for a difference, or empty where there is none.
    """

    name: str
    steps: list[Step]
    client: dict[str, Any]
    why: str = ""


_count = 0


def client_options(**changes: Any) -> dict[str, Any]:
    """Return the options of a client with a secret key of its own, so that it shares its keys with nobody."""
    global _count  # noqa: PLW0603  one number for each client
    _count += 1
    usual = {"secret_key": f"sk_test_{encoded(str(_count).encode())}", "publishable_key": publishable_key()}
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


DEVELOPMENT = {"publishable_key": publishable_key(DEVELOPMENT_HOST, "test")}


def verifies(name: str, token: str, why: str = "", *, client: dict[str, Any] | None = None, **options: Any) -> Case:
    """Return a case about one token."""
    return Case(name, [Step("verify_token", options, token)], client or client_options(), why)


def request(headers: dict[str, str], *, method: str = "GET", url: str = f"{ORIGIN}/page?tab=1") -> dict[str, Any]:
    """Return a request."""
    return {"method": method, "url": url, "headers": headers}


def page(headers: dict[str, str], *, url: str = f"{ORIGIN}/page?tab=1") -> dict[str, Any]:
    """Return the request of a browser that opens a page."""
    return request({"sec-fetch-dest": "document", **headers}, url=url)


def authenticates(
    name: str,
    asked: dict[str, Any],
    why: str = "",
    *,
    client: dict[str, Any] | None = None,
    has: Iterable[dict[str, Any]] = (),
    answers: Answers | None = None,
    time: float = NOW,
    **options: Any,
) -> Case:
    """Return a case about one request."""
    step = Step("authenticate_request", options, request=asked, has=list(has), answers=answers or dict(KEYS), time=time)
    return Case(name, [step], client or client_options(), why)


def bearer(token: str) -> dict[str, str]:
    """Return headers with a token."""
    return {"authorization": f"Bearer {token}"}


Cases = Callable[[], Iterator[Case]]
__all__ = [
    "DEVELOPMENT",
    "HOST",
    "KEYS",
    "ORIGIN",
    "Answers",
    "Case",
    "Cases",
    "Step",
    "authenticates",
    "bearer",
    "client_options",
    "page",
    "request",
    "verifies",
]
