from __future__ import annotations

import asyncio
import logging
import platform
import ssl
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

import clerk
from clerk import (
    API_VERSION,
    ClerkConfigurationError,
    ClerkDecodeError,
    ClerkError,
    async_clerk_client,
    clerk_client,
    create_async_clerk_client,
    create_clerk_client,
    reset_default_clients,
)
from clerk_generated.client import Drift
from tests.support.clients import SECRET_KEY, Kind, probe, send
from tests.support.server import ScriptedServer, answer
from tests.support.transports import RecordingTransport

ROOT = Path(__file__).parents[1]
COUNT = {"object": "total_count", "total_count": 5}


def run_python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run code in a Python of its own that says everything there is to warn about."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code)],
        env={"PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# A request on the wire.


def test_a_call_with_the_sync_client(server: ScriptedServer) -> None:
    with create_clerk_client(secret_key=SECRET_KEY, api_url=server.play(answer(body=COUNT)).url) as client:
        count = client.users.get_count(query="ada")

    assert count == 5
    assert [(request.method, request.target) for request in server.requests] == [("GET", "/v1/users/count?query=ada")]


async def test_a_call_with_the_async_client(server: ScriptedServer) -> None:
    async with create_async_clerk_client(secret_key=SECRET_KEY, api_url=server.play(answer(body=COUNT)).url) as client:
        count = await client.users.get_count(query="ada")

    assert count == 5
    assert [(request.method, request.target) for request in server.requests] == [("GET", "/v1/users/count?query=ada")]


def test_headers_of_every_request(kind: Kind, server: ScriptedServer) -> None:
    send(kind, api_url=server.url)

    headers = server.requests[0].headers
    python = ".".join(platform.python_version_tuple()[:2])
    assert headers["authorization"] == f"Bearer {SECRET_KEY}"
    assert headers["clerk-api-version"] == API_VERSION
    assert headers["user-agent"] == f"clerk-client/{clerk.__version__} python/{python} httpx/{httpx.__version__}"
    assert headers["accept"] == "application/json"
    assert "content-type" not in headers


@pytest.mark.parametrize(
    "path",
    [
        "/users/a%2Fb",
        "/users/%2E%2E",
        "/users/a%3Fb%23c%25",
        "/users/%C3%A9%20%5B%5D%40%3A%2B%2A%7C",
        "/users/a-b_c.d~e",
    ],
)
def test_paths_go_out_as_they_are(kind: Kind, server: ScriptedServer, path: str) -> None:
    send(kind, probe(path=path), api_url=server.url)
    send(kind, probe(path=path, query={"a": "b"}), api_url=server.url)

    assert [request.target for request in server.requests] == [f"/v1{path}", f"/v1{path}?a=b"]


def test_query(kind: Kind, server: ScriptedServer) -> None:
    query = {"email_address": ["a@b.c", "d+e@f.g"], "query": "ä & ö=/?#%", "empty": "", "limit": "0", "none": []}

    send(kind, probe(query=query), api_url=server.url)

    assert server.requests[0].query == [
        ("email_address", "a@b.c"),
        ("email_address", "d+e@f.g"),
        ("query", "ä & ö=/?#%"),
        ("empty", ""),
        ("limit", "0"),
    ]


@pytest.mark.parametrize("query", [None, {}])
def test_no_query(kind: Kind, server: ScriptedServer, query: dict[str, str] | None) -> None:
    send(kind, probe(query=query), api_url=server.url)

    assert server.requests[0].target == "/v1/probe"


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ({}, b"{}"),
        (None, b"null"),
        ({"a": [1, 2.5, None, True], "b": {"ä": "\u2028"}}, '{"a":[1,2.5,null,true],"b":{"ä":"\u2028"}}'.encode()),
        ([], b"[]"),
        ({"a\udc00": ["\ud83d", "\U0001f600"]}, b'{"a\\udc00":["\\ud83d","\xf0\x9f\x98\x80"]}'),
    ],
)
def test_json_body(kind: Kind, server: ScriptedServer, content: object, body: bytes) -> None:
    send(kind, probe("POST", json=content), api_url=server.url)

    assert server.requests[0].body == body
    assert server.requests[0].headers["content-type"] == "application/json"
    assert server.requests[0].headers["content-length"] == str(len(body))


