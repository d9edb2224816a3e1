"""Keep a table of SQLite in step with Clerk's users.

    python examples/sync_users.py users.sqlite3

Each run goes through all users once. New ones are added, changed ones updated, and those that Clerk does not have any
more deleted. All of it is one transaction: who reads the table sees the old state or the new one.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import NamedTuple

from clerk import create_clerk_client, models

SCHEMA = """
CREATE TABLE IF NOT EXISTS users (
    id TEXT PRIMARY KEY,
    email_address TEXT,
    first_name TEXT,
    last_name TEXT,
    updated_at INTEGER NOT NULL  -- milliseconds since the Unix epoch
) STRICT
"""
UPSERT = """
INSERT INTO users (id, email_address, first_name, last_name, updated_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
    email_address = excluded.email_address,
    first_name = excluded.first_name,
    last_name = excluded.last_name,
    updated_at = excluded.updated_at
"""


class Changes(NamedTuple):
    """How many users a run has added, updated and deleted."""

    added: int
    updated: int
    deleted: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Synchronize, and return the exit code."""
    parser = argparse.ArgumentParser(description="Keep a table of SQLite in step with Clerk's users.")
    parser.add_argument("database", help="the database; it is made if there is none")
    options = parser.parse_args(arguments)

    with create_clerk_client() as clerk, closing(sqlite3.connect(options.database)) as database:
        users = clerk.users.get_user_list(limit=500, order_by="created_at").auto_paging_iter()
        changes = synchronize(database, users)
    print(f"{changes.added} added, {changes.updated} updated, {changes.deleted} deleted")
    return 0


def synchronize(database: sqlite3.Connection, users: Iterable[models.User]) -> Changes:
    """Bring the table to the state that these users, which are all, show.

    Nothing changes if the users can't be read to their end.
    """
    database.execute(SCHEMA)
    known: dict[str, int] = dict(database.execute("SELECT id, updated_at FROM users"))
    gone = set(known)
    added = updated = 0
    with database:
        for user in users:
            gone.discard(user.id)
            if known.get(user.id) == user.updated_at:
                continue
            added += user.id not in known
            updated += user.id in known
            database.execute(UPSERT, row(user))
        database.executemany("DELETE FROM users WHERE id = ?", [(user_id,) for user_id in gone])
    return Changes(added, updated, len(gone))


def row(user: models.User) -> tuple[object, ...]:
    """Return what the table keeps of a user."""
    addresses = {item.id: item.email_address for item in user.email_addresses}
    return user.id, addresses.get(user.primary_email_address_id or ""), user.first_name, user.last_name, user.updated_at


if __name__ == "__main__":
    sys.exit(main())
