from __future__ import annotations

import logging
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import httpx
import pytest

import clerk._logging
from clerk import ClerkError, ClerkTimeoutError
from tests.faults.acts import drip, head, nobody_listening
from tests.support.clients import SECRET_KEY, Kind, probe, send
from tests.support.server import ScriptedServer, answer, reset, stall
from tests.support.waits import Waits

ROOT = Path(__file__).parents[2]
FAST: Any = {"verify": False}  # Any: options of either client; no certificates are loaded: there is no TLS
QUERY = {"email_address": ["ada@example.com"]}


@pytest.fixture(autouse=True)
def everything_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="clerk")


def logged(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str, str]]:
    """What was logged: logger, level, and text with all times as N."""
    return [
        (record.name, record.levelname, re.sub(r"\d+ ms", "N ms", record.getMessage()))
        for record in caplog.records
        if record.name.startswith("clerk")
    ]


def test_each_try_and_each_wait(
    kind: Kind, server: ScriptedServer, caplog: pytest.LogCaptureFixture, waits: Waits
) -> None:
    server.play(
        answer(429, {"errors": []}, {"retry-after": "7", "x-clerk-trace-id": "t_1"}),
        answer(503, {"clerk_trace_id": "t_2"}, {"cf-ray": "r_2"}),
        reset(),
        answer(200, {}, {"cf-ray": "r_4"}),
    )

    send(kind, probe(query=QUERY), api_url=server.url, max_retries=3, http_options=FAST)

    assert logged(caplog) == [
        ("clerk.requests", "DEBUG", "GET /v1/probe: 429 in N ms (attempt 1, trace id t_1)"),
        ("clerk.retries", "INFO", "GET /v1/probe: status 429; attempt 2 in 7.0 s"),
        ("clerk.requests", "DEBUG", "GET /v1/probe: 503 in N ms (attempt 2, trace id t_2)"),
        ("clerk.retries", "INFO", "GET /v1/probe: status 503; attempt 3 in 1.0 s"),
        ("clerk.requests", "DEBUG", "GET /v1/probe: ReadError after N ms (attempt 3)"),
        ("clerk.retries", "INFO", "GET /v1/probe: ReadError; attempt 4 in 2.0 s"),
        ("clerk.requests", "DEBUG", "GET /v1/probe: 200 in N ms (attempt 4, trace id r_4)"),
    ]


def test_no_trace_id(kind: Kind, server: ScriptedServer, caplog: pytest.LogCaptureFixture) -> None:
    send(kind, api_url=server.url, http_options=FAST)

    assert logged(caplog) == [("clerk.requests", "DEBUG", "GET /v1/probe: 200 in N ms (attempt 1, trace id -)")]


def test_no_connection(kind: Kind, caplog: pytest.LogCaptureFixture) -> None:
    with nobody_listening() as url, pytest.raises(ClerkError):
        send(kind, api_url=url, max_retries=0, http_options=FAST)

    assert logged(caplog) == [("clerk.requests", "DEBUG", "GET /v1/probe: ConnectError after N ms (attempt 1)")]


def test_what_the_deadline_ends_is_logged(kind: Kind, server: ScriptedServer, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ClerkTimeoutError):
        send(kind, api_url=server.play(drip(head(500, "content-length: 9999"))).url, deadline=1.0, http_options=FAST)

    name = "ClerkTimeoutError" if kind == "sync" else "CancelledError"
    assert logged(caplog) == [("clerk.requests", "DEBUG", f"GET /v1/probe: {name} after N ms (attempt 1)")]


def test_timeouts(kind: Kind, server: ScriptedServer, caplog: pytest.LogCaptureFixture) -> None:
    http_options = {**FAST, "timeout": httpx.Timeout(30, read=0.05)}
    with pytest.raises(ClerkTimeoutError):
        send(kind, probe("POST"), api_url=server.play(stall()).url, http_options=http_options)

    assert logged(caplog) == [("clerk.requests", "DEBUG", "POST /v1/probe: ReadTimeout after N ms (attempt 1)")]


