"""Machines and their tokens, API keys, OAuth applications."""

from __future__ import annotations

from typing import Any

import jwt
import pytest

from clerk.testing import LocalClerk, RefusalError

from .conftest import Client, Refused

NOT_FOUND = (404, [("resource_not_found", None)])


def test_machines(client: Client, local: LocalClerk, refused: Refused) -> None:
    api = client.machines
    first = api.create(name="first")
    assert first.id.startswith("mch_")
    assert (first.default_token_ttl, first.scoped_machines) == (3600, [])
    second = api.create(name="second", scoped_machines=[first.id, first.id], default_token_ttl=60)
    assert [one.id for one in second.scoped_machines] == [first.id]
    assert api.get_secret_key(first.id).secret == first.secret_key
    assert refused(api.create, name="x", scoped_machines=["mch_1"]) == (
        422,
        [("form_param_value_invalid", "scoped_machines")],
    )
    assert [one.name for one in api.list(order_by="name")] == ["first", "second"]
    assert [one.name for one in api.list(query="SEC")] == ["second"]
    assert api.update(first.id, name="renamed").name == "renamed"
    scope = api.create_scope(first.id, to_machine_id=second.id)
    assert (scope.from_machine_id, scope.to_machine_id) == (first.id, second.id)
    assert refused(api.create_scope, first.id, to_machine_id=second.id) == (409, [("resource_conflict", None)])
    itself = (422, [("form_param_value_invalid", "to_machine_id")])
    assert refused(api.create_scope, first.id, to_machine_id=first.id) == itself
    assert refused(api.create_scope, first.id, to_machine_id="mch_1") == NOT_FOUND
    assert [one.id for one in api.get(first.id).scoped_machines] == [second.id]
    assert api.delete_scope(first.id, second.id).deleted
    assert refused(api.delete_scope, first.id, second.id) == NOT_FOUND
    assert api.delete(first.id).deleted
    assert api.get(second.id).scoped_machines == []
    assert refused(api.get, first.id) == NOT_FOUND
    api.delete(second.id)
    assert api.list().total_count == 0


def test_a_machine_has_150_scopes_at_most(client: Client, refused: Refused) -> None:
    ids = [client.machines.create(name=str(number)).id for number in range(151)]
    too_many = (422, [("form_param_array_size_exceeded", "scoped_machines")])
    assert refused(client.machines.create, name="x", scoped_machines=ids) == too_many
    full = client.machines.create(name="x", scoped_machines=ids[:150])
    one_more = (422, [("form_param_array_size_exceeded", "to_machine_id")])
    assert refused(client.machines.create_scope, full.id, to_machine_id=ids[150]) == one_more


def test_the_old_key_of_a_machine_is_good_for_a_while(client: Client, local: LocalClerk, refused: Refused) -> None:
    machine = client.machines.create(name="worker")
    rotated = client.machines.rotate_secret_key(machine.id, previous_token_ttl=60)
    assert rotated.secret != machine.secret_key
    old = local.client(machine_secret_key=machine.secret_key)
    new = local.client(machine_secret_key=rotated.secret)
    assert old.m2m.create_token().subject == new.m2m.create_token().subject == machine.id
    local.advance(61)
    assert refused(old.m2m.create_token) == (401, [("clerk_key_invalid", None)])
    assert new.m2m.create_token().subject == machine.id


def test_nothing_expires_too_far_ahead(client: Client, local: LocalClerk, refused: Refused) -> None:
    too_large = [("form_param_value_too_large", "seconds_until_expiration")]
    machine = client.machines.create(name="worker")
    key = client.api_keys.create(name="robot", subject=machine.id, seconds_until_expiration=10**12)
    assert key.expiration - key.created_at == 10**15
    for seconds in (1e308, 10**30):
        fields = {"name": "robot", "subject": machine.id, "seconds_until_expiration": seconds}
        assert refused(client.api_keys.create, **fields) == (400, too_large)
        assert refused(client.api_keys.update, key.id, seconds_until_expiration=seconds) == (400, too_large)
        with local.client(machine_secret_key=machine.secret_key) as as_machine:
            assert refused(as_machine.m2m.create_token, seconds_until_expiration=seconds) == (400, too_large)


