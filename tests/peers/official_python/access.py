"""Who may sign up: invitations, the waitlist, allow- and blocklist."""

from __future__ import annotations

from tests.peers.official_python.steps import Clerk, ids, refused, step


def tell(clerk: Clerk) -> None:
    """Tell the chapter."""
    _invitations(clerk)
    _waitlist(clerk)
    _allowlist(clerk)
    _blocklist(clerk)


def _invitations(clerk: Clerk) -> None:
    api = clerk.invitations
    invitation = ""
    with step("invitations.create"):
        request = {"email_address": "barbara@example.com", "public_metadata": {"a": 1}, "expires_in_days": 7}
        made = api.create(request=request)
        invitation = made.id
        assert (made.status, made.public_metadata) == ("pending", {"a": 1})
    with refused("invitations.create, once more"):
        api.create(request={"email_address": "barbara@example.com"})
    with step("invitations.bulk_create"):
        many = api.bulk_create(request=[{"email_address": f"{name}@example.com"} for name in ("edsger", "niklaus")])
        assert [one.email_address for one in many] == ["edsger@example.com", "niklaus@example.com"]
    with step("invitations.list"):
        assert ids(api.list(status="pending", query="barbara")) == [invitation]
    with step("invitations.revoke"):
        assert api.revoke(invitation_id=invitation).status == "revoked"
        assert len(api.list()) == 2
    with refused("invitations.revoke, once more"):
        api.revoke(invitation_id=invitation)


def _waitlist(clerk: Clerk) -> None:
    api = clerk.waitlist_entries
    first = ""
    with step("waitlist_entries.create"):
        made = api.create(request={"email_address": "first@example.com", "notify": False})
        first = made.id
        assert made.status == "pending"
        assert api.create(request={"email_address": "first@example.com"}).id == first
    with step("waitlist_entries.bulk_create"):
        many = api.bulk_create(request=[{"email_address": f"{name}@example.com"} for name in ("second", "third")])
        assert len(many) == 2
    with step("waitlist_entries.list"):
        assert api.list(status="pending", order_by="created_at").total_count == 3
    with step("waitlist_entries.invite"):
        assert api.invite(waitlist_entry_id=first).status == "invited"
    with step("waitlist_entries.reject"):
        (second,) = api.list(query="second@example.com").data
        assert api.reject(waitlist_entry_id=second.id).status == "rejected"
    with step("waitlist_entries.delete"):
        (third,) = api.list(query="third@example.com").data
        assert api.delete(waitlist_entry_id=third.id).deleted is True
        assert api.list().total_count == 2


def _allowlist(clerk: Clerk) -> None:
    api = clerk.allowlist_identifiers
    with step("allowlist_identifiers.create"):
        made = api.create(request={"identifier": "*@example.com", "notify": False})
        assert (made.identifier, made.identifier_type) == ("*@example.com", "email_address")
    with refused("allowlist_identifiers.create, once more"):
        api.create(request={"identifier": "*@example.com"})
    with step("allowlist_identifiers.list"):
        assert ids(api.list()) == [made.id]
    with step("allowlist_identifiers.delete"):
        assert api.delete(identifier_id=made.id).deleted is True
        assert api.list() == []


def _blocklist(clerk: Clerk) -> None:
    api = clerk.blocklist_identifiers
    with step("blocklist_identifiers.create"):
        made = api.create(request={"identifier": "eve@example.com"})
        assert made.identifier_type == "email_address"
    with step("blocklist_identifiers.list"):
        assert ids(api.list().data) == [made.id]
    with step("blocklist_identifiers.delete"):
        assert api.delete(identifier_id=made.id).deleted is True
