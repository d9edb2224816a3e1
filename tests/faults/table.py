"""The faults that a service can show, and how a GET and a POST end then."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx

from clerk import (
    UNSET,
    ClerkAPIResponseError,
    ClerkConnectionError,
    ClerkTimeoutError,
    InternalServerError,
    RateLimitError,
    UnprocessableEntityError,
)
from tests.faults.acts import TRACE_ID, bare, compressed, drip, faulty, head
from tests.faults.bodies import USER, JSONDict, errors, user, user_with_status, user_without
from tests.faults.outcomes import (
    Outcome,
    Raised,
    Returned,
    connection_error,
    decode_error,
    describe,
    details,
)
from tests.support.server import Act, raw, reset, stall

KEPT = 65_536  # bytes of the body of an unsuccessful answer
SHORT = {"timeout": httpx.Timeout(30, read=0.05)}  # for what is to run into a timeout


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that can go wrong.

    Attributes:
        name: What goes wrong, in the words of the table.
        script: What the service does, one act for each request, the last one again and again. It takes the URL of
            another host. None where nothing listens.
        get: How a GET ends.
        post: How a POST ends.
        http_options: Options of the client that it takes to see the fault.
        deadline: The client's deadline, in seconds.
        due: Whether a user is due in the answer, or no content.
    """

    name: str
    script: Callable[[str], list[Act]] | None
    get: Outcome
    post: Outcome
    http_options: dict[str, Any] = field(default_factory=dict[str, Any])  # Any: one type per option
    deadline: float | None = 120.0
    due: Literal["a user", "no content"] = "a user"


def _script(*acts: Act) -> Callable[[str], list[Act]]:
    return lambda _: list(acts)


def _same(name: str, act: Act, outcome: Outcome, **more: Any) -> Fault:  # Any: one type per attribute
    return Fault(name=name, script=_script(act), get=outcome, post=outcome, **more)


def _broken(name: str, act: Act, cause: type[httpx.HTTPError], **more: Any) -> Fault:  # Any: one type per attribute
    return Fault(
        name=name, script=_script(act), get=connection_error(cause, 3), post=connection_error(cause, 1), **more
    )


_CONNECTIONS = [
    Fault(
        name="Nobody listens: connection refused",
        script=None,
        get=connection_error(httpx.ConnectError, 3),
        post=connection_error(httpx.ConnectError, 3),
    ),
    _broken("Connection reset before the answer", reset(), httpx.ReadError),
    _broken("Connection reset within the answer", reset(head(200, "content-length: 99") + b"{"), httpx.ReadError),
    _broken("Connection closed without an answer", raw(b""), httpx.RemoteProtocolError),
    _broken("Connection closed within the head", raw(b"HTTP/1.1 200 OK\r\ncontent-le"), httpx.RemoteProtocolError),
    _broken(
        "Connection closed within the body", raw(head(200, "content-length: 99") + b"{"), httpx.RemoteProtocolError
    ),
    _broken(
        "Connection closed within a chunked body",
        raw(head(200, "transfer-encoding: chunked") + b"5\r\n12345\r\n"),
        httpx.RemoteProtocolError,
    ),
    _broken("Garbage instead of HTTP", bare(b"\x00\x01\x02 garbage\r\n\r\n"), httpx.RemoteProtocolError),
    _broken("Nothing comes (stall)", stall(), httpx.ReadTimeout, http_options=SHORT),
    _broken(
        "Nothing more comes within the body",
        stall(head(200, "content-length: 99") + b"{"),
        httpx.ReadTimeout,
        http_options=SHORT,
    ),
    _same(
        "The body comes byte by byte, beyond the deadline",
        drip(head(200, "content-length: 999999")),
        Raised(error=ClerkTimeoutError, says="not done within the deadline of 1 s, after 1 attempt"),
        deadline=1.0,
    ),
]


def _limited(
    name: str, headers: dict[str, str], *, retry_after: float | None, tries: int, deadline: float = 120.0
) -> Fault:
    return _same(
        name,
        faulty(429, errors(), headers),
        Raised(
            error=RateLimitError,
            status_code=429,
            codes=("resource_exhausted",),
            trace_id=TRACE_ID,
            retry_after=retry_after,
            tries=tries,
            waits=None if retry_after is None else (retry_after,) * (tries - 1),
        ),
        deadline=deadline,
    )


