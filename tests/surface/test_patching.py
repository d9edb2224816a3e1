"""Methods can be replaced in tests, by every means that there is."""

from __future__ import annotations

import asyncio
from unittest import mock

import pytest

import clerk
from clerk import AsyncClerkClient, ClerkClient
from tests.surface.public import methods

METHODS = methods()
KEY = "sk_test_patching"


def called(method: mock.Mock, **given: object) -> None:
    """Call a stand-in, which in some versions of Python checks its arguments only when it is awaited."""
    answer = method(**given)
    if asyncio.iscoroutine(answer):
        answer.send(None)


@pytest.mark.parametrize("client_class", [ClerkClient, AsyncClerkClient])
def test_patch_object_and_setattr(
    client_class: type[ClerkClient | AsyncClerkClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, other = client_class(secret_key=KEY), client_class(secret_key=KEY)
    for sub_api, name in METHODS:
        owner = getattr(client, sub_api)
        real = getattr(owner, name)
        with mock.patch.object(owner, name) as replaced:
            assert getattr(getattr(client, sub_api), name) is replaced
            assert getattr(getattr(other, sub_api), name) is not replaced
            assert isinstance(replaced, mock.AsyncMock) is (client_class is AsyncClerkClient)
        assert getattr(owner, name) == real
        with mock.patch.object(owner, name, autospec=True) as replaced, pytest.raises(TypeError):
            called(replaced, no_such_parameter=1)
        with monkeypatch.context() as patching:
            patching.setattr(owner, name, len)
            assert getattr(getattr(client, sub_api), name) is len
        assert getattr(owner, name) == real


def test_a_replaced_method_answers() -> None:
    client, async_client = ClerkClient(secret_key=KEY), AsyncClerkClient(secret_key=KEY)
    with mock.patch.object(client.users, "get_user", return_value="Ada") as replaced:
        assert client.users.get_user("user_1") == "Ada"  # type: ignore[comparison-overlap]  # a stand-in's
        replaced.assert_called_once_with("user_1")
    with mock.patch.object(async_client.users, "get_user", return_value="Ada") as replaced:
        assert asyncio.run(async_client.users.get_user("user_1")) == "Ada"  # type: ignore[comparison-overlap]  # the same
        replaced.assert_awaited_once_with("user_1")


@pytest.mark.parametrize("target", ["clerk", "clerk.clerk_client", "clerk.async_clerk_client"])
def test_patch_by_name(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = clerk.async_clerk_client if "async" in target else clerk.clerk_client
    for sub_api, name in METHODS:
        real = getattr(getattr(client, sub_api), name)
        with mock.patch(f"{target}.{sub_api}.{name}") as replaced:
            assert getattr(getattr(client, sub_api), name) is replaced
        assert getattr(getattr(client, sub_api), name) == real
        with monkeypatch.context() as patching:
            patching.setattr(f"{target}.{sub_api}.{name}", len)
            assert getattr(getattr(client, sub_api), name) is len
        assert getattr(getattr(client, sub_api), name) == real


def test_a_whole_sub_api_can_be_replaced() -> None:
    real = clerk.users
    with mock.patch("clerk.users") as replaced:
        assert clerk.users is replaced
    assert clerk.users is real
    client = ClerkClient(secret_key=KEY)
    with mock.patch.object(client, "users") as replaced:
        assert client.users is replaced
    assert client.users.get_user


@pytest.mark.parametrize("client_class", [ClerkClient, AsyncClerkClient])
def test_create_autospec(client_class: type[ClerkClient | AsyncClerkClient]) -> None:
    spec = mock.create_autospec(client_class, instance=True)
    for sub_api, name in METHODS:
        method = getattr(getattr(spec, sub_api), name)
        assert isinstance(method, mock.AsyncMock) is (client_class is AsyncClerkClient)
        with pytest.raises(TypeError):
            method(no_such_parameter=1)
    for sub_api in {sub_api for sub_api, _ in METHODS}:
        with pytest.raises(AttributeError):
            getattr(spec, sub_api).no_such_method  # noqa: B018  asking is what is tested
    with pytest.raises(AttributeError):
        spec.no_such_sub_api  # noqa: B018  the same


def test_an_autospec_answers() -> None:
    spec = mock.create_autospec(ClerkClient, instance=True)
    spec.users.get_user.return_value = "Ada"
    assert spec.users.get_user("user_1") == "Ada"
    with pytest.raises(TypeError, match="user_id"):
        spec.users.get_user()
    async_spec = mock.create_autospec(AsyncClerkClient, instance=True)
    async_spec.users.get_user.return_value = "Ada"
    assert asyncio.run(async_spec.users.get_user("user_1")) == "Ada"
