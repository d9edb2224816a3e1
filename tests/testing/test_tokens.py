"""Tokens, cookies and keys that the local service makes for tests: what it mints, clients of it believe."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

import clerk
from clerk import TokenVerificationError
from clerk.testing import LocalClerk
from clerk.testing._answers import RefusalError


@pytest.fixture
def local() -> Iterator[LocalClerk]:
    with LocalClerk(check_answers=True) as service:
        yield service


@pytest.fixture
def user(local: LocalClerk) -> str:
    return local.seed_users(1)[0]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_session_token_is_that_of_a_session(local: LocalClerk, user: str) -> None:
    client = local.client()
    claims = client.verify_token(local.session_token(user))

    assert claims["sub"] == user
    assert client.sessions.get_session(claims["sid"]).user_id == user
    assert claims["azp"] == "http://localhost:3000"
    assert local.session_token(client.users.get_user(user)).count(".") == 2


def test_everything_about_a_session_token_can_be_told(local: LocalClerk, user: str) -> None:
    client = local.client()
    organization = client.organizations.create_organization(name="Acme", created_by=user)
    issued = datetime.now(UTC).replace(microsecond=0)
    token = local.session_token(
        user,
        organization=organization,
        claims={"team": "blue", "fva": [5, -1]},
        issued_at=issued,
        expires_in=300,
        authorized_party="https://app.example.com",
    )
    auth = client.authenticate_request(bearer(token), authorized_parties=["https://app.example.com"]).auth

    assert (auth.user_id, auth.org_id, auth.org_role) == (user, organization.id, "org:admin")
    assert auth.session_claims is not None
    assert auth.session_claims["team"] == "blue"
    assert auth.session_claims["exp"] == issued.timestamp() + 300
    assert auth.has(role="admin", reverification="strict")
    assert not auth.has(reverification={"level": "first_factor", "after_minutes": 5})


def test_the_party_of_the_instance_can_be_set(local: LocalClerk, user: str) -> None:
    local.authorized_party = "https://app.example.com"
    assert local.client().verify_token(local.session_token(user))["azp"] == "https://app.example.com"
    local.reset()
    assert local.authorized_party == "https://app.example.com"
    assert LocalClerk(authorized_party="https://b").authorized_party == "https://b"


def test_whoever_is_unknown_gets_nothing(local: LocalClerk, user: str) -> None:
    with pytest.raises(RefusalError):
        local.session_token("user_unknown")
    with pytest.raises(RefusalError):
        local.session_token(user, organization="org_unknown")
    for mint in (local.api_key, local.m2m_token, local.oauth_token):
        with pytest.raises(RefusalError):
            mint("mch_unknown" if mint == local.m2m_token else "user_unknown")
    assert list(local.client().sessions.get_session_list(user_id=user)) == []


def test_time_passes_for_checks_too(local: LocalClerk, user: str) -> None:
    client, token = local.client(), local.session_token(user)
    assert client.verify_token(token)
    local.advance(60)
    assert client.verify_token(token)
    local.advance(5)
    with pytest.raises(TokenVerificationError) as caught:
        client.verify_token(token)
    assert caught.value.reason == "token-expired"
    assert client.verify_token(local.session_token(user))


def test_two_local_services_have_keys_of_their_own() -> None:
    with LocalClerk() as one, LocalClerk() as other:
        tokens = [local.session_token(local.seed_users(1)[0]) for local in (one, other)]
        clients = [local.client() for local in (one, other)]
        for client, token in zip(clients, tokens, strict=True):
            assert client.verify_token(token)
        with pytest.raises(TokenVerificationError) as caught:
            clients[0].verify_token(tokens[1])
        assert caught.value.reason == "jwk-kid-mismatch"
        assert one.key_fetches == 2
        assert other.key_fetches == 1


def test_fetches_are_shared_by_all_clients_of_a_service(local: LocalClerk, user: str) -> None:
    token = local.session_token(user)
    assert local.client().verify_token(token)
    first = local.client()
    assert first.verify_token(token)
    assert first.with_options(max_retries=0).verify_token(token)
    assert asyncio.run(local.async_client().verify_token(token))
    assert local.key_fetches == 1


@pytest.mark.parametrize("keep_id", [True, False])
def test_keys_are_rotated(local: LocalClerk, user: str, keep_id: bool) -> None:
    client, before = local.client(), local.session_token(user)
    assert client.verify_token(before)
    pem = local.jwt_key
    local.rotate_keys(keep_id=keep_id)
    after = local.session_token(user)
    assert client.verify_token(after)
    assert local.key_fetches == 2
    with pytest.raises(TokenVerificationError):
        client.verify_token(before)
    assert local.key_fetches == 2
    assert local.jwt_key != pem
    assert local.client(jwt_key=pem).verify_token(before)
    assert local.client(jwt_key=local.jwt_key).verify_token(after)


def test_a_reset_and_a_restored_service_are_believed(local: LocalClerk, user: str) -> None:
    client, snapshot = local.client(), local.snapshot()
    local.rotate_keys()
    assert client.verify_token(local.session_token(user))
    local.restore(snapshot)
    assert client.verify_token(local.session_token(user))
    local.reset()
    assert client.verify_token(local.session_token(local.seed_users(1)[0]))


@pytest.mark.parametrize("token_format", ["opaque", "jwt"])
def test_tokens_of_machines(local: LocalClerk, user: str, token_format: Any) -> None:
    client = local.client()
    machine = client.machines.create(name="worker")
    token = local.m2m_token(machine, claims={"a": 1}, token_format=token_format)
    auth = client.authenticate_request(bearer(token), accepts_token="m2m_token").auth
    assert (auth.machine_id, auth.is_authenticated) == (machine.id, True)
    assert auth.claims == ({"a": 1} if token_format == "opaque" else {"a": 1, "scopes": ""})

    token = local.oauth_token(user, token_format=token_format)
    state = client.authenticate_request(bearer(token), accepts_token=["oauth_token", "session_token"])
    assert state.auth.token_type == "oauth_token"
    assert (state.auth.user_id, state.auth.scopes) == (user, ["profile", "email"])
    assert local.key_fetches == (1 if token_format == "jwt" else 0)

    local.advance(10**8)
    assert client.authenticate_request(bearer(token), accepts_token="any").reason in (
        "token-invalid",
        "token-verification-failed",
    )


def test_api_keys(local: LocalClerk, user: str) -> None:
    client = local.client()
    secret = local.api_key(user, name="build", scopes=["read"], claims={"a": 1}, expires_in=60)
    auth = client.authenticate_request(bearer(secret), accepts_token="api_key").auth
    assert (auth.user_id, auth.name, auth.scopes, auth.claims) == (user, "build", ["read"], {"a": 1})
    organization = client.organizations.create_organization(name="Acme", created_by=user)
    auth = client.authenticate_request(bearer(local.api_key(organization)), accepts_token="api_key").auth
    assert (auth.user_id, auth.org_id) == (None, organization.id)
    local.advance(60)
    assert client.authenticate_request(bearer(secret), accepts_token="api_key").reason == "token-invalid"


def test_cookies_of_a_browser(local: LocalClerk, user: str) -> None:
    client, cookies = local.client(), local.session_cookies(user)
    header = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    assert client.authenticate_request(header).auth.user_id == user
    local.advance(120)
    page = httpx.Request("GET", "https://app.example.com/", headers=header)
    renewed = client.authenticate_request(page)
    assert renewed.auth.user_id == user
    assert [name for name, _ in renewed.headers] == ["Set-Cookie"] * 6
    client.sessions.revoke_session(str(renewed.auth.session_id))
    refused = client.authenticate_request(page)
    assert refused.reason == "session-token-expired-refresh-authentication_invalid"


def test_handshakes(local: LocalClerk, user: str) -> None:
    client = local.client()
    for name, value in (
        ("__clerk_handshake_nonce", local.handshake_nonce(user)),
        ("__clerk_handshake", local.handshake_token(user)),
    ):
        request = httpx.Request("GET", f"https://app.example.com/a?b=1&{name}={value}")
        state = client.authenticate_request(request)
        assert (state.status, state.auth.user_id) == ("signed-in", user)
        assert ("Location", "https://app.example.com/a?b=1") in state.headers
    used = client.authenticate_request(httpx.Request("GET", f"https://a.example.com/?__clerk_handshake_nonce={value}"))
    assert used.reason == "session-token-missing"


def test_whoever_stands_in_is_believed_by_all_clients(local: LocalClerk, user: str, monkeypatch: Any) -> None:
    monkeypatch.setenv("CLERK_SECRET_KEY", "sk_live_of_the_application")
    monkeypatch.setenv("CLERK_JWT_KEY", LocalClerk().jwt_key.replace("A", "B"))
    with local.as_default():
        state = clerk.clerk_client.authenticate_request(bearer(local.session_token(user)))
        assert state.auth.user_id == user
        cookies = "; ".join(f"{name}={value}" for name, value in local.session_cookies(user).items())
        assert clerk.clerk_client.authenticate_request({"cookie": cookies}).auth.user_id == user
        local.advance(3600)
        token = local.session_token(user)
        assert asyncio.run(clerk.async_clerk_client.verify_token(token))["sub"] == user