_DATES = {"retry-after": "Fri, 31 Jan 2025 12:00:30 GMT", "date": "Fri, 31 Jan 2025 12:00:00 GMT"}
_LIMITS = [
    _limited("429, `Retry-After` in seconds", {"retry-after": "7"}, retry_after=7, tries=3),
    _limited("429, `Retry-After` as a date", _DATES, retry_after=30, tries=3),
    _limited("429 without `Retry-After`", {}, retry_after=None, tries=3),
    _limited("429, `Retry-After` above 60 s", {"retry-after": "3600"}, retry_after=3600, tries=1),
    _limited("429, `Retry-After` beyond the deadline", {"retry-after": "60"}, retry_after=60, tries=1, deadline=59),
]


def _passing(
    name: str,
    status: int,
    body: object,
    *,
    trace_id: str = TRACE_ID,
    headers: dict[str, str] | None = None,
    waits: tuple[float, ...] | None = None,
) -> Fault:
    def outcome(tries: int) -> Raised:
        is_html = isinstance(body, bytes)
        return Raised(
            error=InternalServerError,
            status_code=status,
            body=body if isinstance(body, bytes) else None,
            codes=() if is_html else ("resource_exhausted",),
            trace_id=trace_id,
            retry_after=waits[0] if waits else None,
            tries=tries,
            waits=waits if tries > 1 else None,
        )

    return Fault(name=name, script=_script(faulty(status, body, headers)), get=outcome(3), post=outcome(1))


def _failing(name: str, act: Act, status: int, **more: Any) -> Fault:  # Any: one type per attribute
    return _same(
        name,
        act,
        Raised(
            error=InternalServerError if status >= 500 else ClerkAPIResponseError,
            status_code=status,
            trace_id=TRACE_ID,
            **more,
        ),
    )


_HTML = b"<html><h1>Bad Gateway</h1></html>"
_REPORT = errors(clerk_trace_id="trace_2")
_STATUSES = [
    _failing("500", faulty(500, errors()), 500, codes=("resource_exhausted",)),
    _passing("502", 502, errors()),
    _passing("503", 503, _REPORT, trace_id="trace_2"),
    _passing("503, `Retry-After` in seconds", 503, errors(), waits=(9, 9), headers={"retry-after": "9"}),
    _passing("504", 504, errors()),
    _passing("502 with HTML", 502, _HTML, headers={"content-type": "text/html"}),
    _failing("500 with truncated JSON", faulty(500, b'{"errors": [{"co'), 500, body=b'{"errors": [{"co'),
    _failing("500 without a body", faulty(500), 500, body=b""),
    _failing(
        "500, connection closed within the body", raw(head(500, "content-length: 99") + b"first"), 500, body=b"first"
    ),
    _failing("500 with a huge body", faulty(500, b"x" * 4_000_000), 500, body=b"x" * KEPT),
    _failing("599", faulty(599, b"odd"), 599, body=b"odd"),
    _failing("418", faulty(418, b"odd"), 418, body=b"odd"),
    _same(
        "422",
        faulty(422, _REPORT),
        Raised(error=UnprocessableEntityError, status_code=422, codes=("resource_exhausted",), trace_id="trace_2"),
    ),
    Fault(
        name="Redirect to another host, which sees nothing",
        script=lambda other: [faulty(307, b"moved", {"location": f"{other}/v1/users/user_1"})],
        get=Raised(error=ClerkAPIResponseError, status_code=307, trace_id=TRACE_ID, body=b"moved"),
        post=Raised(error=ClerkAPIResponseError, status_code=307, trace_id=TRACE_ID, body=b"moved"),
    ),
]


def _returned(name: str, act: Act, shows: str, is_right: Callable[[Any], bool], drift: str | None = None) -> Fault:
    return _same(name, act, Returned(shows=shows, is_right=is_right, drift=drift))


def _is_user(result: Any) -> bool:  # Any: what an operation returns
    return bool(result.to_dict() == USER)


