"""Machines and their tokens, API keys, OAuth applications."""

from __future__ import annotations

import os

from tests.peers.official_python.sessions import verified
from tests.peers.official_python.steps import Clerk, ids, refused, sdk, step
from tests.peers.official_python.users import PICTURE


def tell(clerk: Clerk) -> None:
    """Tell the chapter."""
    sender, receiver = _machines(clerk)
    _tokens(clerk, sender, receiver)
    with step("machines.delete_scope"):
        deleted = clerk.machines.delete_scope(machine_id=sender, other_machine_id=receiver)
        assert deleted.DELETED is True  # so it is called there
        assert clerk.machines.get(machine_id=sender).scoped_machines == []
    with step("machines.delete"):
        assert clerk.machines.delete(machine_id=sender).DELETED is True
        assert ids(clerk.machines.list().data) == [receiver]
    _api_keys(clerk)
    _oauth_applications(clerk)


def _machines(clerk: Clerk) -> tuple[str, str]:
    api = clerk.machines
    sender = receiver = ""
    with step("machines.create"):
        receiver = api.create(request={"name": "receiver"}).id
        made = api.create(request={"name": "sender", "default_token_ttl": 120})
        sender = made.id
        assert (made.default_token_ttl, made.scoped_machines) == (120, [])
    with step("machines.create_scope"):
        scope = api.create_scope(machine_id=sender, to_machine_id=receiver)
        assert (scope.from_machine_id, scope.to_machine_id) == (sender, receiver)
    with refused("machines.create_scope, once more"):
        api.create_scope(machine_id=sender, to_machine_id=receiver)
    with step("machines.get"):
        assert ids(api.get(machine_id=sender).scoped_machines) == [receiver]
    with step("machines.list"):
        listed = api.list(order_by="name")
        assert (ids(listed.data), listed.total_count) == ([receiver, sender], 2)
    with step("machines.update"):
        assert api.update(machine_id=sender, name="the sender").name == "the sender"
    with step("machines.get_secret_key"):
        assert api.get_secret_key(machine_id=sender).secret.startswith("ak_")
    with step("machines.rotate_secret_key"):
        rotated = api.rotate_secret_key(machine_id=sender, previous_token_ttl=60)
        assert api.get_secret_key(machine_id=sender).secret == rotated.secret
    return sender, receiver


def _as_machine(clerk: Clerk, machine: str) -> Clerk:
    secret = clerk.machines.get_secret_key(machine_id=machine).secret
    return sdk.Clerk(server_url=f"{os.environ['CLERK_API_URL']}/v1", bearer_auth=secret, retry_config=None)


def _tokens(clerk: Clerk, sender: str, receiver: str) -> None:
    as_sender, as_receiver = _as_machine(clerk, sender), _as_machine(clerk, receiver)
    with step("m2m.create_token"):
        token = as_sender.m2m.create_token(claims={"a": 1}, seconds_until_expiration=60)
        assert (token.subject, token.scopes, token.claims) == (sender, [receiver], {"a": 1})
        assert token.expiration - token.created_at == 60_000
    with step("m2m.verify_token"):
        seen = as_receiver.m2m.verify_token(token=token.token)
        assert (seen.id, seen.subject, seen.revoked) == (token.id, sender, False)
    with step("m2m.list_tokens"):
        listed = clerk.m2m.list_tokens(subject=sender)
        assert (ids(listed.m2m_tokens), listed.total_count) == ([token.id], 1)
    with refused("security.verify_token, a token of a machine"):
        verified(token.token)
    with step("m2m.revoke_token"):
        revoked = as_sender.m2m.revoke_token(m2m_token_id=token.id, revocation_reason="lost")
        assert (revoked.revoked, revoked.revocation_reason) == (True, "lost")
    with refused("m2m.verify_token, one that was revoked"):
        as_receiver.m2m.verify_token(token=token.token)


def _api_keys(clerk: Clerk) -> None:
    api = clerk.api_keys
    user = clerk.users.create(email_address=["keys@example.com"], skip_password_requirement=True).id
    # The key is made, but the SDK puts up with a status of 201 only.
    with refused("api_keys.create_api_key"):
        api.create_api_key(name="for the robot", subject=user, scopes=["read"], claims={"a": 1})
    (key,) = api.get_api_keys(subject=user).data
    with step("api_keys.get_api_key"):
        found = api.get_api_key(api_key_id=key.id)
        assert (found.name, found.scopes, found.revoked) == ("for the robot", ["read"], False)
    with step("api_keys.get_api_keys"):
        listed = api.get_api_keys(subject=user)
        assert (ids(listed.data), listed.total_count) == ([key.id], 1)
    with step("api_keys.update_api_key"):
        updated = api.update_api_key(api_key_id=key.id, description="a key", scopes=["read", "write"])
        assert (updated.description, updated.scopes) == ("a key", ["read", "write"])
    with step("api_keys.get_api_key_secret"):
        secret = api.get_api_key_secret(api_key_id=key.id).secret
        assert secret.startswith("ak_")
    with step("api_keys.verify_api_key"):
        assert api.verify_api_key(secret=secret).id == key.id
    with step("security.verify_token, an API key"):
        assert verified(secret)["subject"] == user
    with step("api_keys.revoke_api_key"):
        assert api.revoke_api_key(api_key_id=key.id, revocation_reason="lost").revoked is True
        assert api.get_api_keys(subject=user).total_count == 0
        assert api.get_api_keys(subject=user, include_invalid="true").total_count == 1
    with refused("api_keys.verify_api_key, one that was revoked"):
        api.verify_api_key(secret=secret)
    with step("api_keys.delete_api_key"):
        assert api.delete_api_key(api_key_id=key.id).DELETED is True


def _oauth_applications(clerk: Clerk) -> None:
    api = clerk.oauth_applications
    with step("oauth_applications.create"):
        made = api.create(request={"name": "Robot", "redirect_uris": ["https://robot.example.com/back"]})
        assert (made.name, made.scopes) == ("Robot", "profile email")
        assert made.client_secret
    with step("oauth_applications.get"):
        assert api.get(oauth_application_id=made.id).client_id == made.client_id
    with step("oauth_applications.update"):
        updated = api.update(oauth_application_id=made.id, name="Android", scopes="email")
        assert (updated.name, updated.scopes) == ("Android", "email")
    with step("oauth_applications.list"):
        listed = api.list(name_query="droid")
        assert (ids(listed.data), listed.total_count) == ([made.id], 1)
    with step("oauth_applications.upload_logo"):
        assert api.upload_logo(oauth_application_id=made.id, file=PICTURE).id == made.id
    with step("oauth_applications.rotate_secret"):
        assert api.rotate_secret(oauth_application_id=made.id).client_secret != made.client_secret
    with step("oauth_access_tokens.verify"):
        seen = clerk.oauth_access_tokens.verify(access_token=os.environ["OAUTH_ACCESS_TOKEN"])
        assert seen.scopes == ["profile", "email"]
    with step("security.verify_token, of an OAuth application"):
        assert verified(os.environ["OAUTH_ACCESS_TOKEN"])["scopes"] == ["profile", "email"]
    with step("oauth_applications.delete"):
        assert api.delete(oauth_application_id=made.id).deleted is True
        assert api.list(name_query="droid").total_count == 0
