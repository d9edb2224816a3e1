"""Emails: one, many, and what is kept of them."""

from __future__ import annotations

import base64
from typing import Any

import httpx
import pytest

from clerk import ClerkConnectionError
from clerk.testing import LocalClerk

from .conftest import Client, Refused

MESSAGE: dict[str, Any] = {
    "from_": {"address": "me@example.com"},
    "to": {"address": "Ada@example.com"},
    "subject": "Hello",
    "text": "Hello.",
}


def on_the_wire(**changes: Any) -> dict[str, Any]:
    message = {**MESSAGE, **changes}
    return {"from" if name == "from_" else name: value for name, value in message.items()}


def test_an_email_is_kept(client: Client, refused: Refused) -> None:
    attachment = {"filename": "a.txt", "content": base64.b64encode(b"words").decode()}
    more = {"cc": ["b@example.com"], "bcc": ["c@example.com"], "headers": {"X-Mine": "1"}, "attachments": [attachment]}
    made = client.emails.create(**MESSAGE, **more)
    assert client.emails.get(made.id) == made
    assert (made.to_email_address, made.subject) == ("ada@example.com", "Hello")
    assert refused(client.emails.get, "ema_1") == (404, [("resource_not_found", None)])


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"cc": ["nobody"]}, "form_param_format_invalid"),
        ({"cc": ["ADA@example.com"]}, "form_param_duplicate"),
        ({"bcc": [f"u{number}@example.com" for number in range(50)]}, "form_param_array_size_exceeded"),
        ({"attachments": [{"filename": "a", "content": "%"}]}, "form_param_format_invalid"),
        ({"attachments": [{"filename": "a", "content": "A" * 1_398_104}]}, "form_param_exceeds_allowed_size"),
        ({"attachments": [{"filename": "a", "content": ""}] * 11}, "form_param_array_size_exceeded"),
    ],
)
def test_emails_that_are_refused(client: Client, refused: Refused, wrong: dict[str, Any], code: str) -> None:
    _, ((found, _),) = refused(client.emails.create, **MESSAGE, **wrong)
    assert found == code


def test_a_batch_takes_each_on_its_own(client: Client, local: LocalClerk) -> None:
    good, bad = on_the_wire(idempotency_key="a"), on_the_wire(to={"user_id": "user_1"})
    first, second, third = client.emails.create_batch(messages=[good, bad, good])
    assert (first.index, first.status_code, second.index, second.status_code) == (0, 200, 1, 404)
    assert second.errors[0].code == "resource_not_found"
    assert third.email.id == first.email.id == client.emails.get(first.email.id).id
    (other,) = client.emails.create_batch(messages=[{**good, "subject": "Other"}])
    assert (other.status_code, other.errors[0].code) == (409, "resource_conflict")


def test_the_header_for_repeats(raw: httpx.Client) -> None:
    def send(key: str, subject: str = "Hello") -> httpx.Response:
        return raw.post("/email", json=on_the_wire(subject=subject), headers={"Idempotency-Key": key})

    assert send("a").json()["id"] == send("a").json()["id"] != send("b").json()["id"]
    assert send("a", "Other").status_code == 409
    assert send("no blanks").status_code == 422


def test_an_email_with_a_key_is_sent_once(client: Client, refused: Refused) -> None:
    made = client.emails.create(**MESSAGE, idempotency_key="order-1")
    assert client.emails.create(**MESSAGE, idempotency_key="order-1") == made
    assert client.emails.create(**MESSAGE, idempotency_key="order-2").id != made.id
    assert client.emails.create(**MESSAGE).id != client.emails.create(**MESSAGE).id
    assert refused(client.emails.create, **MESSAGE, idempotency_key="no blanks") == (
        422,
        [("form_param_format_invalid", "Idempotency-Key")],
    )
    other = {**MESSAGE, "subject": "Other"}
    assert refused(client.emails.create, **other, idempotency_key="order-1")[0] == 409


def test_an_email_whose_answer_was_lost_is_sent_once() -> None:
    with LocalClerk() as local, local.client() as client:
        local.fail_next(drop=True, carried_out=True)
        made = client.emails.create(**MESSAGE, idempotency_key="order-1")
        first, second = local.requests
        assert first.headers["idempotency-key"] == second.headers["idempotency-key"] == "order-1"
        assert client.emails.create(**MESSAGE, idempotency_key="order-1").id == made.id
        local.fail_next(drop=True, carried_out=True)
        with pytest.raises(ClerkConnectionError):
            client.emails.create(**MESSAGE)


def test_an_invitation_is_deleted(client: Client, refused: Refused) -> None:
    made = client.invitations.create_invitation(email_address="a@example.com")
    assert client.invitations.delete_invitation(made.id).deleted
    assert refused(client.invitations.delete_invitation, made.id) == (404, [("resource_not_found", None)])
    assert client.invitations.get_invitation_list().data == []


def test_what_the_client_for_node_js_sends_besides(client: Client) -> None:
    user = client.users.create_user(username="somebody", timezone="Europe/London")
    assert client.users.update_user(user.id, timezone="UTC").timezone == "UTC"
    assert client.instance.update_restrictions(ignore_dots_for_gmail_addresses=True).ignore_dots_for_gmail_addresses
    client.instance.update(enhanced_email_deliverability=True)
    for number in range(3):
        client.blocklist_identifiers.create_blocklist_identifier(identifier=f"u{number}@example.com")
    page = client.blocklist_identifiers.get_blocklist_identifier_list(limit=2)
    assert (len(page), page.total_count, len(list(page.auto_paging_iter()))) == (2, 3, 3)
    made = client.enterprise_connections.create_enterprise_connection(
        name="A", domains=["example.com"], provider="saml_custom", authenticatable=True, disable_jit_provisioning=True
    )
    assert (made.authenticatable, made.disable_jit_provisioning) == (True, True)