@pytest.mark.parametrize("content", [float("nan"), float("inf")])
def test_what_has_no_json_form_is_not_sent(kind: Kind, server: ScriptedServer, content: object) -> None:
    with pytest.raises(ValueError, match="JSON"):
        send(kind, probe("POST", json=content), api_url=server.url)

    assert not server.requests


def test_multipart_body(kind: Kind, server: ScriptedServer) -> None:
    files = {"file": ("a.png", b"\x89PNG\r\n", "image/png")}

    send(kind, probe("PUT", form={"uploader_user_id": "user_1"}, files=files), api_url=server.url)

    request = server.requests[0]
    content_type, _, boundary = request.headers["content-type"].partition("; boundary=")
    assert content_type == "multipart/form-data"
    field, file, rest = request.body.split(f"--{boundary}".encode())[1:]
    assert field == b'\r\nContent-Disposition: form-data; name="uploader_user_id"\r\n\r\nuser_1\r\n'
    assert file.startswith(b'\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n')
    assert file.endswith(b"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\r\n")
    assert rest == b"--\r\n"


def test_no_cookies_are_kept(server: ScriptedServer) -> None:
    server.play(answer(headers={"set-cookie": "a=1; Path=/"}))
    with create_clerk_client(secret_key=SECRET_KEY, api_url=server.url) as client:
        client._send(probe())
        client._send(probe())

    assert "cookie" not in server.requests[1].headers


def test_redirects_are_not_followed(kind: Kind, server: ScriptedServer) -> None:
    with ScriptedServer() as other:
        server.play(answer(302, headers={"location": other.url}))
        with pytest.raises(clerk.ClerkAPIResponseError):
            send(kind, api_url=server.url)

    assert len(server.requests) == 1
    assert not other.requests


def test_event_hooks(server: ScriptedServer) -> None:
    seen: list[object] = []
    hooks = {
        "request": [lambda request: seen.append(request.url.path)],
        "response": [lambda r: seen.append(r.status_code)],
    }

    send("sync", api_url=server.url, http_options={"event_hooks": hooks})

    assert seen == ["/v1/probe", 200]


# Answers that cannot be read.


def answered(content: bytes, **options: Any) -> tuple[clerk.ClerkClient, httpx.Response]:
    client = create_clerk_client(
        secret_key=SECRET_KEY, http_options={"transport": RecordingTransport(body=content)}, **options
    )
    return client, client._send(probe())


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "Expecting value"),
        (b"<html>", "Expecting value"),
        (b'{"a": ', "Expecting value"),
        (b"\xff", "codec can't decode"),
        pytest.param(b"[" * 100_000, "it is nested too deeply", id="deep"),
    ],
)
def test_no_json(content: bytes, problem: str) -> None:
    client, response = answered(content)

    with pytest.raises(ClerkDecodeError, match=r"^200 GET /v1/probe: the body is not JSON: ") as caught:
        client._load_json(response)

    assert problem in str(caught.value)
    assert (caught.value.model, caught.value.path, caught.value.body) == (None, "", content)


def test_json() -> None:
    client, response = answered(b'{"a": "\xc3\xa4"}')

    assert client._load_json(response) == {"a": "ä"}


@pytest.mark.parametrize(
    ("path", "text"),
    [("data[].id", "200 GET /v1/probe: User at data[].id: is a number"), ("", "200 GET /v1/probe: User: is a number")],
)
def test_decode_error(path: str, text: str) -> None:
    client, response = answered(f'{{"key": "{SECRET_KEY}"}}'.encode())

    error = client._decode_error("User", path, "is a number", response)

    assert str(error) == text
    assert (error.model, error.path, error.body) == ("User", path, b'{"key": "[secret key]"}')


DRIFTS = [Drift("User", "id", "is missing"), Drift("User", "data[].id", "is null"), Drift("User", "id", "is null")]