def test_what_a_hook_raises_is_logged_by_name(
    kind: Kind, server: ScriptedServer, caplog: pytest.LogCaptureFixture
) -> None:
    def hook(request: httpx.Request) -> None:
        raise RuntimeError(request.url)

    async def async_hook(request: httpx.Request) -> None:
        hook(request)

    http_options = {**FAST, "event_hooks": {"request": [hook if kind == "sync" else async_hook]}}
    with pytest.raises(RuntimeError):
        send(kind, probe(query=QUERY), api_url=server.url, http_options=http_options)

    assert logged(caplog) == [("clerk.requests", "DEBUG", "GET /v1/probe: RuntimeError after N ms (attempt 1)")]


def test_no_text_is_made_that_nobody_wants(
    kind: Kind, server: ScriptedServer, caplog: pytest.LogCaptureFixture, waits: Waits
) -> None:
    caplog.set_level(logging.INFO, logger="clerk")
    server.play(answer(503), reset(), answer())

    send(kind, api_url=server.url, http_options=FAST)

    assert {name for name, _, _ in logged(caplog)} == {"clerk.retries"}


CALL = """
    import asyncio
    import clerk
    client = clerk.ClerkClient(max_retries=1)
    assert client.users.get_count() == 5
"""


def run(server: ScriptedServer, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    server.play(
        answer(429, {"errors": []}, {"retry-after": "0"}), answer(body={"object": "total_count", "total_count": 5})
    )
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code) + "\nclient.close()"],
        env={"PYTHONPATH": str(ROOT), "CLERK_SECRET_KEY": SECRET_KEY, "CLERK_API_URL": server.url, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("value", [None, "", "0", "no", "Off", "FALSE"])
def test_silent_by_default(server: ScriptedServer, value: str | None) -> None:
    done = run(server, CALL, **({} if value is None else {"CLERK_LOGGING": value}))

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(server.requests) == 2


def test_turned_on_by_the_environment(server: ScriptedServer) -> None:
    done = run(server, CALL + "\n    clerk.ClerkClient().close()", CLERK_LOGGING="true")

    assert (done.returncode, done.stdout) == (0, "")
    lines = [re.sub(r"^[0-9-]{10} [0-9:,]{12} ", "", line) for line in done.stderr.splitlines()]
    assert [re.sub(r"\d+ ms", "N ms", line) for line in lines] == [
        "DEBUG clerk.requests: GET /v1/users/count: 429 in N ms (attempt 1, trace id -)",
        "INFO clerk.retries: GET /v1/users/count: status 429; attempt 2 in 0.0 s",
        "DEBUG clerk.requests: GET /v1/users/count: 200 in N ms (attempt 2, trace id -)",
    ]


def test_the_application_can_take_it_up(server: ScriptedServer) -> None:
    done = run(
        server,
        'import logging\nlogging.basicConfig(format="%(name)s")\n'
        "\n"
        + textwrap.dedent(CALL).replace("import clerk", "import clerk\nlogging.getLogger('clerk').setLevel('DEBUG')"),
    )

    assert done.stderr.split() == ["clerk.requests", "clerk.retries", "clerk.requests"]


def test_it_goes_to_what_is_stderr_at_the_time(
    kind: Kind,
    server: ScriptedServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CLERK_LOGGING", "true")
    before, level = list(clerk._logging.logger.handlers), clerk._logging.logger.level
    try:
        for _ in range(2):
            send(kind, api_url=server.url, http_options=FAST)
        added = [handler for handler in clerk._logging.logger.handlers if handler not in before]
    finally:
        clerk._logging.logger.handlers[:] = before
        clerk._logging.logger.setLevel(level)

    assert len(added) == 1
    assert len(capsys.readouterr().err.splitlines()) == 2
