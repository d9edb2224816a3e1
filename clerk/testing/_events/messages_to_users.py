"""Emails and text messages of the local service, as they show in events; none are sent."""

from __future__ import annotations

from .._answers import JSON
from .._resources.users.contacts import TEST_CODE
from .._store.state import State
from .._store.tables import Record

MESSAGES = ("email.created", "sms.created")
_SENDER = "+15555550100"


def show_email(email: Record) -> tuple[str, JSON]:
    """Return the type and data of the event for an email that a backend has sent."""
    shown = {name: value for name, value in email.items() if name[0] != "_"}
    return "email.created", {"object": "email", "slug": None, "data": {}, **shown}


def show_sent_code(state: State, verification: Record) -> tuple[str, JSON]:
    """Return the type and data of the event for a code that goes to an email address or a phone number."""
    shared = {
        "slug": "verification_code",
        "status": "queued",
        "delivered_by_clerk": True,
        "data": {"otp_code": TEST_CODE},
    }
    text = f"The code is {TEST_CODE}."
    if verification["strategy"] == "phone_code":
        phone = state.phone_numbers.get(verification["_contact"]) or {}
        return "sms.created", {
            **shared,
            "object": "sms_message",
            "id": state.new_id("sms"),
            "message": text,
            "from_phone_number": _SENDER,
            "to_phone_number": phone.get("phone_number"),
            "phone_number_id": phone.get("id"),
            "user_id": phone.get("user_id"),
            "created_at": state.now(),
        }
    address = state.email_addresses.get(verification["_contact"]) or {}
    return "email.created", {
        **shared,
        "object": "email",
        "id": state.new_id("ema"),
        "subject": text,
        "body": f"<p>{text}</p>",
        "body_plain": text,
        "from_email_name": "noreply",
        "to_email_address": address.get("email_address"),
        "email_address_id": address.get("id"),
        "user_id": address.get("user_id"),
    }


__all__ = ["MESSAGES", "show_email", "show_sent_code"]
