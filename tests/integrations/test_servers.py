"""The frameworks' applications in the servers that run them, each a program of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from clerk.testing import LocalClerk, sign_webhook
from tests.integrations.flask_project import SECRET
from tests.support.programs import wait_until_it_answers

ROOT = Path(__file__).parents[2]
SECONDS = 60  # more than any machine takes; who waits longer has hung
PYTHON = (sys.executable, "-m")
GUNICORN = (*PYTHON, "gunicorn", "--workers=2", "--preload", "--bind=fd://{fd}")
UVICORN = (*PYTHON, "uvicorn", "--fd={fd}")
COMMANDS = {
    "fastapi-uvicorn": (*UVICORN, "tests.integrations.fastapi_project:app"),
    "flask-gunicorn": (*GUNICORN, "tests.integrations.preloaded:flask()"),
    "django-gunicorn": (*GUNICORN, "tests.integrations.preloaded:django()"),
    "django-uvicorn": (*UVICORN, "tests.integrations.django_project:asgi"),
    "django-runserver": (*PYTHON, "tests.integrations.django_project", "runserver", "--noreload", "127.0.0.1:{port}"),
}

pytestmark = pytest.mark.xdist_group("servers")


class World(NamedTuple):
    local: LocalClerk
    urls: dict[str, str]
    user_id: str

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.local.session_token(self.user_id)}"}


def start(command: tuple[str, ...], environment: dict[str, str], log: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Start a server; return its process and its URL."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        given = (listener.fileno(),) if "fd" in "".join(command) else ()
        if not given:
            listener.close()  # who can't be given a socket opens it again
        with log.open("w", encoding="utf-8") as output:
            process = subprocess.Popen(
                [part.format(fd=listener.fileno(), port=port) for part in command],
                cwd=ROOT,
                env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=given,
            )
    return process, f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """All servers, started at once, with one local Clerk."""
    logs = tmp_path_factory.mktemp("servers")
    with ExitStack() as stack:
        local = stack.enter_context(LocalClerk())
        environment = {
            "CLERK_API_URL": stack.enter_context(local.serve()),
            "CLERK_SECRET_KEY": local.secret_key,
        }
        started = {name: start(command, environment, logs / name) for name, command in COMMANDS.items()}
        try:
            yield World(local, {name: url for name, (_, url) in started.items()}, local.seed_users(1)[0])
        finally:
            for process, _ in started.values():
                process.terminate()
            for process, _ in started.values():
                process.wait(SECONDS)
        for name in started:
            said = (logs / name).read_text(encoding="utf-8")
            assert "Traceback" not in said, said


@pytest.fixture(params=COMMANDS)
def browser(request: pytest.FixtureRequest, world: World) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=world.urls[request.param], timeout=SECONDS, trust_env=False) as browser:
        wait_until_it_answers(browser)
        yield browser


def test_the_server_knows_who_is_calling(browser: httpx.Client, world: World) -> None:
    assert browser.get("/me", headers=world.headers()).json()["user_id"] == world.user_id
    answer = browser.get("/me", headers={"Authorization": "Bearer forged"})
    assert (answer.status_code, answer.json()) == (401, {"detail": "Sign in first."})
    assert answer.headers["www-authenticate"] == 'Bearer realm="Clerk"'
    assert browser.get("/invoices", headers=world.headers()).status_code == 403
    assert browser.get("/nowhere", headers=world.headers()).status_code == 404


def test_the_server_calls_clerk(browser: httpx.Client, world: World) -> None:
    assert "user1@example.com" in browser.get("/name", headers=world.headers()).text
    world.local.fail_next(status=500, path=f"/users/{world.user_id}")
    assert browser.get("/name", headers=world.headers()).status_code == 503


def test_the_server_takes_webhooks(browser: httpx.Client) -> None:
    body = b'{"object":"event","type":"user.deleted","data":{"object":"user","id":"user_1","deleted":true}}'
    headers = {"content-type": "application/json", **sign_webhook(body, signing_secret=SECRET).headers}
    assert "user.deleted" in browser.post("/webhooks", content=body, headers=headers).text
    assert browser.post("/webhooks", content=body + b" ", headers=headers).status_code == 400


def test_every_worker_has_connections_of_its_own(world: World) -> None:
    """They were forked from a process with a connection: two that write to one would get each other's answers."""
    seen: set[str] = set()
    url = world.urls["flask-gunicorn"]
    ends_at = time.monotonic() + SECONDS
    with ThreadPoolExecutor(8) as threads:
        while len(seen) < 2:
            assert time.monotonic() < ends_at, "one worker does everything"
            answers = list(threads.map(lambda _: httpx.get(f"{url}/process", trust_env=False), range(16)))
            assert {answer.status_code for answer in answers} == {200}
            seen |= {answer.text for answer in answers}