def test_drift_is_logged_once_per_place_and_client(caplog: pytest.LogCaptureFixture) -> None:
    client, response = answered(b"{}")

    client._report_drift(DRIFTS, response)
    client._report_drift(DRIFTS, response)
    client.with_options(max_retries=0)._report_drift(DRIFTS, response)

    assert [(record.name, record.levelno, record.getMessage()) for record in caplog.records] == [
        ("clerk.drift", logging.WARNING, "GET /v1/probe: User at id: is missing (logged once)"),
        ("clerk.drift", logging.WARNING, "GET /v1/probe: User at data[].id: is null (logged once)"),
    ]
    create_clerk_client()._report_drift(DRIFTS[:1], response)
    assert len(caplog.records) == 3


def test_drift_is_an_error_of_a_strict_client(caplog: pytest.LogCaptureFixture) -> None:
    client, response = answered(b"{}", strict_responses=True)

    client._report_drift([], response)
    with pytest.raises(ClerkDecodeError, match="User at id: is missing") as caught:
        client._report_drift(DRIFTS, response)

    assert (caught.value.model, caught.value.path, caught.value.body) == ("User", "id", b"{}")
    assert not caplog.records


# Lifecycle.


def test_close_is_for_good(server: ScriptedServer) -> None:
    client = create_clerk_client(secret_key=SECRET_KEY, api_url=server.url)
    client._send(probe())
    client.close()
    client.close()

    for use in (lambda: client._send(probe()), client.with_options, client.__enter__):
        with pytest.raises(ClerkError, match="this client was closed"):
            use()
    assert len(server.requests) == 1


async def test_aclose_is_for_good(server: ScriptedServer) -> None:
    client = create_async_clerk_client(secret_key=SECRET_KEY, api_url=server.url)
    await client._send(probe())
    await asyncio.gather(client.aclose(), client.aclose())
    await client.aclose()

    for use in (lambda: client._send(probe()), client.__aenter__):
        with pytest.raises(ClerkError, match="this client was closed"):
            await use()
    with pytest.raises(ClerkError, match="this client was closed"):
        client.with_options()
    assert len(server.requests) == 1


def test_a_client_that_was_never_used_closes() -> None:
    transport = RecordingTransport()
    with create_clerk_client(http_options={"transport": transport}):
        pass

    assert transport.closed == 0


def test_the_block_closes_the_connections() -> None:
    transport = RecordingTransport()
    with create_clerk_client(secret_key=SECRET_KEY, http_options={"transport": transport}) as client:
        client._send(probe())

    assert transport.closed == 1


def test_with_options_shares_the_connections(server: ScriptedServer) -> None:
    with create_clerk_client(secret_key=SECRET_KEY, api_url=server.url) as client:
        client._send(probe())
        with client.with_options(max_retries=0) as child:
            child._send(probe())
            grandchild = child.with_options(max_retries=1)
        with pytest.raises(ClerkError, match="closed"):
            child._send(probe())
        grandchild._send(probe())
        client._send(probe())

    assert [request.connection for request in server.requests] == [0, 0, 0, 0]
    with pytest.raises(ClerkError, match="closed"):
        grandchild._send(probe())


async def test_with_options_shares_the_connections_of_the_async_client(server: ScriptedServer) -> None:
    async with create_async_clerk_client(secret_key=SECRET_KEY, api_url=server.url) as client:
        await client._send(probe())
        async with client.with_options(max_retries=0) as child:
            await child._send(probe())
        await client._send(probe())
        grandchild = client.with_options(max_retries=1)

    assert [request.connection for request in server.requests] == [0, 0, 0]
    with pytest.raises(ClerkError, match="closed"):
        await grandchild._send(probe())


