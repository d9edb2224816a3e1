"""Webhooks: from the request that Clerk sends to a verified event."""

from __future__ import annotations

import hmac
import json
import re
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from clerk_generated import events

from ._checks import wrong_type
from ._drift import Logged, log_once
from ._errors import ClerkConfigurationError, WebhookVerificationError, one_line
from ._webhook_headers import Headers, read_headers
from ._webhook_keys import signing_keys

if TYPE_CHECKING:
    from ._webhook_headers import SignedHeaders
    from ._webhook_keys import SigningKey

TOLERANCE = 300.0
_TIMESTAMP = re.compile(rb"[0-9]{1,18}")
_logged: Logged = {}


def verify_webhook(
    body: bytes | bytearray | memoryview | str,
    headers: Headers,
    *,
    signing_secret: str | Iterable[str] | None = None,
    tolerance: float = TOLERANCE,
) -> events.Event:
    """Check that a request is a webhook from Clerk, and return its event.

    ::

        event = verify_webhook(await request.body(), request.headers)
        if isinstance(event, events.UserCreated):
            print(event.data.id)

    The same message may arrive more than once, and messages may arrive out of order: store the `event.message_id` of
    those you have handled, and compare times before you overwrite anything.

    Args:
        body: The body exactly as it was received; a string is encoded as UTF-8. JSON that was parsed and serialized
            again no longer matches its signature.
        headers: The request's headers: any mapping, or a list of pairs as in ASGI; names in any case.
        signing_secret: The endpoint's signing secret, which starts with `whsec_`; pass several while you rotate it.
            By default, the environment variable `CLERK_WEBHOOK_SIGNING_SECRET`, which may hold several separated by
            spaces.
        tolerance: How many seconds the message's timestamp may differ from this machine's clock, either way.

    Returns:
        An event from `clerk.events`: an instance of its own class if its type is known, otherwise an `UnknownEvent`.
        Whatever doesn't match Clerk's document is kept unchanged and logged to `clerk.drift`; `data` of an entirely
        different kind stays plain JSON data.

    Raises:
        WebhookVerificationError: The request is not a webhook from Clerk, or its timestamp is too far off; answer it
            with 400.
        ClerkConfigurationError: There is no signing secret, or it is malformed; or `tolerance` is not a number.
        TypeError: `body` or `headers` is of the wrong type.
    """
    keys = signing_keys(signing_secret)
    del signing_secret  # keeps it out of the traceback's local variables
    content = _content(body)
    signed = read_headers(headers)
    _check_time(signed.timestamp, _check_tolerance(tolerance))
    _check_signature(signed, content, keys)
    return _read_event(content, signed.message_id.decode(errors="replace"))


def _content(body: bytes | bytearray | memoryview | str) -> bytes:
    if isinstance(body, str):
        return body.encode(errors="surrogatepass")  # no real body has lone surrogates: the signature will not match
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body)
    raise TypeError(f"body must be the bytes that were received, or a str, not {type(body).__name__}")


def _check_tolerance(tolerance: object) -> float:
    if isinstance(tolerance, bool) or not isinstance(tolerance, (int, float)):
        raise wrong_type("tolerance", "a number of seconds", tolerance)
    if not tolerance >= 0:
        raise ClerkConfigurationError(f"tolerance must be 0 seconds or more, not {tolerance}")
    return tolerance


def _check_time(timestamp: bytes, tolerance: float) -> None:
    if not _TIMESTAMP.fullmatch(timestamp):
        raise WebhookVerificationError(
            "the time of sending is not a whole number of seconds since 1970", reason="timestamp-malformed"
        )
    age = int(time.time()) - int(timestamp)
    if age > tolerance:
        raise WebhookVerificationError(
            f"it was sent {age} seconds ago, and {tolerance:g} are allowed: it is old, or this clock is fast",
            reason="timestamp-too-old",
        )
    if -age > tolerance:
        raise WebhookVerificationError(
            f"its timestamp is {-age} seconds in the future, and {tolerance:g} are allowed: this clock may be slow",
            reason="timestamp-too-new",
        )


def _check_signature(signed: SignedHeaders, content: bytes, keys: list[SigningKey]) -> None:
    if not any(_is_signed_with(key, signed, content) for key in keys):
        raise WebhookVerificationError(
            "no signature matches: either the body was changed after it was received (pass the raw bytes), "
            "or the signing secret belongs to another endpoint",
            reason="signature-mismatch",
        )


def _is_signed_with(key: SigningKey, signed: SignedHeaders, content: bytes) -> bool:
    expected = key.sign(
        signed.message_id, signed.timestamp, content
    )  # never in a frame that an exception passes through
    versions = (entry.partition(b",") for entry in signed.signatures)
    return any(version == b"v1" and hmac.compare_digest(expected, signature) for version, _, signature in versions)


def _read_event(content: bytes, message_id: str) -> events.Event:
    payload = _read_payload(content)
    event, drifts = events.read(payload)
    event.message_id = message_id
    for drift in drifts:
        log_once(drift, f"webhook {one_line(payload['type'])}", _logged)
    return event


def _read_payload(content: bytes) -> dict[str, Any]:
    try:
        payload = json.loads(content.decode(), parse_constant=_refuse)
    except (ValueError, RecursionError):
        payload = None
    if isinstance(payload, dict) and isinstance(payload.get("type"), str):
        return payload
    raise WebhookVerificationError("the body is signed, but is not a JSON object with a type", reason="body-malformed")


def _refuse(constant: str) -> None:
    raise ValueError(constant)


__all__ = ["TOLERANCE", "verify_webhook"]
