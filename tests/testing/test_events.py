"""What happens in the local service as events, and how they reach an app."""

from __future__ import annotations

import asyncio
import os
import queue
import re
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response
from flask import Flask, request

from clerk import ClerkAPIResponseError, WebhookVerificationError, events, verify_webhook
from clerk.testing import SIGNING_SECRET, DeliveryError, LocalClerk, sign_webhook
from clerk.testing.__main__ import main
from clerk.testing._events.causes import CAUSED
from clerk.testing._events.forwarding import forwarding
from clerk.testing._events.table import event_table
from tests.support.programs import killed_at_the_end, press_ctrl_c
from tests.webhooks.document import EXAMPLES, TYPES, complaints

from .conftest import Client


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLERK_WEBHOOK_SIGNING_SECRET", SIGNING_SECRET)


def types_of(local: LocalClerk, since: int = 0) -> list[str]:
    return [event.type for event in local.events[since:]]


def happens_after(local: LocalClerk, call: Any, *arguments: Any, **keywords: Any) -> list[str]:
    before = len(local.events)
    call(*arguments, **keywords)
    return types_of(local, before)


def test_everything_that_has_a_cause_here(local: LocalClerk, client: Client) -> None:
    user = client.users.create_user(
        email_address=["ada@example.com"], phone_number=["+15555550101"], external_id="42", password="correct horse"
    )
    member = client.users.create_user(email_address=["bob@example.com"])
    client.users.update_user(user.id, first_name="Ada")
    email, phone = user.email_addresses[0].id, user.phone_numbers[0].id
    client.email_addresses.prepare_email_address_verification(email)
    client.phone_numbers.prepare_phone_number_verification(phone)
    session = client.sessions.create_session(user_id=user.id)
    client.sessions.revoke_session(session.id)
    organization = client.organizations.create_organization(name="Acme", created_by=user.id)
    client.organizations.update_organization(organization.id, name="Acme, Inc.")
    client.organizations.create_organization_membership(organization.id, user_id=member.id, role="org:member")
    client.organizations.update_organization_membership(organization.id, member.id, role="org:admin")
    client.organizations.delete_organization_membership(organization.id, member.id)
    invitation = client.organizations.create_organization_invitation(
        organization.id, email_address="eve@example.com", role="org:member", inviter_user_id=user.id
    )
    client.organizations.revoke_organization_invitation(organization.id, invitation.id)
    domain = client.organizations.create_organization_domain(
        organization.id, name="acme.com", enrollment_mode="manual_invitation"
    )
    client.organizations.update_organization_domain(organization.id, domain.id, enrollment_mode="automatic_invitation")
    client.organizations.delete_organization_domain(organization.id, domain.id)
    permission = client.organization_permissions.create_organization_permission(name="Read", key="org:posts:read")
    client.organization_permissions.update_organization_permission(permission.id, name="Read posts")
    role = client.organization_roles.create_organization_role(
        name="Reader", key="org:reader", permissions=[permission.id]
    )
    client.organization_roles.update_organization_role(role.id, name="Readers")
    client.organization_roles.delete_organization_role(role.id)
    client.organization_permissions.delete_organization_permission(permission.id)
    entry = client.waitlist_entries.create(email_address="zoe@example.com", notify=False)
    client.waitlist_entries.invite(entry.id)
    client.organizations.delete_organization(organization.id)
    client.users.delete_user(user.id)

    happened = local.events

    assert {event.type for event in happened} == CAUSED
    assert {event.type: complaints(event.to_dict()) for event in happened if complaints(event.to_dict())} == {}
    assert not [event for event in happened if isinstance(event, events.UnknownEvent)]
    assert len({event.message_id for event in happened}) == len(happened)
    first, last = happened[0], happened[-1]
    assert isinstance(first, events.UserCreated)
    assert first.data.email_addresses[0].email_address == "ada@example.com"
    assert first.data.id == user.id
    assert first.instance_id == last.instance_id
    assert isinstance(last, events.UserDeleted)
    assert last.data.to_dict() == {"object": "user", "id": user.id, "external_id": "42", "deleted": True}


def test_the_order_is_that_of_the_causes(local: LocalClerk, client: Client) -> None:
    user = client.users.create_user(email_address=["ada@example.com"])
    assert types_of(local) == ["user.created"]
    assert happens_after(local, client.sessions.create_session, user_id=user.id) == ["session.created", "user.updated"]
    assert happens_after(local, client.organizations.create_organization, name="A", created_by=user.id) == [
        "organization.created",
        "organizationMembership.created",
    ]
    assert happens_after(local, client.users.ban_user, user.id) == ["user.updated", "session.revoked"]


