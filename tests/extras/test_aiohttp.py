"""The extra `aiohttp`: the same client on another transport."""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Iterator

import pytest

from clerk import (
    AsyncClerkClient,
    ClerkConfigurationError,
    ClerkConnectionError,
    ClerkTimeoutError,
    NotFoundError,
    create_async_clerk_client,
)
from clerk.testing import SECRET_KEY, LocalClerk


@pytest.fixture
def local() -> LocalClerk:
    return LocalClerk()


@pytest.fixture
def url(local: LocalClerk) -> Iterator[str]:
    with local.serve() as url:
        yield url


def on_aiohttp(url: str, *, max_retries: int = 2, timeout: float = 10.0) -> AsyncClerkClient:
    return create_async_clerk_client(
        secret_key=SECRET_KEY,
        api_url=url,
        max_retries=max_retries,
        http_options={"transport": "aiohttp", "timeout": timeout},
    )


async def test_calls_pages_and_errors(local: LocalClerk, url: str) -> None:
    local.seed_users(25)
    async with on_aiohttp(url) as client:
        created = await client.users.create_user(email_address=["ada@example.com"], first_name="Ada")
        assert (await client.users.get_user(created.id)).first_name == "Ada"
        page = await client.users.get_user_list(limit=10)
        assert len({user.id async for user in page.auto_paging_iter()}) == 26
        with pytest.raises(NotFoundError):
            await client.users.get_user("user_missing")


async def test_a_create_is_not_repeated_where_the_service_may_have_acted(local: LocalClerk, url: str) -> None:
    async with on_aiohttp(url) as client:
        await client.users.get_count()
        local.fail_next(drop=True, method="POST")
        with pytest.raises(ClerkConnectionError):
            await client.users.create_user(email_address=["ada@example.com"])
    assert [request.method for request in local.requests].count("POST") == 1


async def test_nobody_listens(local: LocalClerk) -> None:
    with local.serve() as gone:
        pass
    async with on_aiohttp(gone, max_retries=0) as client:
        with pytest.raises(ClerkConnectionError):
            await client.users.get_count()


async def test_a_late_answer_is_a_timeout(local: LocalClerk, url: str) -> None:
    async with on_aiohttp(url, max_retries=0, timeout=0.1) as client:
        local.fail_next(delay=1.0)
        with pytest.raises(ClerkTimeoutError):
            await client.users.get_count()


def test_each_event_loop_has_its_own(local: LocalClerk, url: str) -> None:
    client = on_aiohttp(url)

    async def count() -> int:
        return await client.users.get_count()

    assert [asyncio.run(count()), asyncio.run(count())] == [0, 0]


def test_without_the_extra_the_option_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clerk._http_options.find_spec", lambda _: None)
    with pytest.raises(ClerkConfigurationError, match=r"pip install 'clerk-client\[aiohttp\]'"):
        create_async_clerk_client(http_options={"transport": "aiohttp"})
    assert importlib.util.find_spec("aiohttp") is not None


async def test_http2_is_refused_clearly(url: str) -> None:
    client = create_async_clerk_client(
        secret_key=SECRET_KEY, api_url=url, http_options={"transport": "aiohttp", "http1": False, "http2": True}
    )
    with pytest.raises(ClerkConfigurationError, match="HTTP/2"):
        await client.users.get_count()
