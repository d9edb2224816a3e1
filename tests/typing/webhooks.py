"""What users see of webhooks; read by mypy and pyright, never run."""

from __future__ import annotations

from typing import Any, Literal, assert_type

import clerk
from clerk import Unset, WebhookVerificationError, events, verify_webhook
from clerk.events import Event, UserCreated


def headers(mapping: dict[str, str], lists: dict[str, list[str]], pairs: list[tuple[bytes, bytes]]) -> None:
    verify_webhook(b"{}", mapping)
    verify_webhook("{}", lists, signing_secret="whsec_a", tolerance=60)
    verify_webhook(bytearray(), pairs, signing_secret=["whsec_a", "whsec_b"])
    verify_webhook({"type": "user.created"}, mapping)  # type: ignore[arg-type]  # JSON that was read: no bytes
    verify_webhook(b"{}", mapping, "whsec_a")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # by keyword


def a_match(event: Event) -> str:
    assert_type(event.message_id, str)
    assert_type(event.timestamp, int | Unset)
    match event:
        case events.UserCreated():
            assert_type(event, UserCreated)
            assert_type(event.type, Literal["user.created"])
            assert_type(event.data, events.User)
            assert_type(event.data.primary_email_address_id, str | None)
        case events.UserDeleted(data=deleted):
            assert_type(deleted, events.DeletedObject)
        case events.SessionCreated() | events.SessionRevoked():
            assert_type(event.data, events.Session)
            assert_type(event.data.user, events.User)
        case events.UnknownEvent():
            event.type.removeprefix("brand.")
            assert_type(event.data, Any)
        case _:
            _ = event.data.idd  # type: ignore[union-attr]  # pyright: ignore[reportAttributeAccessIssue]
    return event.type


def a_comparison(event: Event) -> None:
    if event.type == "user.created":
        assert_type(event, events.UserCreated)
        assert_type(event.data, events.User)
    elif event.type == "session.ended":
        assert_type(event, events.SessionEnded)
        assert_type(event.data.user.id, str)
    elif isinstance(event, events.UnknownEvent):
        if str(event.type) == "brand.new":
            assert_type(event.data, Any)
    else:
        _ = event.data.idd  # type: ignore[union-attr]  # pyright: ignore[reportAttributeAccessIssue]


def an_error(error: WebhookVerificationError) -> None:
    if error.reason == "timestamp-too-old":
        assert_type(error.reason, Literal["timestamp-too-old"])
    assert error.reason == "too-old"  # type: ignore[comparison-overlap]


def names() -> None:
    assert_type(verify_webhook(b"", {}), Event)
    clerk.webhooks.create_svix_app()
    _ = clerk.events.UserCreatd  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    status: clerk.events.SessionStatus = "pending"
    assert status