def test_what_hangs_on_a_user_is_the_users(local: LocalClerk, client: Client) -> None:
    user = client.users.create_user(email_address=["ada@example.com"])
    made = client.email_addresses.create_email_address

    assert happens_after(local, made, user_id=user.id, email_address="countess@example.com") == ["user.updated"]
    assert happens_after(local, client.email_addresses.delete_email_address, user.primary_email_address_id) == [
        "user.updated"
    ]
    updated = local.events[-1]
    assert isinstance(updated, events.UserUpdated)
    assert [one.email_address for one in updated.data.email_addresses] == ["countess@example.com"]


def test_what_goes_with_the_deleted_has_no_events(local: LocalClerk, client: Client) -> None:
    user = client.users.create_user(email_address=["ada@example.com"])
    client.sessions.create_session(user_id=user.id)
    organization = client.organizations.create_organization(name="A", created_by=user.id)

    assert happens_after(local, client.organizations.delete_organization, organization.id) == ["organization.deleted"]
    assert happens_after(local, client.users.delete_user, user.id) == ["user.deleted"]


def test_nothing_happens_by_reading_or_in_vain(local: LocalClerk, client: Client) -> None:
    local.seed_users(3)
    client.users.get_user_list()
    client.users.get_count()
    with pytest.raises(ClerkAPIResponseError):
        client.users.create_user(email_address=["user1@example.com"])
    local.fail_next(status=500)
    with pytest.raises(ClerkAPIResponseError):
        client.users.create_user(email_address=["new@example.com"])

    assert local.events == []


def test_events_are_part_of_what_the_service_knows(local: LocalClerk, client: Client) -> None:
    client.users.create_user(email_address=["ada@example.com"])
    snapshot = local.snapshot()
    client.users.create_user(email_address=["bob@example.com"])
    local.deliver_to(accepting)
    assert types_of(local) == ["user.created"] * 2

    local.restore(snapshot)
    assert types_of(local) == ["user.created"]
    assert len(local.deliver_to(accepting)) == 1
    local.reset()
    assert local.events == []


def test_what_webhooks_do_not_tell_has_no_events(local: LocalClerk, client: Client) -> None:
    user = client.users.create_user(email_address=["ada@example.com"])
    organization = client.organizations.create_organization(name="A", created_by=user.id)
    client.sessions.create_session(user_id=user.id, active_organization_id=organization.id)
    role = client.organization_roles.create_organization_role(name="Guest", key="org:guest")
    client.organizations.create_organization_invitation(
        organization.id, email_address="eve@example.com", role="org:guest", inviter_user_id=user.id
    )
    entry = client.waitlist_entries.create(email_address="zoe@example.com")

    assert happens_after(local, client.organization_roles.update_organization_role, role.id, key="org:visitor") == [
        "role.updated"
    ]
    assert happens_after(local, client.waitlist_entries.delete, entry.id) == []
    assert happens_after(local, client.organizations.delete_organization, organization.id) == ["organization.deleted"]


def test_mail_of_a_backend_is_an_event(local: LocalClerk, client: Client) -> None:
    user = client.users.create_user(email_address=["ada@example.com"])
    client.request(
        "POST",
        "/email",
        json={
            "from": {"address": "hello"},
            "to": {"user_id": user.id},
            "subject": "News",
            "text": "All is well.",
        },
    )

    sent = local.events[-1]

    assert isinstance(sent, events.EmailCreated)
    assert (sent.data.subject, sent.data.to_email_address, sent.data.user_id) == ("News", "ada@example.com", user.id)
    assert complaints(sent.to_dict()) == []


def test_the_clock_of_the_service_tells_when(local: LocalClerk, client: Client) -> None:
    client.users.create_user(email_address=["ada@example.com"])
    local.advance(3600)
    client.users.create_user(email_address=["bob@example.com"])

    first, second = local.events
    assert isinstance(first, events.UserCreated)
    assert isinstance(second, events.UserCreated)
    assert first.timestamp == first.data.created_at // 1000
    assert second.timestamp >= first.timestamp + 3600  # type: ignore[operator]  # both are there


def test_a_table_says_which_events_there_are() -> None:
    rows = event_table().splitlines()[2:]

    assert [row.split("`")[1] for row in rows] == TYPES
    assert {row.split("`")[1] for row in rows if row.endswith("| yes |")} == CAUSED


# Delivery.


class Endpoint:
    """An app that notes what it got, and answers with the next status it was told."""

    def __init__(self, *statuses: int) -> None:
        self.received: list[events.Event] = []
        self.statuses = list(statuses)

    def take(self, body: bytes, headers: Any) -> int:
        try:
            self.received.append(verify_webhook(body, headers))
        except WebhookVerificationError:
            return 400
        return self.statuses.pop(0) if self.statuses else 204

    @property
    def ids(self) -> list[str]:
        return [event.message_id for event in self.received]


def accepting(environ: Any, start_response: Any) -> list[bytes]:
    start_response("204 No Content", [])
    return []


