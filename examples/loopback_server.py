"""A small stand-in for Clerk's API on 127.0.0.1, made from the API document.

    python -m examples.loopback_server examples/quickstart.py

starts it, runs the script with `CLERK_API_URL` and `CLERK_SECRET_KEY` set for it, and stops. It keeps users in
memory, so that what was created and updated can be read back; every other operation of the document is answered with
a sample of its declared answer.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from generator.building import corrected_document
from generator.samples import sample
from generator.walking import Document, operations, resolve

SECRET_KEY = "sk_test_loopback"
_ROOT = Path(__file__).parent.parent
_TRACE_ID = "0123456789abcdef0123456789abcdef"

Json = Any  # what a request or an answer holds is up to the document


class Answer(NamedTuple):
    """A status and the JSON body that goes with it; None for no body."""

    status: int
    body: Json = None


class Route(NamedTuple):
    """An operation of the document, and what its paths look like."""

    method: str
    pattern: re.Pattern[str]
    operation: dict[str, Any]


class Service:
    """Answers requests from a document.

    Args:
        document: The corrected API document.
        secret_key: The key that requests must carry.
    """

    def __init__(self, document: Document, secret_key: str) -> None:
        self._document = document
        self._secret_key = secret_key
        # Fixed paths go before those with parameters: /users/count is no user.
        self._routes = sorted(
            (
                Route(method.upper(), re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), operation)
                for path, method, operation in operations(document)
            ),
            key=lambda route: route.pattern.pattern.count("[^/]+"),
        )
        self._users: dict[str, Json] = {}
        self._numbers = itertools.count(1)
        self._save_user({"first_name": "Grace", "last_name": "Hopper", "email_address": ["grace@example.com"]})
        self._save_user({"first_name": "Alan", "last_name": "Turing", "email_address": ["alan@example.com"]})

    def answer(self, method: str, path: str, authorization: str | None, body: Json) -> Answer:
        """Answer one request, as Clerk's API does in form.

        Args:
            method: The HTTP method.
            path: The path below the API's root, without the query.
            authorization: The header of that name.
            body: The JSON body; None for none.

        Returns:
            The status and the body to send back.
        """
        if authorization != f"Bearer {self._secret_key}":
            return _error(HTTPStatus.UNAUTHORIZED, "clerk_key_invalid", "The secret key is not the one set here")
        if path == "/users" and method == "GET":
            return Answer(HTTPStatus.OK, list(self._users.values()))
        if path == "/users" and method == "POST":
            return Answer(HTTPStatus.OK, self._save_user(body))
        if match := re.fullmatch(r"/users/(user_\w+)", path):
            return self._answer_about_user(method, match[1], body)
        for route in self._routes:
            if route.method == method and route.pattern.fullmatch(path):
                return self._sample_of(route.operation)
        return _error(HTTPStatus.NOT_FOUND, "resource_not_found", f"Nothing answers {method} {path}")

    def _answer_about_user(self, method: str, user_id: str, body: Json) -> Answer:
        if user_id not in self._users:
            return _error(HTTPStatus.NOT_FOUND, "resource_not_found", f"There is no user {user_id}")
        if method == "PATCH":
            return Answer(HTTPStatus.OK, self._save_user(body, user_id))
        if method == "DELETE":
            del self._users[user_id]
            return Answer(HTTPStatus.OK, {"object": "user", "id": user_id, "deleted": True})
        return Answer(HTTPStatus.OK, self._users[user_id])

    def _save_user(self, changes: dict[str, Json], user_id: str | None = None) -> Json:
        if user_id is None:
            user_id = f"user_{next(self._numbers):027}"
            self._users[user_id] = {**sample({"$ref": "#/components/schemas/User"}, self._document), "id": user_id}
        user = self._users[user_id]
        user.update({name: value for name, value in changes.items() if name in user})
        for address, email_address in zip(user["email_addresses"], changes.get("email_address", []), strict=False):
            address["email_address"] = email_address
        return user

    def _sample_of(self, operation: dict[str, Any]) -> Answer:
        status = next(status for status in operation["responses"] if status.startswith("2"))
        content = resolve(self._document, operation["responses"][status]).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        return Answer(int(status), sample(schema, self._document) if schema else None)


def _error(status: int, code: str, message: str) -> Answer:
    error = {"code": code, "message": message, "long_message": f"{message}.", "meta": {}}
    return Answer(status, {"errors": [error], "clerk_trace_id": _TRACE_ID})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    service: Service

    def _handle(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        is_json = self.headers.get_content_type() == "application/json"
        status, body = self.service.answer(
            self.command,
            urlsplit(self.path).path.removeprefix("/v1"),
            self.headers.get("Authorization"),
            json.loads(content) if content and is_json else None,
        )
        answer = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        if status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _handle  # noqa: N815  # the names that http.server calls

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server's name
        """Say nothing: the script that runs has the word."""


@contextmanager
def serve(service: Service) -> Iterator[str]:
    """Serve on a free port of 127.0.0.1 while the context lasts.

    Args:
        service: What answers.

    Yields:
        The server's URL, for `CLERK_API_URL`.
    """
    handler = type("Handler", (_Handler,), {"service": service})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def run(script: str) -> int:
    """Run a Python script against the server.

    Args:
        script: Its path.

    Returns:
        Its exit code.
    """
    with serve(Service(corrected_document(_ROOT), SECRET_KEY)) as url:
        environment = {
            **os.environ,
            "CLERK_API_URL": url,
            "CLERK_SECRET_KEY": SECRET_KEY,
            "PYTHONPATH": str(_ROOT),
        }
        return subprocess.run([sys.executable, script], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(run(sys.argv[1]))
