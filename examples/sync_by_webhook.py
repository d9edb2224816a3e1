"""Keep a table of SQLite in step with Clerk's users, by the webhooks that Clerk sends.

    CLERK_WEBHOOK_SIGNING_SECRET=whsec_... python examples/sync_by_webhook.py users.sqlite3 --port 8000

The endpoint is a plain WSGI app, http://localhost:8000/webhooks here. Let it have the events `user.created`,
`user.updated` and `user.deleted`. A message may come more than once, and a later one before an earlier one: the table
ends up the same.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

from clerk import WebhookVerificationError, events, verify_webhook

SCHEMA = """
CREATE TABLE IF NOT EXISTS users (
    id TEXT PRIMARY KEY,
    email_address TEXT,
    first_name TEXT,
    last_name TEXT,
    updated_at INTEGER NOT NULL  -- milliseconds since the Unix epoch
) STRICT;
CREATE TABLE IF NOT EXISTS deleted_users (id TEXT PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS messages (id TEXT PRIMARY KEY, received_at REAL NOT NULL) STRICT;
"""
# What is older than what the table has came late; and who is deleted stays so.
UPSERT = """
INSERT INTO users (id, email_address, first_name, last_name, updated_at)
SELECT :id, :email_address, :first_name, :last_name, :updated_at
WHERE NOT EXISTS (SELECT 1 FROM deleted_users WHERE id = :id)
ON CONFLICT (id) DO UPDATE SET
    email_address = excluded.email_address,
    first_name = excluded.first_name,
    last_name = excluded.last_name,
    updated_at = excluded.updated_at
WHERE excluded.updated_at > users.updated_at
"""
DAYS = 7  # Clerk gives a message up after some 28 hours; somebody may have it sent again by hand

StartResponse = Callable[[str, list[tuple[str, str]]], object]


class Endpoint:
    """A WSGI app that takes webhooks in.

    Args:
        database: The path of the database; it is made if there is none.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        with closing(sqlite3.connect(database)) as connection:
            connection.executescript(SCHEMA)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request: with 204 when its event is stored, and 400 when it is no webhook of Clerk's."""
        if (environ["REQUEST_METHOD"], environ["PATH_INFO"]) != ("POST", "/webhooks"):
            start_response("404 Not Found", [])
            return []
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        try:
            event = verify_webhook(body, environ)
        except WebhookVerificationError as error:
            start_response("400 Bad Request", [("content-type", "text/plain")])
            return [str(error).encode()]
        with closing(sqlite3.connect(self._database)) as connection:
            store(connection, event)
        start_response("204 No Content", [])
        return []


def store(connection: sqlite3.Connection, event: events.Event) -> None:
    """Bring the table up to an event, and note its message, both or neither."""
    with connection:
        now = time.time()
        noted = connection.execute("INSERT OR IGNORE INTO messages VALUES (?, ?)", (event.message_id, now))
        if not noted.rowcount:
            return  # it has been here before
        connection.execute("DELETE FROM messages WHERE received_at < ?", (now - DAYS * 86_400,))
        match event:
            case events.UserCreated() | events.UserUpdated():
                connection.execute(UPSERT, row(event.data))
            case events.UserDeleted():
                connection.execute("INSERT OR IGNORE INTO deleted_users VALUES (?)", (event.data.id,))
                connection.execute("DELETE FROM users WHERE id = ?", (event.data.id,))
            case _:
                pass  # nothing of ours


def row(user: events.User) -> dict[str, object]:
    """Return what the table keeps of a user."""
    addresses = {item.id: item.email_address for item in user.email_addresses}
    return {
        "id": user.id,
        "email_address": addresses.get(user.primary_email_address_id or ""),
        "first_name": user.first_name,
        "last_name": user.last_name,
        "updated_at": user.updated_at,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until somebody presses Ctrl-C, and return the exit code."""
    parser = argparse.ArgumentParser(description="Keep a table of SQLite in step with Clerk's users, by webhooks.")
    parser.add_argument("database", type=Path, help="the database; it is made if there is none")
    parser.add_argument("--port", type=int, default=8000, help="the port (default: %(default)s)")
    options = parser.parse_args(arguments)

    with make_server("127.0.0.1", options.port, Endpoint(options.database)) as server:
        print(f"http://127.0.0.1:{server.server_port}/webhooks", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