def asgi(endpoint: Endpoint) -> Any:
    app = FastAPI()

    @app.post("/webhooks")
    async def receive(incoming: Request) -> Response:
        return Response(status_code=endpoint.take(await incoming.body(), incoming.headers))

    return app


def wsgi(endpoint: Endpoint) -> Any:
    app = Flask("endpoint")

    @app.post("/webhooks")
    def receive() -> tuple[str, int]:
        return "", endpoint.take(request.get_data(), request.headers)

    return app


@pytest.fixture
def server() -> Iterator[tuple[Endpoint, str]]:
    """An endpoint at a URL."""
    endpoint = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(endpoint.take(body, self.headers))
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # named by the base class
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield endpoint, f"http://127.0.0.1:{running.server_address[1]}/webhooks"
        running.shutdown()
        thread.join()


@pytest.mark.parametrize("make", [asgi, wsgi])
def test_an_app_in_this_process_gets_what_happened(local: LocalClerk, client: Client, make: Any) -> None:
    endpoint = Endpoint()
    app = make(endpoint)
    client.users.create_user(email_address=["ada@example.com"])

    deliveries = local.deliver_to(app)

    assert [one.statuses for one in deliveries] == [[204]]
    assert endpoint.received == local.events == [one.event for one in deliveries]
    assert local.deliver_to(app) == []  # all were accepted
    client.users.create_user(email_address=["bob@example.com"])
    assert len(local.deliver_to(app)) == 1


def test_an_endpoint_at_a_url_gets_what_happened(
    local: LocalClerk, client: Client, server: tuple[Endpoint, str]
) -> None:
    endpoint, url = server
    client.users.create_user(email_address=["ada@example.com"])

    local.deliver_to(url)

    assert endpoint.received == local.events


async def test_delivery_works_where_an_event_loop_runs(local: LocalClerk, client: Client) -> None:
    endpoint = Endpoint()
    await asyncio.to_thread(client.users.create_user, email_address=["ada@example.com"])

    local.deliver_to(asgi(endpoint))

    assert len(endpoint.received) == 1


def test_messages_come_again_and_in_any_order(local: LocalClerk, client: Client) -> None:
    endpoint = Endpoint()
    for name in ("ada", "bob", "eve"):
        client.users.create_user(email_address=[f"{name}@example.com"])
    ids = [event.message_id for event in local.events]

    local.deliver_to(wsgi(endpoint), order=reversed)
    local.deliver_to(wsgi(endpoint), events=local.events[:2])

    assert endpoint.ids == [*reversed(ids), *ids[:2]]


def test_what_is_refused_is_tried_again(local: LocalClerk, client: Client) -> None:
    endpoint = Endpoint(500, 302, 204)
    client.users.create_user(email_address=["ada@example.com"])

    (delivery,) = local.deliver_to(wsgi(endpoint), attempts=5)

    assert delivery.statuses == [500, 302, 204]
    assert delivery.is_accepted
    assert len(set(endpoint.ids)) == 1


def test_what_is_not_accepted_is_an_error_and_stays(local: LocalClerk, client: Client) -> None:
    endpoint = Endpoint(500, 204, 503)
    client.users.create_user(email_address=["ada@example.com"])
    client.users.create_user(email_address=["bob@example.com"])
    first, _ = local.events

    with pytest.raises(
        DeliveryError, match=rf"\(with the status of each attempt\): user.created {first.message_id}: \[500\]$"
    ):
        local.deliver_to(wsgi(endpoint))

    assert len(endpoint.received) == 2
    (delivery,) = local.deliver_to(wsgi(endpoint), check=False)
    assert (delivery.event, delivery.statuses, delivery.is_accepted) == (first, [503], False)


@pytest.mark.parametrize("make", [asgi, wsgi])
def test_what_an_app_raises_is_the_cause(local: LocalClerk, client: Client, make: Any) -> None:
    class Broken(Endpoint):
        def take(self, body: bytes, headers: Any) -> int:
            raise LookupError("no such table")

    client.users.create_user(email_address=["ada@example.com"])
    app = make(Broken())
    if make is wsgi:
        app.testing = True

    with pytest.raises(DeliveryError) as caught:
        local.deliver_to(app, attempts=2)

    assert isinstance(caught.value.__cause__, LookupError)
    assert "[500, 500]" in str(caught.value)


def test_nobody_at_the_url(local: LocalClerk, client: Client) -> None:
    client.users.create_user(email_address=["ada@example.com"])

    (delivery,) = local.deliver_to("http://127.0.0.1:9/webhooks", check=False)

    assert delivery.statuses == [0]
    assert delivery.error is not None