def test_closed_while_a_call_is_under_way(kind: Kind) -> None:
    class Closing(RecordingTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            client.close()
            raise RuntimeError("cannot send any more")

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await async_client.aclose()
            raise RuntimeError("cannot send any more")

    client = create_clerk_client(secret_key=SECRET_KEY, http_options={"transport": Closing()})
    async_client = create_async_clerk_client(secret_key=SECRET_KEY, http_options={"transport": Closing()})
    with pytest.raises(ClerkError, match="this client was closed"):
        client._send(probe()) if kind == "sync" else asyncio.run(_await(async_client._send(probe())))


async def _await(awaitable: Any) -> Any:  # Any: hands through whatever it is
    return await awaitable


def test_many_threads_share_one_set_of_connections(server: ScriptedServer) -> None:
    started = threading.Barrier(8)

    def call(_: int) -> int:
        started.wait()
        client._send(probe())
        return id(client._state().pool._here())

    with (
        create_clerk_client(secret_key=SECRET_KEY, api_url=server.url) as client,
        ThreadPoolExecutor(max_workers=8) as threads,
    ):
        assert len(set(threads.map(call, range(8)))) == 1
    assert len(server.requests) == 8


def test_a_client_goes_on_in_a_forked_process(server: ScriptedServer) -> None:
    code = """
        import os
        from clerk import clerk_client
        from clerk_generated.client import Request

        def call():
            clerk_client._send(Request("Probe", "GET", f"/{os.getpid()}"))

        call()
        if (child := os.fork()) == 0:
            call()
            clerk_client.close()
            os._exit(0)
        else:
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
            call()
    """
    done = run_python(code, CLERK_SECRET_KEY=SECRET_KEY, CLERK_API_URL=server.url)

    assert (done.returncode, done.stderr) == (0, "")
    parent, child, again = server.requests
    assert parent.path == again.path != child.path
    assert [parent.connection, child.connection, again.connection] == [0, 1, 0]


def test_an_async_client_works_in_one_event_loop_after_another(server: ScriptedServer) -> None:
    client = create_async_clerk_client(secret_key=SECRET_KEY, api_url=server.url)

    async def call_twice() -> None:
        await client._send(probe())
        await client._send(probe())

    asyncio.run(call_twice())
    asyncio.run(call_twice())

    assert [request.connection for request in server.requests] == [0, 0, 1, 1]
    assert not client._state().pool._loops  # closed with their loops


def test_an_async_client_works_in_two_event_loops_at_a_time(server: ScriptedServer) -> None:
    client = create_async_clerk_client(secret_key=SECRET_KEY, api_url=server.url)
    both = threading.Barrier(2)

    async def call() -> None:
        await client._send(probe())
        both.wait()
        await client._send(probe())

    with ThreadPoolExecutor(max_workers=2) as threads:
        list(threads.map(lambda _: asyncio.run(call()), range(2)))

    assert sorted(request.connection for request in server.requests) == [0, 0, 1, 1]


def test_what_is_left_of_a_loop_that_was_not_shut_down_is_dropped(server: ScriptedServer) -> None:
    client = create_async_clerk_client(secret_key=SECRET_KEY, http_options={"transport": RecordingTransport()})
    loop = asyncio.new_event_loop()
    loop.run_until_complete(client._send(probe()))
    loop.close()
    pool = client._state().pool
    assert list(pool._loops) == [loop]

    async def call() -> list[asyncio.AbstractEventLoop]:
        await client._send(probe())
        return list(pool._loops)

    assert loop not in asyncio.run(call())


def test_an_async_client_needs_an_event_loop() -> None:
    with pytest.raises(ClerkError, match="running asyncio event loop"):
        create_async_clerk_client(secret_key=SECRET_KEY)._send(probe()).send(None)


# The default clients.


def test_the_default_client_reads_the_environment_when_it_is_first_used(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from clerk import users

    reset_default_clients()
    monkeypatch.setenv("CLERK_SECRET_KEY", "sk_test_late")
    monkeypatch.setenv("CLERK_API_URL", server.play(answer(body=COUNT)).url)

    assert users.get_count() == 5
    assert clerk_client.users.get_count() == 5
    assert [request.headers["authorization"] for request in server.requests] == ["Bearer sk_test_late"] * 2
    assert [request.connection for request in server.requests] == [0, 0]


def test_reset_has_the_default_client_read_the_environment_again(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from clerk import users

    monkeypatch.setenv("CLERK_API_URL", server.play(answer(body=COUNT)).url)
    for key in ("sk_test_a", "sk_test_b"):
        monkeypatch.setenv("CLERK_SECRET_KEY", key)
        reset_default_clients()
        users.get_count()
    clerk_client.close()
    with pytest.raises(ClerkError, match="closed"):
        users.get_count()
    reset_default_clients()
    users.get_count()

    assert [request.headers["authorization"][-1] for request in server.requests] == ["a", "b", "b"]


def test_reset_has_the_default_async_client_read_the_environment_again(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLERK_API_URL", server.play(answer(body=COUNT)).url)

    async def call() -> None:
        for key in ("sk_test_a", "sk_test_b"):
            monkeypatch.setenv("CLERK_SECRET_KEY", key)
            reset_default_clients()
            await async_clerk_client.users.get_count()

    asyncio.run(call())

    assert [request.headers["authorization"][-1] for request in server.requests] == ["a", "b"]


def test_a_default_client_without_a_key_says_what_to_do() -> None:
    reset_default_clients()

    with pytest.raises(ClerkConfigurationError, match="CLERK_SECRET_KEY"):
        clerk_client.users.get_count()


def test_a_bad_variable_is_no_error_before_the_default_client_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    reset_default_clients()
    monkeypatch.setenv("CLERK_API_VERSION", "latest")

    users = clerk_client.users
    repr(clerk_client)
    with pytest.raises(ClerkConfigurationError, match="CLERK_API_VERSION"):
        users.get_count()


def test_threads_that_come_first_share_the_default_client(monkeypatch: pytest.MonkeyPatch) -> None:
    reset_default_clients()
    started = threading.Barrier(8)

    def setup(_: int) -> int:
        started.wait()
        return id(clerk_client._state())

    with ThreadPoolExecutor(max_workers=8) as threads:
        assert len(set(threads.map(setup, range(8)))) == 1


@pytest.mark.parametrize(
    "code",
    [
        """
        from clerk import clerk_client
        clerk_client.users.get_count()
        """,
        """
        from clerk import users
        assert users.get_count() == 5
        """,
        """
        import asyncio
        from clerk import async_clerk_client
        asyncio.run(async_clerk_client.users.get_count())
        asyncio.run(async_clerk_client.users.get_count())
        """,
        """
        import asyncio
        from clerk import async_clerk_client, clerk_client
        async def main():
            for _ in range(3):
                await asyncio.gather(*(async_clerk_client.users.get_count() for _ in range(5)))
                clerk_client.users.get_count()
        asyncio.run(main())
        """,
    ],
)
def test_the_default_clients_leave_nothing_unclosed_and_no_noise(server: ScriptedServer, code: str) -> None:
    done = run_python(code, CLERK_SECRET_KEY=SECRET_KEY, CLERK_API_URL=server.play(answer(body=COUNT)).url)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# TLS.

TLS = Path(__file__).parent / "support" / "tls"
CERTIFICATE, KEY = str(TLS / "certificate.pem"), str(TLS / "key.pem")  # for 127.0.0.1, signed by itself


@pytest.fixture
def tls_server() -> Iterator[ScriptedServer]:
    """A server that wants to see a certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=CERTIFICATE)
    context.load_cert_chain(CERTIFICATE, KEY)
    context.verify_mode = ssl.CERT_REQUIRED
    with ScriptedServer(tls=context) as running:
        yield running


@pytest.mark.parametrize("verify", ["file", "folder", "context", False])
@pytest.mark.parametrize("cert", [(CERTIFICATE, KEY), (CERTIFICATE, KEY, "no password")])
def test_certificates_on_both_sides(
    kind: Kind, tls_server: ScriptedServer, tmp_path: Path, verify: str | bool, cert: tuple[str, ...]
) -> None:
    (tmp_path / "0d001701.0").write_text(
        Path(CERTIFICATE).read_text(encoding="utf-8")
    )  # named by the hash of its subject
    ways: dict[str | bool, object] = {
        "file": CERTIFICATE,
        "folder": str(tmp_path),
        "context": ssl.create_default_context(cafile=CERTIFICATE),
    }

    http_options = {"verify": ways.get(verify, verify), "cert": cert}

    assert send(kind, api_url=tls_server.url, http_options=http_options).status_code == 200


@pytest.mark.parametrize("http_options", [{}, {"verify": True}, {"cert": (CERTIFICATE, KEY)}])
def test_a_server_that_nobody_vouches_for(
    kind: Kind, tls_server: ScriptedServer, http_options: dict[str, object]
) -> None:
    with pytest.raises(clerk.ClerkConnectionError, match=r"(?i)certificate.verify.failed"):
        send(kind, api_url=tls_server.url, http_options=http_options)

    assert not tls_server.requests
