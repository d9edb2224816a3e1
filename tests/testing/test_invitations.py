"""Invitations, lists of who may come, who waits, and where to go on."""

from __future__ import annotations

import pytest

from clerk.testing import LocalClerk

from .conftest import Client, Refused


def test_invitations(client: Client, local: LocalClerk, refused: Refused) -> None:
    create, found = client.invitations.create_invitation, client.invitations.get_invitation_list
    made = create(email_address="Ada@example.com", public_metadata={"a": 1}, expires_in_days=2)
    assert made.id.startswith("inv_")
    assert (made.status, made.email_address, made.revoked) == ("pending", "ada@example.com", False)
    assert made.expires_at - made.created_at == 2 * 86_400_000
    assert made.url
    pending = (400, [("duplicate_record", None)])
    assert refused(create, email_address="ada@example.com") == pending
    other = create(email_address="ada@example.com", ignore_existing=True)
    client.users.create_user(email_address=["grace@example.com"])
    taken = (422, [("form_identifier_exists", "email_address")])
    assert refused(create, email_address="grace@example.com") == taken
    assert [one.id for one in found()] == [other.id, made.id]
    assert [one.id for one in found(order_by="+expires_at")] == [made.id, other.id]
    assert found(query="nobody").total_count == 0
    revoked = client.invitations.revoke_invitation(made.id)
    assert (revoked.status, revoked.revoked) == ("revoked", True)
    revoke = client.invitations.revoke_invitation
    assert refused(revoke, made.id) == (400, [("invitation_already_revoked", None)])
    assert refused(revoke, "inv_1") == (404, [("resource_not_found", None)])
    assert [one.id for one in found()] == [other.id]
    assert [one.id for one in found(status="revoked")] == [made.id]
    local.advance(31 * 86_400)
    assert [one.status for one in found()] == ["expired"]
    assert create(email_address="ada@example.com").status == "pending"
    local._service.core.state.invitations.change(other.id, status="accepted")
    assert refused(revoke, other.id) == (400, [("invitation_already_accepted", None)])


def test_invitations_in_bulk(client: Client, refused: Refused) -> None:
    bulk = client.invitations.create_invitation_bulk
    made = bulk(body=[{"email_address": "a@example.com"}, {"email_address": "b@example.com", "expires_in_days": 1}])
    assert [one.email_address for one in made] == ["a@example.com", "b@example.com"]
    too_large = [{"email_address": "c@example.com", "public_metadata": {"a": "x" * 9000}}]
    assert refused(bulk, body=too_large) == (422, [("form_param_exceeds_allowed_size", "public_metadata")])
    assert refused(bulk, body=[{"email_address": f"{n}@example.com"} for n in range(11)])[0] == 422


@pytest.mark.parametrize("name", ["allowlist", "blocklist"])
def test_lists(client: Client, refused: Refused, name: str) -> None:
    api = getattr(client, f"{name}_identifiers")
    create = getattr(api, f"create_{name}_identifier")
    found = getattr(api, f"get_{name}_identifier_list")
    delete = getattr(api, f"delete_{name}_identifier")
    kinds = {
        "Ada@example.com": "email_address",
        "*@Example.com": "email_address",
        "+15555550100": "phone_number",
        "0x" + "a" * 40: "web3_wallet",
    }
    assert {text: create(identifier=text).identifier_type for text in kinds} == kinds
    assert refused(create, identifier="ada@example.com") == (400, [("duplicate_record", None)])
    for wrong in ("nobody", "*@nowhere", "a@b"):
        assert refused(create, identifier=wrong) == (422, [("form_param_format_invalid", "identifier")])
    listed = found()
    assert (listed.total_count, listed[-1].identifier) == (4, "ada@example.com")
    assert delete(listed[0].id).object == f"{name}_identifier"
    assert refused(delete, listed[0].id)[0] == 404