def test_tokens_between_machines(client: Client, local: LocalClerk, refused: Refused) -> None:
    receiver = client.machines.create(name="receiver")
    stranger = client.machines.create(name="stranger")
    sender = client.machines.create(name="sender", scoped_machines=[receiver.id])
    as_sender, as_receiver, as_stranger = [
        local.client(machine_secret_key=one.secret_key, strict_responses=True) for one in (sender, receiver, stranger)
    ]
    token: Any = as_sender.m2m.create_token(claims={"a": 1}, seconds_until_expiration=100)
    assert (token.subject, token.scopes, token.claims) == (sender.id, [receiver.id], {"a": 1})
    assert token.expiration - token.created_at == 100_000
    seen = as_receiver.m2m.verify(token=token.token)
    assert (seen.id, seen.claims) == (token.id, {"a": 1})
    assert seen.last_used_at
    assert client.m2m.verify(token=token.token).id == token.id
    assert refused(as_stranger.m2m.verify, token=token.token) == NOT_FOUND
    assert refused(as_sender.m2m.verify, token="mt_unknown") == NOT_FOUND
    again = as_sender.m2m.create_token(claims={"a": 1}, min_remaining_ttl_seconds=50)
    assert (again.id, again.token) == (token.id, token.token)
    assert as_sender.m2m.create_token(claims={"a": 1}, min_remaining_ttl_seconds=500).id != token.id
    listed = as_sender.m2m.list(subject=sender.id)
    assert (listed.total_count, listed[-1].id) == (2, token.id)
    assert refused(as_stranger.m2m.list, subject=sender.id) == (403, [("authorization_invalid", None)])
    assert refused(as_stranger.m2m.revoke_token, token.id) == NOT_FOUND
    revoked = as_sender.m2m.revoke_token(token.id, revocation_reason="lost")
    assert (revoked.revoked, revoked.revocation_reason) == (True, "lost")
    assert refused(client.m2m.verify, token=token.token) == NOT_FOUND
    assert client.m2m.list(subject=sender.id).total_count == 1
    assert client.m2m.list(subject=sender.id, revoked=True).total_count == 2
    local.advance(3601)
    assert client.m2m.list(subject=sender.id).total_count == 0
    assert client.m2m.list(subject=sender.id, expired=True).total_count == 1
    client.machines.delete(sender.id)
    assert refused(client.m2m.list, subject=sender.id) == NOT_FOUND


def test_tokens_between_machines_may_be_jwts(client: Client, local: LocalClerk, refused: Refused) -> None:
    receiver = client.machines.create(name="receiver")
    sender = client.machines.create(name="sender", scoped_machines=[receiver.id])
    as_sender = local.client(machine_secret_key=sender.secret_key)
    token = as_sender.m2m.create_token(token_format="jwt", claims={"a": 1}, min_remaining_ttl_seconds=1)
    assert jwt.get_unverified_header(token.token)["cat"] == "cl_B7d4PD333AAA"
    seen = client.m2m.verify(token=token.token)
    assert (seen.id, seen.subject, seen.scopes, seen.claims) == (token.id, sender.id, [receiver.id], {"a": 1})
    assert client.m2m.list(subject=sender.id).total_count == 0
    assert refused(client.m2m.revoke_token, token.id) == NOT_FOUND
    assert as_sender.m2m.verify(token=as_sender.m2m.create_token(token_format="jwt").token).claims is None
    user = client.users.create_user(username="somebody")
    session_token = client.sessions.get_token(client.sessions.create_session(user_id=user.id).id).jwt
    assert refused(client.m2m.verify, token=session_token) == NOT_FOUND
    local.advance(3601)
    assert refused(client.m2m.verify, token=token.token) == NOT_FOUND


def test_only_machines_create_tokens(client: Client, refused: Refused) -> None:
    assert refused(client.m2m.create_token) == (400, [("bad_request", None)])


