"""The example that keeps a table of SQLite in step with Clerk's users."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from clerk import InternalServerError
from clerk.testing import LocalClerk
from examples import sync_users


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "users.sqlite3"


def table(database: Path) -> dict[str, tuple[str, str]]:
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT id, email_address, first_name FROM users")
        return {user_id: (email_address, first_name) for user_id, email_address, first_name in rows}


def test_table_follows_what_happens_to_users(
    local: LocalClerk, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, changed, deleted = local.seed_users(3)
    sync_users.main([str(database)])
    assert table(database).keys() == {kept, changed, deleted}

    users = local.client().users
    users.update_user(changed, first_name="Ada")
    users.delete_user(deleted)
    added = users.create_user(email_address=["new@example.com"], password="correct horse battery").id
    sync_users.main([str(database)])
    assert table(database).keys() == {kept, changed, added}
    assert table(database)[changed][1] == "Ada"
    assert table(database)[added][0] == "new@example.com"

    sync_users.main([str(database)])
    assert capsys.readouterr().out.splitlines() == [
        "3 added, 0 updated, 0 deleted",
        "1 added, 1 updated, 1 deleted",
        "0 added, 0 updated, 0 deleted",
    ]


def test_table_stays_as_it_was_when_the_list_breaks_off(
    local: LocalClerk, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local.seed_users(600)
    sync_users.main([str(database)])
    before = table(database)
    users = local.client().users
    users.delete_user(users.get_user_list(limit=1)[0].id)
    users.update_user(next(iter(before)), first_name="Ada")
    monkeypatch.setattr("examples.sync_users.create_clerk_client", lambda: local.client(max_retries=0))
    breaking_off = iter(users.get_user_list(limit=500, order_by="created_at").auto_paging_iter())
    local.fail_next(status=500)
    with closing(sqlite3.connect(database)) as connection, pytest.raises(InternalServerError):
        sync_users.synchronize(connection, breaking_off)
    assert table(database) == before