def test_another_path_and_another_secret(local: LocalClerk, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    other = "whsec_b3RoZXI="
    client.users.create_user(email_address=["ada@example.com"])

    assert local.deliver_to(wsgi(Endpoint()), path="/elsewhere", check=False)[0].statuses == [404]
    assert local.deliver_to(wsgi(Endpoint()), signing_secret=other, check=False)[0].statuses == [400]
    monkeypatch.setenv("CLERK_WEBHOOK_SIGNING_SECRET", other)
    assert local.deliver_to(wsgi(Endpoint()))[0].statuses == [204]


def test_attempts_are_counted_from_one(local: LocalClerk) -> None:
    with pytest.raises(ValueError, match="attempts must be 1 or more"):
        local.deliver_to(accepting, attempts=0)


# Webhooks that a test makes itself.


@pytest.mark.parametrize("event_type", TYPES)
def test_a_test_signs_what_it_likes(event_type: str) -> None:
    body, headers = sign_webhook(EXAMPLES[event_type], message_id="msg_7")

    event = verify_webhook(body, headers)

    assert event.message_id == "msg_7"
    assert event.to_dict() == EXAMPLES[event_type]
    again = verify_webhook(*sign_webhook(event))
    assert again == event


def test_a_test_signs_with_the_secret_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLERK_WEBHOOK_SIGNING_SECRET", "whsec_b3RoZXI=")
    body, headers = sign_webhook(b'{"type": "a"}', signing_secret=[SIGNING_SECRET, "whsec_b3RoZXI="])
    assert str(verify_webhook(body, headers).type) == "a"
    assert verify_webhook(*sign_webhook('{"type": "a"}')).to_dict() == {"type": "a"}

    monkeypatch.delenv("CLERK_WEBHOOK_SIGNING_SECRET")
    event = verify_webhook(*sign_webhook({"type": "a"}), signing_secret=SIGNING_SECRET)
    assert re.fullmatch(r"msg_[0-9a-f]{28}", event.message_id)


def test_a_test_signs_what_is_too_old() -> None:
    with pytest.raises(WebhookVerificationError) as caught:
        verify_webhook(*sign_webhook({"type": "a"}, timestamp=1))
    assert caught.value.reason == "timestamp-too-old"


# On its own.


def forwarded(local: LocalClerk, client: Client, url: str, pauses: tuple[float, ...], lines: int) -> list[str]:
    """Have something happen while events are sent on; return what is told of the attempts."""
    told: queue.Queue[str] = queue.Queue()
    with forwarding(url, SIGNING_SECRET, local._service.core.listeners, told.put, pauses):
        client.users.create_user(email_address=["ada@example.com"])
        return [told.get(timeout=30) for _ in range(lines)]


def test_what_is_refused_is_sent_on_again(local: LocalClerk, client: Client, server: tuple[Endpoint, str]) -> None:
    endpoint, url = server
    endpoint.statuses += [500, 503, 200]

    told = forwarded(local, client, url, (0.01, 0.01), 3)

    (event,) = local.events
    assert told == [
        f"user.created {event.message_id}: {what}" for what in ("500, again in 0.01 s", "503, again in 0.01 s", "200")
    ]
    assert set(endpoint.ids) == {event.message_id}


def test_what_nobody_takes_is_given_up(local: LocalClerk, client: Client) -> None:
    (told,) = forwarded(local, client, "http://127.0.0.1:9/webhooks", (), 1)

    assert told.endswith(": no response (ConnectError), given up")


def test_what_still_waits_at_the_end_is_given_up(
    local: LocalClerk, client: Client, server: tuple[Endpoint, str]
) -> None:
    endpoint, url = server
    endpoint.statuses.append(500)

    (told,) = forwarded(local, client, url, (3600.0,), 1)

    assert told.endswith(": 500, again in 3600 s")
    assert len(endpoint.received) == 1
    assert local._service.core.listeners == []


def test_the_table_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--events"]) == 0
    assert capsys.readouterr().out == event_table()


def test_the_service_on_its_own_posts_events(server: tuple[Endpoint, str]) -> None:
    endpoint, url = server
    command = [sys.executable, "-m", "clerk.testing", "--port", "0", "--webhooks", url]
    environment = {**os.environ, "CLERK_WEBHOOK_SIGNING_SECRET": SIGNING_SECRET}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    with killed_at_the_end(process) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        told = dict(running.stdout.readline().strip().split("=", 1) for _ in range(3))
        assert told["CLERK_WEBHOOK_SIGNING_SECRET"] == SIGNING_SECRET
        from clerk import create_clerk_client

        with create_clerk_client(secret_key=told["CLERK_SECRET_KEY"], api_url=told["CLERK_API_URL"]) as client:
            user = client.users.create_user(email_address=["ada@example.com"])
        line = running.stderr.readline()
        assert press_ctrl_c(running) == 0

    (event,) = endpoint.received
    assert isinstance(event, events.UserCreated)
    assert event.data.id == user.id
    assert line == f"user.created {event.message_id}: 204\n"