def test_api_keys(client: Client, local: LocalClerk, refused: Refused) -> None:
    user = client.users.create_user(username="somebody")
    other = client.users.create_user(username="other")
    api = client.api_keys
    key = api.create(
        name="a key", subject=user.id, scopes=["read"], claims={"a": 1}, seconds_until_expiration=60, created_by=user.id
    )
    assert (key.object, key.type, key.subject, key.scopes) == ("api_key", "api_key", user.id, ["read"])
    assert key.secret.startswith("ak_")
    forever = api.create(name="forever", subject=user.id, description="for good")
    assert forever.expiration is None
    nobody = (400, [("form_param_value_invalid", "subject")])
    assert refused(api.create, name="a key", subject=user.id[:-1] + "_") == nobody
    assert api.create(name="a key", subject="scim_" + "0" * 27).subject.startswith("scim_")
    assert api.get_secret(key.id).secret == key.secret
    assert api.verify(secret=key.secret).id == key.id
    assert api.get(key.id).last_used_at
    changed = api.update(key.id, description="new", subject=other.id, seconds_until_expiration=90)
    assert (changed.description, changed.subject) == ("new", other.id)
    assert api.update(forever.id, seconds_until_expiration=None).expiration is None
    assert refused(api.update, key.id, subject=user.id[:-1] + "_") == nobody
    assert [one.id for one in api.list(subject=user.id, query="GOOD")] == [forever.id]
    local.advance(91)
    assert api.get(key.id).expired
    assert refused(api.verify, secret=key.secret) == NOT_FOUND
    assert api.list(subject=other.id).total_count == 0
    assert api.list(subject=other.id, include_invalid=True).total_count == 1
    revoked = api.revoke(forever.id, revocation_reason="lost")
    assert (revoked.revoked, revoked.revocation_reason) == (True, "lost")
    assert refused(api.verify, secret=forever.secret) == NOT_FOUND
    assert refused(api.verify, secret="ak_unknown") == NOT_FOUND
    assert api.delete(key.id).deleted
    assert refused(api.get, key.id) == NOT_FOUND


def test_oauth_applications(client: Client, local: LocalClerk, refused: Refused) -> None:
    api = client.oauth_applications
    made = api.create(name="An application", redirect_uris=["https://a.example.com/", "https://b.example.com/"])
    assert (made.scopes, made.callback_url, made.public) == ("profile email", "https://a.example.com/", False)
    assert made.client_secret
    public = api.create(name="Public", public=True, callback_url="https://c.example.com/", consent_screen_enabled=False)
    assert not public.client_secret
    assert (public.redirect_uris, public.consent_screen_enabled) == (["https://c.example.com/"], False)
    assert api.create(name="Bare").redirect_uris == []
    assert [one.name for one in api.list()] == ["An application", "Public", "Bare"]
    assert [one.name for one in api.list(name_query="PUB", order_by="-name")] == ["Public"]
    changed = api.update(made.id, name="New", redirect_uris=["https://d.example.com/"], scopes=None)
    assert (changed.name, changed.callback_url, changed.scopes) == ("New", "https://d.example.com/", "profile email")
    assert api.update(made.id, callback_url="https://e.example.com/").redirect_uris == ["https://e.example.com/"]
    assert api.get(made.id).name == "New"
    assert api.rotate_secret(made.id).client_secret != made.client_secret
    assert api.update_logo(made.id, file=("a.png", b"\x89PNG\r\n\x1a\n", "image/png")).client_image_url
    user = client.users.create_user(username="somebody")
    token = local.create_oauth_access_token(made.id, user.id, scopes=["email"])
    verify = client.idp_oauth_access_token.verify
    seen = verify(access_token=token)
    assert (seen.client_id, seen.subject, seen.scopes) == (made.client_id, user.id, ["email"])
    assert refused(verify) == (400, [("form_param_missing", "access_token")])
    assert refused(verify, access_token="oat_unknown") == NOT_FOUND
    assert refused(api.revoke_token, public.id, token=token) == NOT_FOUND
    assert api.revoke_token(made.id, token=token) is None
    assert verify(access_token=token).active is False
    other = local.create_oauth_access_token(made.id, user.id)
    local.advance(86_401)
    assert verify(secret=other).active is False
    for arguments in ((public.id[:-1], user.id), (made.id, "user_1")):
        with pytest.raises(RefusalError, match="resource_not_found"):
            local.create_oauth_access_token(*arguments)
    with pytest.raises(RefusalError, match="may only request profile, email"):
        local.create_oauth_access_token(made.id, user.id, scopes=["everything"])
    assert api.delete(made.id).deleted
    assert refused(verify, access_token=other) == NOT_FOUND
    assert refused(api.get, made.id) == NOT_FOUND
