from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from clerk import ClerkConnectionError, ClerkError, create_async_clerk_client, create_clerk_client
from tests.faults.bodies import USER
from tests.support.clients import SECRET_KEY, Kind, probe, send
from tests.support.server import ScriptedServer, answer, stall
from tests.support.waits import until, until_async

ROOT = Path(__file__).parents[2]
FAST: Any = {"verify": False}  # Any: options of either client; no certificates are loaded: there is no TLS
COUNT = {"object": "total_count", "total_count": 5}


def run(server: ScriptedServer, code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a Python of its own that says everything there is to warn about."""
    return subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", textwrap.dedent(code)],
        env={
            "PYTHONPATH": str(ROOT),
            "PYTHONASYNCIODEBUG": "0",  # which tells of slow callbacks, on a busy machine of any
            "CLERK_SECRET_KEY": SECRET_KEY,
            "CLERK_API_URL": server.play(answer(body=COUNT)).url,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def assert_quiet(done: subprocess.CompletedProcess[str]) -> None:
    noise = [line for line in done.stderr.splitlines() if "asyncio" not in line or "took" not in line]
    assert (done.returncode, done.stdout, noise) == (0, "", [])


# Threads and processes.


def test_one_client_serves_many_threads(server: ScriptedServer) -> None:
    together = threading.Barrier(32)

    def answer_together(connection: socket.socket, stopping: threading.Event) -> bool:
        together.wait(20)
        return answer(body=USER)(connection, stopping)

    def call(number: int) -> str:
        return [client.users.get_user(f"user_{number}").id for _ in range(4)][-1]

    server.play(answer_together)
    with (
        create_clerk_client(secret_key=SECRET_KEY, api_url=server.url, http_options=FAST) as client,
        ThreadPoolExecutor(32) as threads,
    ):
        assert set(threads.map(call, range(32))) == {"user_1"}

    assert len(server.requests) == 32 * 4
    assert {request.path for request in server.requests} == {f"/v1/users/user_{number}" for number in range(32)}
    assert server.connections == 32  # which were kept from call to call


def test_a_client_made_before_the_fork_serves_all_workers(server: ScriptedServer) -> None:
    """As with gunicorn's preload: the parent makes the client and uses it, workers go on with it and exit."""
    done = run(
        server,
        """
        import os, sys, warnings
        from clerk import clerk_client, create_clerk_client

        own = create_clerk_client(http_options={"verify": False})
        assert clerk_client.users.get_count() == own.users.get_count() == 5
        workers = []
        for _ in range(3):
            if not (worker := os.fork()):
                warnings.simplefilter("ignore", ResourceWarning)  # what was inherited is the parent's to close
                for _ in range(2):
                    assert clerk_client.users.get_count() == own.users.get_count() == 5
                own.close()
                sys.exit()
            workers.append(worker)
        for worker in workers:
            assert os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) == 0
        assert clerk_client.users.get_count() == own.users.get_count() == 5
        own.close()
        """,
    )

    assert_quiet(done)
    assert len(server.requests) == 2 + 3 * 4 + 2
    assert server.connections == 2 + 3 * 2  # two clients, each with one connection in each process


def test_a_client_first_used_after_the_fork(server: ScriptedServer) -> None:
    done = run(
        server,
        """
        import asyncio, os, sys
        from clerk import async_clerk_client, clerk_client

        if not (worker := os.fork()):
            assert clerk_client.users.get_count() == 5
            assert asyncio.run(async_clerk_client.users.get_count()) == 5
            sys.exit()
        assert os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) == 0
        assert clerk_client.users.get_count() == 5
        """,
    )

    assert_quiet(done)


def test_an_async_client_used_before_and_after_the_fork(server: ScriptedServer) -> None:
    done = run(
        server,
        """
        import asyncio, os, sys
        from clerk import async_clerk_client

        assert asyncio.run(async_clerk_client.users.get_count()) == 5
        if not (worker := os.fork()):
            assert asyncio.run(async_clerk_client.users.get_count()) == 5
            sys.exit()
        assert os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) == 0
        assert asyncio.run(async_clerk_client.users.get_count()) == 5
        """,
    )

    assert_quiet(done)
    assert server.connections == 3


def test_a_fork_while_another_thread_calls(server: ScriptedServer) -> None:
    done = run(
        server,
        """
        import os, sys, threading
        from clerk import clerk_client

        clerk_client.users.get_count()  # with all its imports, which Python itself cannot fork from
        stop = threading.Event()
        def call():
            while not stop.is_set():
                clerk_client.users.get_count()
        thread = threading.Thread(target=call)
        thread.start()
        for _ in range(5):
            if not (worker := os.fork()):
                clerk_client.users.get_count()
                os._exit(0)
            assert os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) == 0
        stop.set()
        thread.join()
        """,
    )

    assert_quiet(done)


# The end.

ENDINGS = [
    """
    from clerk import clerk_client, users
    users.get_count()
    clerk_client.with_options(max_retries=0).users.get_count()
    """,
    """
    import asyncio
    from clerk import async_clerk_client as client
    async def main():
        await asyncio.gather(*(client.users.get_count() for _ in range(8)))
        await client.with_options(max_retries=0).users.get_count()
    asyncio.run(main())
    asyncio.run(main())
    """,
    """
    import asyncio, threading
    from clerk import async_clerk_client as client, clerk_client
    async def main():
        await asyncio.to_thread(clerk_client.users.get_count)
        await client.users.get_count()
    threads = [threading.Thread(target=asyncio.run, args=(main(),)) for _ in range(4)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    """,
    """
    import asyncio
    from clerk import AsyncClerkClient, ClerkClient
    with ClerkClient() as client:
        client.users.get_count()
    async def main():
        async with AsyncClerkClient() as client:
            await client.users.get_count()
    asyncio.run(main())
    """,
    """
    import sys
    from clerk import clerk_client
    clerk_client.users.get_count()
    sys.exit(0)
    """,
    """
    import asyncio
    from clerk import async_clerk_client
    async def main():
        try:
            async with asyncio.timeout(0):
                await async_clerk_client.users.get_count()
        except TimeoutError:
            pass
        await async_clerk_client.users.get_count()
    asyncio.run(main())
    """,
]


@pytest.mark.parametrize("code", ENDINGS)
def test_nothing_is_left_open_and_nothing_is_said_about_it(server: ScriptedServer, code: str) -> None:
    assert_quiet(run(server, code))
    assert server.requests


def test_closing_while_calls_are_under_way(server: ScriptedServer) -> None:
    server.play(stall())
    client = create_clerk_client(
        secret_key=SECRET_KEY, api_url=server.url, max_retries=0, http_options=FAST | {"timeout": 2}
    )
    errors: list[BaseException] = []

    def call() -> None:
        try:
            client._send(probe())
        except ClerkError as error:
            errors.append(error)

    threads = [threading.Thread(target=call) for _ in range(3)]
    for thread in threads:
        thread.start()
    until(lambda: len(server.requests) == 3)
    client.close()
    for thread in threads:
        thread.join(20)

    assert len(errors) == 3
    with pytest.raises(ClerkError, match="closed"):
        client._send(probe())


async def test_aclosing_while_calls_are_under_way(server: ScriptedServer) -> None:
    client = create_async_clerk_client(
        secret_key=SECRET_KEY, api_url=server.play(stall()).url, max_retries=0, http_options=FAST | {"timeout": 5}
    )
    tasks = [asyncio.create_task(client._send(probe())) for _ in range(3)]
    await until_async(lambda: len(server.requests) == 3)
    await client.aclose()

    ended = await asyncio.gather(*tasks, return_exceptions=True)

    assert all(isinstance(error, ClerkError) for error in ended), ended


async def test_a_cancelled_call_leaves_the_client_usable(server: ScriptedServer) -> None:
    async with create_async_clerk_client(secret_key=SECRET_KEY, api_url=server.url, http_options=FAST) as client:
        server.play(stall())
        for _ in range(3):
            seen = len(server.requests) + 1
            task = asyncio.create_task(client._send(probe()))
            await until_async(lambda seen=seen: len(server.requests) == seen)  # type: ignore[misc]  # bound now
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        server.play(answer())
        await asyncio.gather(*(client._send(probe()) for _ in range(5)))


def test_a_pool_of_one_connection_recovers_from_every_failure(kind: Kind, server: ScriptedServer) -> None:
    """A connection that is not given back would have the next call wait for ever."""
    http_options: dict[str, Any] = {
        **FAST,
        "limits": httpx.Limits(max_connections=1),
        "timeout": httpx.Timeout(20, read=0.2),
    }
    script = [answer(500, b"x" * 1_000_000), answer(404), stall(), answer(302, b"", {"location": "http://a.b/"})]
    options: dict[str, Any] = {"secret_key": SECRET_KEY, "api_url": server.url, "http_options": http_options}
    if kind == "sync":
        with create_clerk_client(**options) as client:
            for act in script:
                server.play(act)
                with pytest.raises(ClerkError):
                    client.with_options(max_retries=0)._send(probe("POST"))
            server.play(answer(body=b"x" * 1_000_000))
            client._send(probe())
            client._send(probe())
        return

    async def call() -> None:
        async with create_async_clerk_client(**options) as async_client:
            for act in script:
                server.play(act)
                with pytest.raises(ClerkError):
                    await async_client.with_options(max_retries=0)._send(probe("POST"))
            server.play(answer(body=b"x" * 1_000_000))
            await async_client._send(probe())
            await async_client._send(probe())

    asyncio.run(call())


# TLS.


def _in_the_clear(connection: socket.socket, stopping: threading.Event) -> bool:
    """Begin an answer, and go on without encryption."""
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{")
    with socket.socket(fileno=os.dup(connection.fileno())) as bare:
        bare.sendall(b"garbage" * 20)
    return False


def test_what_is_no_tls_within_the_answer(kind: Kind, tls_server: ScriptedServer) -> None:
    with pytest.raises(ClerkConnectionError):
        send(kind, probe("POST"), api_url=tls_server.play(_in_the_clear).url, http_options=FAST)

    assert len(tls_server.requests) == 1


def test_a_server_without_tls(kind: Kind) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def refuse() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                connection.recv(65_536)

        thread = threading.Thread(target=refuse)
        thread.start()
        with pytest.raises(ClerkConnectionError) as caught:
            send(kind, api_url=f"https://127.0.0.1:{listener.getsockname()[1]}", max_retries=0, http_options=FAST)
        thread.join(20)

    assert isinstance(caught.value.__cause__, httpx.ConnectError)
