"""Signs webhooks as Clerk does."""

from __future__ import annotations

import base64
import json
import os
import secrets
import time
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from clerk import events
from clerk._webhook_keys import PREFIX, VARIABLE, signing_keys

SIGNING_SECRET = PREFIX + base64.b64encode(b"a secret for local tests").decode()
"""The default signing secret of the local service; it is valid nowhere else."""


class SignedWebhook(NamedTuple):
    """A signed webhook.

    Attributes:
        body: The body.
        headers: The three signed headers, and the content type.
    """

    body: bytes
    headers: dict[str, str]


def sign_webhook(
    event: events.Event | Mapping[str, Any] | bytes | str,
    *,
    signing_secret: str | Iterable[str] | None = None,
    message_id: str | None = None,
    timestamp: int | None = None,
) -> SignedWebhook:
    """Sign an event as Clerk does.

    ::

        body, headers = sign_webhook({"type": "user.created", "object": "event", "data": {"id": "user_1"}})
        response = test_client.post("/webhooks", content=body, headers=headers)

    Args:
        event: The event, as a model or as JSON data; bytes or text are signed unchanged.
        signing_secret: The endpoint's signing secret, or several, as during a rotation. By default the
            environment variable `CLERK_WEBHOOK_SIGNING_SECRET`, or else `clerk.testing.SIGNING_SECRET`.
        message_id: The id of the message; by default the event's own, or else a new one.
        timestamp: The time of sending, in seconds since the Unix epoch; now by default.

    Returns:
        The body and the headers.

    Raises:
        ClerkConfigurationError: The signing secret is malformed.
    """
    body, own_id = _content(event)
    name = message_id or own_id or f"msg_{secrets.token_hex(14)}"
    moment = str(int(time.time()) if timestamp is None else timestamp)
    if signing_secret is None and not os.environ.get(VARIABLE, "").strip():
        signing_secret = SIGNING_SECRET
    signatures = [key.sign(name.encode(), moment.encode(), body).decode() for key in signing_keys(signing_secret)]
    headers = {
        "content-type": "application/json",
        "svix-id": name,
        "svix-timestamp": moment,
        "svix-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
    return SignedWebhook(body, headers)


def _content(event: events.Event | Mapping[str, Any] | bytes | str) -> tuple[bytes, str]:
    if isinstance(event, bytes):
        return event, ""
    if isinstance(event, str):
        return event.encode(), ""
    if isinstance(event, Mapping):
        return json.dumps(event).encode(), ""
    return json.dumps(event.to_dict()).encode(), event.message_id


__all__ = ["SIGNING_SECRET", "SignedWebhook", "sign_webhook"]