def test_who_is_allowed_may_be_invited(client: Client) -> None:
    allowed = client.allowlist_identifiers.create_allowlist_identifier(identifier="ada@example.com", notify=True)
    assert client.invitations.get_invitation_list()[0].id == allowed.invitation_id
    assert client.allowlist_identifiers.get_allowlist_identifier_list(limit=1).total_count == 1


def test_the_waitlist(client: Client, refused: Refused) -> None:
    api = client.waitlist_entries
    first = api.create(email_address="Ada@example.com")
    assert first.id.startswith("wle_")
    assert (first.status, first.email_address, first.invitation) == ("pending", "ada@example.com", None)
    assert api.create(email_address="ada@example.com") == first
    second, third = api.create_bulk(body=[{"email_address": "b@example.com"}, {"email_address": "c@example.com"}])
    assert [one.email_address for one in api.list(order_by="email_address")][:2] == ["ada@example.com", "b@example.com"]
    invited = api.invite(first.id)
    assert (invited.status, invited.invitation.status) == ("invited", "pending")
    again = (409, [("waitlist_entry_already_invited", None)])
    assert refused(api.invite, first.id) == again
    assert refused(api.delete, first.id) == again
    assert api.invite(first.id, ignore_existing=True).invitation.id != invited.invitation.id
    assert api.reject(second.id).status == "rejected"
    assert [one.id for one in api.list(status="pending", query="c@")] == [third.id]
    assert api.delete(third.id).deleted
    assert refused(api.reject, third.id)[0] == 404


def test_redirect_urls(client: Client, refused: Refused) -> None:
    api = client.redirect_urls
    made = api.create_redirect_url(url="myapp://callback")
    assert made.id.startswith("ru_")
    assert api.get_redirect_url(made.id) == made
    assert refused(api.create_redirect_url, url="myapp://callback") == (400, [("duplicate_record", "url")])
    for wrong in ("nowhere", "http://", "http://[::1"):
        assert refused(api.create_redirect_url, url=wrong) == (422, [("form_param_format_invalid", "url")])
    assert api.get_redirect_url_list().total_count == 1
    assert api.delete_redirect_url(made.id).object == "redirect_url"
    assert refused(api.get_redirect_url, made.id)[0] == 404


def test_tickets(client: Client, local: LocalClerk, refused: Refused) -> None:
    (user_id,) = local.seed_users(1)
    organization = client.organizations.create_organization(name="Acme")
    token = client.sign_in_tokens.create_sign_in_token(user_id=user_id, org_id=organization.id, expires_in_seconds=60)
    assert (token.status, token.user_id) == ("pending", user_id)
    assert token.token in token.url
    assert refused(client.sign_in_tokens.create_sign_in_token, user_id=user_id, org_id="org_1")[0] == 404
    assert refused(client.sign_in_tokens.create_sign_in_token, user_id="user_1")[0] == 404
    assert client.sign_in_tokens.revoke_sign_in_token(token.id).status == "revoked"
    revoked = (400, [("sign_in_token_cannot_be_revoked_code", None)])
    assert refused(client.sign_in_tokens.revoke_sign_in_token, token.id) == revoked
    assert refused(client.sign_in_tokens.revoke_sign_in_token, "sit_1")[0] == 404
    actor = client.actor_tokens.create(user_id=user_id, actor={"sub": "user_admin", "why": "support"})
    assert actor.actor["sub"] == "user_admin"
    assert client.actor_tokens.revoke(actor.id).status == "revoked"
    assert refused(client.actor_tokens.revoke, actor.id) == (400, [("actor_token_cannot_be_revoked_code", None)])
    wrong = (422, [("form_param_value_invalid", "expires_in_seconds")])
    assert refused(client.actor_tokens.create, user_id=user_id, actor={"sub": "a"}, expires_in_seconds=0) == wrong
    testing = client.testing_tokens.create_testing_token()
    assert testing.token.startswith(str(testing.expires_at - 3600))
