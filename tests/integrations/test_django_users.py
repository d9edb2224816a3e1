"""Django's users by their ids at Clerk: on first sight, by webhook, and beside Django's own sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings

from clerk import ClerkClient, events
from clerk.testing import LocalClerk
from tests.integrations import django_project  # sets Django up

Bearer = Callable[..., dict[str, str]]

pytestmark = pytest.mark.usefixtures("database")
WHO = pytest.mark.parametrize("path", ["/who", "/awho"])


@contextmanager
def _one_connection() -> Iterator[None]:
    # The database is in memory; threads of Django's would each have an empty one of their own.
    from django.db import connection

    connection.inc_thread_sharing()
    call_command("migrate", verbosity=0)
    yield
    call_command("flush", verbosity=0, interactive=False)
    connection.dec_thread_sharing()
    connection.close()


@pytest.fixture
def database() -> Iterator[None]:
    with _one_connection(), override_settings(CLERK_USER_FIELD="username"):
        yield


def users() -> dict[str, tuple[str, str, str, bool]]:
    from django.contrib.auth.models import User

    return {user.username: (user.first_name, user.last_name, user.email, user.is_active) for user in User.objects.all()}


@WHO
def test_a_user_is_made_on_first_sight(get: Any, bearer: Bearer, path: str) -> None:
    from django.contrib.auth.models import User

    headers = bearer()
    known = get(path, headers).content.decode()
    assert known.startswith("user_")
    assert get(path, headers).content.decode() == known
    assert get(path).content == b"AnonymousUser"
    assert get("/rest", headers).json()["pk"] == User.objects.get(username=known).pk
    assert [user.has_usable_password() for user in User.objects.all()] == [False]


@WHO
def test_nobody_is_anonymous_because_keys_cannot_be_fetched(
    get: Any, bearer: Bearer, local: LocalClerk, path: str
) -> None:
    headers = bearer()
    local.fail_next(status=500, path="/jwks", times=9)
    assert get(path, headers).status_code == 503
    assert get(path).content == b"AnonymousUser"


def test_there_are_no_users_unless_they_are_asked_for(get: Any, bearer: Bearer) -> None:
    with override_settings(CLERK_USER_FIELD=None):
        assert get("/who", bearer()).content == b"nobody"
    assert users() == {}


@WHO
def test_an_inactive_user_is_nobody(get: Any, bearer: Bearer, path: str) -> None:
    from django.contrib.auth.models import User

    headers = bearer()
    get(path, headers)
    User.objects.update(is_active=False)
    assert get(path, headers).content == b"AnonymousUser"
    answer = get("/rest", headers)
    assert (answer.status_code, answer.json()) == (401, {"detail": "This user is not active."})


@WHO
def test_django_own_sessions_go_on(get: Any, bearer: Bearer, path: str) -> None:
    from django.contrib.auth.models import User

    own = ["django.contrib.sessions.middleware.SessionMiddleware"]
    own += ["django.contrib.auth.middleware.AuthenticationMiddleware"]
    browser = Client()
    browser.force_login(User.objects.create_user("grace"))
    cookie = {"Cookie": f"sessionid={browser.cookies['sessionid'].value}"}
    with override_settings(MIDDLEWARE=[*settings.MIDDLEWARE, *own]):
        assert get(path).content == b"AnonymousUser"
        assert get("/who", cookie).content == b"grace"
        assert get(path, {**bearer(), **cookie}).content.startswith(b"user_")


@pytest.fixture(params=["sync", "async"])
def apply(request: pytest.FixtureRequest) -> Callable[[events.Event], None]:
    from clerk.integrations.django.users import aapply_event, apply_event

    return apply_event if request.param == "sync" else async_to_sync(aapply_event)


def test_webhooks_keep_users_up_to_date(
    local: LocalClerk, client: ClerkClient, apply: Callable[[events.Event], None]
) -> None:
    user = client.users.create_user(email_address=["ada@example.com"], first_name="Ada", skip_password_requirement=True)
    client.users.update_user(user.id, last_name="Lovelace")
    client.organizations.create_organization(name="Engines", created_by=user.id)
    for event in local.events:
        apply(event)
    assert users() == {user.id: ("Ada", "Lovelace", "ada@example.com", True)}

    before = len(local.events)
    client.users.delete_user(user.id)
    for event in local.events[before:]:
        apply(event)
    assert users() == {user.id: ("Ada", "Lovelace", "ada@example.com", False)}


def test_who_is_deleted_stays_so_whatever_comes_late(
    local: LocalClerk, client: ClerkClient, apply: Callable[[events.Event], None]
) -> None:
    from django.contrib.auth.models import User

    user = client.users.create_user(email_address=["ada@example.com"], skip_password_requirement=True)
    client.users.delete_user(user.id)
    for event in reversed(local.events):
        apply(event)
    apply(events.UserDeleted.from_dict({"type": "user.deleted", "object": "event", "data": {"deleted": True}}))
    assert [active for *_, active in users().values()] == [False]
    assert not User.objects.get().has_usable_password()


async def test_users_of_machines_and_strangers_are_anonymous() -> None:
    from clerk.auth import NoAuth
    from clerk.integrations.django.users import auser_of

    assert not (await auser_of(NoAuth())).is_authenticated
    assert django_project.ORIGIN in settings.CLERK_AUTHORIZED_PARTIES