_GZIP = {"content-encoding": "gzip"}
_HUGE: JSONDict = user(public_metadata={"huge": "x" * 4_000_000})
_BODIES = [
    _same("200 with truncated JSON", faulty(200, b'{"id": "us'), decode_error(b'{"id": "us', "the body is not JSON")),
    _same("200 with HTML", faulty(200, _HTML), decode_error(_HTML, "the body is not JSON")),
    _same("200 without a body", faulty(200), decode_error(b"", "the body is not JSON")),
    _same("204 where a body was due", faulty(204), decode_error(b"", "the body is not JSON")),
    _same("200 with `null`", faulty(200, None), decode_error(b"null", "null where the model is expected", None)),
    _same("200 with JSON of another shape", faulty(200, [1]), decode_error(b"[1]", "an array where the model", None)),
    _same(
        "gzip cut short",
        faulty(200, compressed(USER)[:30], _GZIP),
        decode_error(zlib.decompressobj(31).decompress(compressed(USER)[:30]), "the body is not JSON"),
    ),
    _same(
        "gzip that is none",
        faulty(200, b"plain text", _GZIP),
        Raised(error=ClerkConnectionError, cause=httpx.DecodingError, says="DecodingError"),
    ),
    _same(
        "gzip with an error within",
        faulty(200, compressed(USER)[:30] + b"\xff" * 30, _GZIP),
        Raised(error=ClerkConnectionError, cause=httpx.DecodingError, says="DecodingError"),
    ),
    Fault(
        name="A body where 204 was due",
        script=_script(faulty(200, {"unexpected": True})),
        get=Returned(shows="`None`", is_right=lambda result: result is None),
        post=Returned(shows="`None`", is_right=lambda result: result is None),
        due="no content",
    ),
    _returned("299", faulty(299, USER), "the user", _is_user),
    _returned("A huge body", faulty(200, _HUGE), "the user", lambda found: bool(found.to_dict() == _HUGE)),
    _returned(
        "Unknown value of an enumeration",
        faulty(200, user_with_status("brand_new")),
        "the value as it came",
        lambda found: bool(found.email_addresses[0].verification.status == "brand_new"),
    ),
    _returned(
        "Unknown property",
        faulty(200, user(brand_new=[1])),
        "it is in `additional_properties`",
        lambda found: bool(found.additional_properties == {"brand_new": [1]} and found.id == "user_1"),
    ),
    _returned(
        "Required property missing",
        faulty(200, user_without("banned")),
        "it reads `UNSET`",
        lambda found: found.banned is UNSET and found.id == "user_1",
        drift="User at banned: is missing",
    ),
    _returned(
        "Null where none is allowed",
        faulty(200, user(banned=None)),
        "it reads `None`",
        lambda found: found.banned is None and found.id == "user_1",
        drift="User at banned: is null, not a boolean",
    ),
    _returned(
        "Property of another type",
        faulty(200, user(banned="no")),
        "it reads as it came",
        lambda found: bool(found.banned == "no" and found.id == "user_1"),
        drift="User at banned: is a string, not a boolean",
    ),
]

_RECOVERIES = [
    Fault(
        name="503 twice, then a good answer",
        script=_script(faulty(503), faulty(503), faulty(200, USER)),
        get=Returned(shows="the user", is_right=_is_user, tries=3),
        post=Raised(error=InternalServerError, status_code=503, trace_id=TRACE_ID, body=b""),
    ),
    Fault(
        name="429, then a good answer",
        script=_script(faulty(429, headers={"retry-after": "3"}), faulty(200, USER)),
        get=Returned(shows="the user", is_right=_is_user, tries=2, waits=(3,)),
        post=Returned(shows="the user", is_right=_is_user, tries=2, waits=(3,)),
    ),
    Fault(
        name="Connection reset, then a good answer",
        script=_script(reset(), faulty(200, USER)),
        get=Returned(shows="the user", is_right=_is_user, tries=2),
        post=connection_error(httpx.ReadError, 1),
    ),
]

FAULTS: tuple[Fault, ...] = (*_CONNECTIONS, *_LIMITS, *_STATUSES, *_BODIES, *_RECOVERIES)


def markdown(faults: Iterable[Fault] = FAULTS) -> str:
    """The table for the documentation."""
    lines = ["| what happens | GET | POST | what the caller finds |", "|---|---|---|---|"]
    for fault in faults:
        found = dict.fromkeys(filter(None, [details(fault.get), details(fault.post)]))
        lines.append(f"| {fault.name} | {describe(fault.get)} | {describe(fault.post)} | {'; '.join(found)} |")
    return "\n".join(lines) + "\n"


__all__ = ["FAULTS", "Fault", "markdown"]
