"""The published keys: one fetch for all who wait, in threads and tasks, and what is left behind."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from clerk import AsyncClerkClient, ClerkClient, ClerkError, TokenVerificationError
from clerk.auth._key_ring import KeyRing, shared_ring
from tests.support.clients import SECRET_KEY

from .conftest import MakeChecker
from .tokens import NOW, claims, header, jwk, session_token, sign

FOREVER = 10**11


class Service:
    """Answers after everybody has come who is to come, and counts."""

    def __init__(self, answer: Callable[[], httpx.Response] | None = None) -> None:
        self.fetches = 0
        self.may_answer = threading.Event()
        self.was_asked = threading.Event()
        self._answer = answer or (lambda: httpx.Response(200, json={"keys": [jwk()]}))

    def sync(self, request: httpx.Request) -> httpx.Response:
        self.fetches += 1
        self.was_asked.set()
        assert self.may_answer.wait(30)
        return self._answer()

    async def asynchronous(self, request: httpx.Request) -> httpx.Response:
        self.fetches += 1
        self.was_asked.set()
        while not self.may_answer.is_set():  # noqa: ASYNC110  threads set it
            await asyncio.sleep(0.001)
        return self._answer()


def clients(service: Service) -> tuple[ClerkClient, AsyncClerkClient]:
    """Return a sync and an async client of one instance."""
    options: dict[str, Any] = {"secret_key": SECRET_KEY, "max_retries": 0}
    sync = ClerkClient(**options, http_options={"transport": httpx.MockTransport(service.sync)})
    other = AsyncClerkClient(**options, http_options={"transport": httpx.MockTransport(service.asynchronous)})
    sync._state().key_ring = other._state().key_ring = KeyRing()
    return sync, other


def token(**changes: Any) -> str:
    return session_token(exp=FOREVER, **changes)


def wait_for_waiters(client: Any, count: int) -> None:
    """Wait until so many wait for the fetch that is under way."""
    cache = next(iter(client._state().key_ring._caches.values()))
    while len(cache._flight._future._waiters) + len(cache._flight._future._done_callbacks) < count:
        pass


def test_threads_and_tasks_wait_for_one_fetch() -> None:
    service = Service()
    sync, other = clients(service)

    async def tasks() -> list[Any]:
        return list(await asyncio.gather(*(other.verify_token(token()) for _ in range(10))))

    with ThreadPoolExecutor(12) as pool:
        first = pool.submit(sync.verify_token, token())
        assert service.was_asked.wait(30)
        threads = [pool.submit(sync.verify_token, token()) for _ in range(9)]
        loop = pool.submit(lambda: asyncio.run(tasks()))
        wait_for_waiters(sync, 19)
        service.may_answer.set()
        results = [first.result(), *(thread.result() for thread in threads), *loop.result()]
    assert results == [claims(exp=FOREVER)] * 20
    assert service.fetches == 1
    sync.close()


@pytest.mark.parametrize("option", ["transport", "mounts"])
def test_keys_that_came_through_a_transport_of_the_callers_own_are_not_shared(option: str) -> None:
    def client(*keys: Any) -> ClerkClient:
        transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"keys": keys}))
        options: Any = {option: transport if option == "transport" else {"https://": transport}}
        return ClerkClient(secret_key=SECRET_KEY, http_options=options)

    with client(jwk()) as first, client() as second:
        assert first.verify_token(token()) == claims(exp=FOREVER)
        with pytest.raises(TokenVerificationError):
            second.verify_token(token())


def test_threads_wait_for_the_fetch_of_a_task() -> None:
    service = Service()
    sync, other = clients(service)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(lambda: asyncio.run(other.verify_token(token())))
        assert service.was_asked.wait(30)
        threads = [pool.submit(sync.verify_token, token()) for _ in range(3)]
        wait_for_waiters(sync, 3)
        service.may_answer.set()
        assert first.result() == claims(exp=FOREVER)
        assert [thread.result() for thread in threads] == [claims(exp=FOREVER)] * 3
    assert service.fetches == 1


def test_all_waiters_hear_of_a_failure() -> None:
    service = Service(lambda: httpx.Response(401, json={"errors": [{"code": "clerk_key_invalid", "message": "m"}]}))
    sync, other = clients(service)

    async def tasks() -> list[Any]:
        return list(await asyncio.gather(*(other.verify_token(token()) for _ in range(3)), return_exceptions=True))

    with ThreadPoolExecutor(5) as pool:
        first = pool.submit(sync.verify_token, token())
        assert service.was_asked.wait(30)
        second = pool.submit(sync.verify_token, token())
        loop = pool.submit(lambda: asyncio.run(tasks()))
        wait_for_waiters(sync, 4)
        service.may_answer.set()
        errors: list[Any] = [first.exception(), second.exception(), *loop.result()]
    assert [error.reason for error in errors] == ["secret-key-invalid"] * 5
    assert len({id(error) for error in errors}) == 5
    assert all(isinstance(error.__cause__, ClerkError) for error in errors)
    assert service.fetches == 1


async def test_a_cancelled_task_leaves_the_fetch_to_the_next() -> None:
    service = Service()
    _, other = clients(service)
    first = asyncio.create_task(other.verify_token(token()))
    while not service.was_asked.is_set():  # noqa: ASYNC110  threads wait for it too
        await asyncio.sleep(0)
    others = [asyncio.create_task(other.verify_token(token())) for _ in range(3)]
    await asyncio.sleep(0)
    others[0].cancel()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    service.may_answer.set()
    assert await asyncio.gather(*others[1:]) == [claims(exp=FOREVER)] * 2
    assert service.fetches == 2
    await other.aclose()


async def test_a_blocking_call_within_the_loop_does_not_wait_for_it() -> None:
    service = Service()
    sync, other = clients(service)
    task = asyncio.create_task(other.verify_token(token()))
    while not service.was_asked.is_set():  # noqa: ASYNC110  threads wait for it too
        await asyncio.sleep(0)
    service.may_answer.set()
    assert sync.verify_token(token()) == claims(exp=FOREVER)
    assert await task == claims(exp=FOREVER)
    assert service.fetches == 2
    await other.aclose()


def test_fifty_forged_tokens_lead_to_one_fetch(checker: MakeChecker) -> None:
    client = checker(lambda _: httpx.Response(200, json={"keys": [jwk()]}), secret_key=SECRET_KEY)
    for number in range(50):
        forged = sign(header(kid=f"ins_{number}"), claims(), "stranger")
        assert client.authenticate_request({"authorization": f"Bearer {forged}"}).reason == "jwk-kid-mismatch"
    assert len(client.requests) == 1
    for _ in range(50):
        forged = sign(header(), claims(), "stranger")
        assert client.authenticate_request({"authorization": f"Bearer {forged}"}).reason == "token-invalid-signature"
    assert len(client.requests) == 1
    client.time += 31
    for number in range(50):
        forged = sign(header(kid=f"ins_{number}"), claims(), "stranger")
        assert not client.authenticate_request({"authorization": f"Bearer {forged}"}).is_authenticated
    assert len(client.requests) == 2
    assert client.verify_token(session_token())


def test_faults_during_the_cool_down(checker: MakeChecker) -> None:
    answers = [httpx.Response(200, json={"keys": [jwk()]}), httpx.Response(503)]
    client = checker(lambda _: answers.pop(0) if len(answers) > 1 else answers[0], secret_key=SECRET_KEY)
    assert client.verify_token(session_token())
    with pytest.raises(TokenVerificationError) as caught:
        client.verify_token(sign(header(kid="ins_new"), claims(), "new"))
    assert caught.value.reason == "jwk-remote-failed-to-load"
    with pytest.raises(TokenVerificationError) as caught:
        client.verify_token(sign(header(kid="ins_new"), claims(), "new"))
    assert caught.value.reason == "jwk-kid-mismatch"
    client.time += 31
    with pytest.raises(TokenVerificationError) as caught:
        client.verify_token(sign(header(), claims(), "stranger"))
    assert caught.value.reason == "token-invalid-signature"
    assert client.verify_token(session_token())


def test_a_clock_that_goes_back_keeps_no_key_alive(checker: MakeChecker) -> None:
    client = checker(lambda _: httpx.Response(200, json={"keys": [jwk()]}), secret_key=SECRET_KEY)
    assert client.verify_token(session_token(exp=FOREVER, iat=..., nbf=...))
    client.time -= 3600
    assert client.verify_token(session_token(exp=FOREVER, iat=..., nbf=...))
    assert len(client.requests) == 2


def test_clients_of_one_instance_share_their_keys_until_the_last_is_closed() -> None:
    ring = KeyRing(lambda: NOW)
    first, second = object.__new__(_User), object.__new__(_User)
    cache = ring.cache(first, "https://api.clerk.com/v1", "2026-05-12", "sk_test_1")
    assert ring.cache(second, "https://api.clerk.com/v1", "2026-05-12", "sk_test_1") is cache
    assert ring.cache(first, "https://api.clerk.com/v1", "2026-05-12", "sk_test_2") is not cache
    ring.release(first)
    assert ring.cache(second, "https://api.clerk.com/v1", "2026-05-12", "sk_test_1") is cache
    ring.release(second)
    assert not ring._caches


class _User:
    pass


def test_closing_leaves_nothing_behind() -> None:
    threads, caches = set(threading.enumerate()), set(shared_ring._caches)  # other tests may have left some
    client = ClerkClient(secret_key="sk_test_of_nobody_else")
    with pytest.raises(TokenVerificationError):
        client.verify_token("x")
    assert set(shared_ring._caches) - caches
    client.close()
    gc.collect()
    assert set(shared_ring._caches) <= caches
    assert set(threading.enumerate()) <= threads


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_starts_anew() -> None:
    service = Service()
    service.may_answer.set()
    sync, _ = clients(service)
    assert sync.verify_token(token())
    ring = sync._state().key_ring
    assert ring is not None
    cache = next(iter(ring._caches.values()))
    context = multiprocessing.get_context("fork")
    with ring._lock, cache._lock:  # as another thread may have done at that moment
        child = context.Process(target=_in_child, args=(sync, service))
        child.start()
    child.join(30)
    assert child.exitcode == 0


def _in_child(client: ClerkClient, service: Service) -> None:
    assert client.verify_token(token())
    assert service.fetches == 2
    os._exit(0)
