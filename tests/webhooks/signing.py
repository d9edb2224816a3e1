"""Webhooks signed here, from the rules alone: nothing of what is tested has a part in it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

KEY = bytes(range(24))
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"
OTHER_SECRET = f"whsec_{base64.b64encode(bytes(range(1, 33))).decode()}"

EVENT = {"type": "user.deleted", "object": "event", "data": {"id": "user_1", "object": "user", "deleted": True}}
BODY = json.dumps(EVENT).encode()


def signature(body: bytes, message_id: str, timestamp: str, secret: str = SECRET) -> str:
    """Return one entry of the header `svix-signature`."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def signed(
    body: bytes = BODY, *, message_id: str = "msg_1", at: object = None, secret: str = SECRET, prefix: str = "svix-"
) -> dict[str, str]:
    """Return the headers of a webhook."""
    timestamp = str(int(time.time()) if at is None else at)
    return {
        f"{prefix}id": message_id,
        f"{prefix}timestamp": timestamp,
        f"{prefix}signature": signature(body, message_id, timestamp, secret),
    }


def body_of(event: Any) -> bytes:  # any JSON value
    """Return an event as the body of a request."""
    return json.dumps(event).encode()
