"""The example that keeps a table of SQLite in step with Clerk's users by webhooks."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from clerk import events
from clerk.testing import SIGNING_SECRET, LocalClerk, sign_webhook
from examples.sync_by_webhook import Endpoint, store
from tests.support.programs import killed_at_the_end, press_ctrl_c

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLERK_WEBHOOK_SIGNING_SECRET", SIGNING_SECRET)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "users.sqlite3"


def table(database: Path) -> dict[str, tuple[str, str]]:
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT id, email_address, first_name FROM users")
        return {user_id: (email_address, first_name) for user_id, email_address, first_name in rows}


def a_busy_day(local: LocalClerk) -> dict[str, tuple[str, str]]:
    """Have things happen to users; return what the table should hold in the end."""
    client = local.client()
    made = [client.users.create_user(email_address=[f"user{number}@example.com"]) for number in range(5)]
    for number, user in enumerate(made):
        local.advance(1)
        client.users.update_user(user.id, first_name="Ada")
        local.advance(1)
        client.users.update_user(user.id, first_name=f"Ada {number}")
    client.organizations.create_organization(name="Acme", created_by=made[0].id)
    for user in made[:2]:
        client.users.delete_user(user.id)
    return {user.id: (f"user{number}@example.com", f"Ada {number}") for number, user in enumerate(made) if number > 1}


def test_table_follows_what_happens_to_users(local: LocalClerk, database: Path) -> None:
    expected = a_busy_day(local)

    local.deliver_to(Endpoint(database))

    assert table(database) == expected


@pytest.mark.parametrize("seed", range(10))
def test_table_is_the_same_in_any_order_and_with_messages_that_come_again(
    local: LocalClerk, database: Path, seed: int
) -> None:
    expected = a_busy_day(local)
    generator = random.Random(seed)
    happened = local.events
    again = happened + generator.sample(happened, len(happened) // 2)

    local.deliver_to(Endpoint(database), events=again, order=lambda found: generator.sample(found, len(found)))

    assert table(database) == expected


def test_message_that_failed_is_not_noted(local: LocalClerk, database: Path) -> None:
    local.client().users.create_user(email_address=["ada@example.com"])
    (event,) = local.events
    Endpoint(database)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("ALTER TABLE users RENAME TO others")
        with pytest.raises(sqlite3.OperationalError):
            store(connection, event)
        connection.execute("ALTER TABLE others RENAME TO users")

    local.deliver_to(Endpoint(database))

    assert len(table(database)) == 1


def test_stranger_is_sent_away(local: LocalClerk, database: Path) -> None:
    local.client().users.create_user(email_address=["ada@example.com"])
    endpoint = Endpoint(database)

    assert local.deliver_to(endpoint, signing_secret="whsec_b3RoZXI=", check=False)[0].statuses == [400]
    assert local.deliver_to(endpoint, path="/", check=False)[0].statuses == [404]
    assert table(database) == {}


def test_events_of_other_kinds_are_taken_and_left(database: Path) -> None:
    endpoint = Endpoint(database)
    with LocalClerk() as local:
        event = events.UnknownEvent.from_dict({"type": "comet.sighted"})
        assert local.deliver_to(endpoint, events=[event])[0].statuses == [204]
    assert sign_webhook(event).headers["svix-id"].startswith("msg_")


def test_program_serves_until_ctrl_c(local: LocalClerk, database: Path) -> None:
    command = [sys.executable, "-m", "examples.sync_by_webhook", str(database), "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    with killed_at_the_end(process) as running:
        assert running.stdout is not None
        url = running.stdout.readline().strip()
        user = local.client().users.create_user(email_address=["ada@example.com"])
        local.deliver_to(url)
        assert press_ctrl_c(running) == 0

    assert table(database).keys() == {user.id}
