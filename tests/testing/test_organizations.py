"""Organizations, their members, invitations and domains."""

from __future__ import annotations

from typing import Any

import pytest

from clerk.testing import LocalClerk

from .conftest import Client, Refused


def test_an_organization_comes_changes_and_goes(client: Client, local: LocalClerk, refused: Refused) -> None:
    (user_id,) = local.seed_users(1)
    made = client.organizations.create_organization(
        name="Acme Inc.", created_by=user_id, public_metadata={"a": 1}, created_at="2020-01-01T00:00:00Z"
    )
    assert made.id.startswith("org_")
    assert (made.slug, made.created_by, made.max_allowed_memberships) == ("acme-inc", user_id, 5)
    assert made.created_at == 1_577_836_800_000
    members = client.organizations.get_organization_membership_list(made.id)
    assert [(one.public_user_data.user_id, one.role) for one in members] == [(user_id, "org:admin")]
    changed = client.organizations.update_organization(
        made.id, name="New", slug="new-one", max_allowed_memberships=7, created_at=None
    )
    assert (changed.name, changed.slug, changed.max_allowed_memberships) == ("New", "new-one", 7)
    assert changed.public_metadata == {"a": 1}
    assert client.organizations.get_organization("new-one") == changed
    client.role_sets.create_role_set(
        name="Small", default_role_key="org:member", creator_role_key="org:admin", roles=["org:admin", "org:member"]
    )
    moved = client.organizations.update_organization(made.id, role_set_key="role_set:small")
    assert moved.role_set_key == "role_set:small"
    earlier = client.organizations.update_organization(made.id, created_at="2019-01-01T00:00:00Z", slug="new-one")
    assert earlier.created_at == 1_546_300_800_000
    merged = client.organizations.update_organization_metadata(made.id, public_metadata={"b": 2, "a": None})
    assert merged.public_metadata == {"b": 2}
    assert client.organizations.replace_organization_metadata(made.id, public_metadata={}).public_metadata == {}
    logo = client.organizations.update_organization_logo(made.id, file=("a.png", b"\x89PNG\r\n\x1a\n", "image/png"))
    assert logo.has_image
    assert not client.organizations.delete_organization_logo(made.id).has_image
    session = client.sessions.create_session(user_id=user_id, active_organization_id=made.id)
    key = client.api_keys.create(name="a key", subject=made.id)
    deleted = client.organizations.delete_organization(made.id)
    assert (deleted.object, deleted.slug) == ("organization", "new-one")
    assert refused(client.organizations.get_organization, made.id) == (404, [("resource_not_found", None)])
    assert client.users.get_organization_membership_list(user_id).total_count == 0
    assert not client.sessions.get_session(session.id).last_active_organization_id
    assert refused(client.api_keys.get, key.id)[0] == 404


@pytest.mark.parametrize(
    ("fields", "status", "code", "parameter"),
    [
        ({"name": " "}, 422, "form_param_nil", "name"),
        ({"name": "x" * 257}, 422, "form_param_max_length_exceeded", "name"),
        ({"name": "A", "slug": "taken"}, 422, "form_identifier_exists", "slug"),
        ({"name": "A", "slug": "No Slug"}, 422, "form_param_format_invalid", "slug"),
        ({"name": "A", "created_by": "user_1"}, 400, "organization_creator_not_found", None),
        ({"name": "A", "role_set_key": "role_set:none"}, 422, "form_param_value_invalid", "role_set_key"),
        ({"name": "A", "max_allowed_memberships": -1}, 422, "form_param_value_invalid", "max_allowed_memberships"),
    ],
)
def test_organizations_that_cannot_be(
    client: Client, refused: Refused, fields: dict[str, Any], status: int, code: str, parameter: str | None
) -> None:
    client.organizations.create_organization(name="Taken")
    assert refused(client.organizations.create_organization, **fields) == (status, [(code, parameter)])


def test_slugs_are_made_of_names(client: Client) -> None:
    names = ["Acme", "ACME!", "!?"]
    first, second, third = [client.organizations.create_organization(name=name).slug for name in names]
    assert first == "acme"
    assert second.startswith("acme-")
    assert third == "organization"


def test_settings_rule_organizations(client: Client, local: LocalClerk, refused: Refused) -> None:
    user = client.users.create_user(username="somebody", create_organizations_limit=1)
    client.organizations.create_organization(name="One", created_by=user.id)
    too_many = (403, [("organization_quota_exceeded", None)])
    assert refused(client.organizations.create_organization, name="Two", created_by=user.id) == too_many
    client.instance.update_organization_settings(slug_disabled=True, max_allowed_memberships=2)
    no_slugs = (403, [("organization_slugs_disabled", "slug")])
    assert refused(client.organizations.create_organization, name="Two", slug="two") == no_slugs
    assert client.organizations.create_organization(name="Two").max_allowed_memberships == 2
    client.instance.update_organization_settings(enabled=False)
    off = (403, [("organization_not_enabled_in_instance", None)])
    assert refused(client.organizations.create_organization, name="Three") == off


def test_lists_of_organizations(client: Client, local: LocalClerk) -> None:
    ada, grace = local.seed_users(2)
    make = client.organizations.create_organization
    b, a, c = make(name="B", created_by=ada), make(name="A", created_by=ada), make(name="C")
    client.organizations.create_organization_membership(b.id, user_id=grace, role="org:member")

    def names(**query: Any) -> str:
        return "".join(one.name for one in client.organizations.get_organization_list(**query))

    assert names() == "CAB"
    assert names(order_by="name") == "ABC"
    assert names(order_by="-members_count") == "BAC"
    assert names(query="b") == "B"
    assert names(user_id=[ada]) == "AB"
    assert names(user_id=[ada, f"-{grace}"]) == "A"
    assert names(organization_id=[f"+{a.id}", c.id]) == "CA"
    assert names(organization_id=[f"-{a.id}"]) == "CB"
    page = client.organizations.get_organization_list(limit=1, offset=1, include_members_count=True)
    assert (page.total_count, page[0].name, page[0].members_count) == (3, "A", 1)
    asked = client.organizations.get_organization(c.id, include_missing_member_with_elevated_permissions=True)
    assert asked.missing_member_with_elevated_permissions is True
    client.organizations.delete_organization(b.id)
    assert names() == "CA"


def test_members_come_change_and_go(client: Client, local: LocalClerk, refused: Refused) -> None:
    ada, grace, alan = local.seed_users(3)
    organization = client.organizations.create_organization(name="Acme", created_by=ada)
    add = client.organizations.create_organization_membership
    member = add(organization.id, user_id=grace, role="org:member", public_metadata={"a": 1})
    assert member.id.startswith("orgmem_")
    assert (member.role, member.role_name) == ("org:member", "Member")
    assert member.permissions == ["org:sys_memberships:read", "org:sys_billing:read"]
    assert member.organization.id == organization.id
    assert member.public_user_data.identifier == "user2@example.com"
    twice = (400, [("already_a_member_in_organization", None)])
    assert refused(add, organization.id, user_id=grace, role="org:member") == twice
    assert refused(add, organization.id, user_id="user_1", role="org:member")[0] == 404
    no_role = (422, [("form_param_value_invalid", "role")])
    assert refused(add, organization.id, user_id=alan, role="org:boss") == no_role
    update = client.organizations.update_organization_membership
    assert refused(update, organization.id, grace, role="org:boss") == no_role
    last = (400, [("organization_minimum_permissions_needed", None)])
    assert refused(update, organization.id, ada, role="org:member") == last
    assert refused(client.organizations.delete_organization_membership, organization.id, ada) == last
    assert update(organization.id, grace, role="org:admin").role == "org:admin"
    client.sessions.create_session(user_id=ada)
    assert client.organizations.delete_organization_membership(organization.id, ada).public_user_data.user_id == ada
    assert refused(update, organization.id, ada, role="org:admin") == (404, [("resource_not_found", None)])
    changed = client.organizations.update_organization_membership_metadata(
        organization.id, grace, public_metadata={"b": 2}, private_metadata={"p": 1}
    )
    assert (changed.public_metadata, changed.private_metadata) == ({"a": 1, "b": 2}, {"p": 1})
    assert client.organizations.get_instance_organization_membership_list().total_count == 1


def test_organizations_fill_up(client: Client, local: LocalClerk, refused: Refused) -> None:
    ids = local.seed_users(3)
    organization = client.organizations.create_organization(name="Acme", max_allowed_memberships=2)
    client.organizations.create_organization_membership(organization.id, user_id=ids[0], role="org:member")
    invite = client.organizations.create_organization_invitation
    invite(organization.id, email_address="a@example.com", role="org:member", expires_in_days=1)
    full = (403, [("organization_membership_quota_exceeded", None)])
    add = client.organizations.create_organization_membership
    assert refused(add, organization.id, user_id=ids[1], role="org:member") == full
    assert refused(invite, organization.id, email_address="b@example.com", role="org:member") == full
    local.advance(86_401)
    add(organization.id, user_id=ids[1], role="org:member")
    client.organizations.update_organization(organization.id, max_allowed_memberships=0)
    add(organization.id, user_id=ids[2], role="org:member")


def test_lists_of_members(client: Client) -> None:
    ada = client.users.create_user(email_address=["ada@example.com"], first_name="Ada", username="ada_l")
    grace = client.users.create_user(phone_number=["+15555550100"], first_name="Grace")
    organization = client.organizations.create_organization(name="Acme", created_by=ada.id)
    client.organizations.create_organization_membership(organization.id, user_id=grace.id, role="org:member")
    client.sessions.create_session(user_id=grace.id)

    def names(**query: Any) -> list[str | None]:
        found = client.organizations.get_organization_membership_list(organization.id, **query)
        return [one.public_user_data.first_name for one in found]

    assert names() == ["Grace", "Ada"]
    assert names(order_by="first_name") == names(order_by="-email_address") == ["Ada", "Grace"]
    assert names(order_by="-phone_number") == ["Grace", "Ada"]
    assert names(user_id=[ada.id]) == names(email_address=["ADA@example.com"]) == ["Ada"]
    assert names(user_id=[f"-{ada.id}"]) == names(phone_number=["+15555550100"]) == ["Grace"]
    assert names(username=["ada_l"]) == names(role=["org:admin"]) == names(query="ada") == ["Ada"]
    assert names(name_query="GRA") == names(last_active_at_after=1) == names(phone_number_query="0100") == ["Grace"]
    assert names(email_address_query="ada@") == names(username_query="_l") == ["Ada"]
    assert names(created_at_after=1) == ["Grace", "Ada"]
    assert names(created_at_before=1) == names(web3_wallet=["0x1"]) == []
    assert names(limit=1, offset=1) == ["Ada"]


def test_invitations_to_an_organization(client: Client, local: LocalClerk, refused: Refused) -> None:
    ada = client.users.create_user(email_address=["ada@example.com"], first_name="Ada")
    organization = client.organizations.create_organization(name="Acme", created_by=ada.id, max_allowed_memberships=0)
    invite = client.organizations.create_organization_invitation
    made = invite(
        organization.id,
        email_address="Grace@example.com",
        role="org:member",
        inviter_user_id=ada.id,
        public_metadata={"a": 1},
    )
    assert made.id.startswith("orginv_")
    assert (made.status, made.email_address, made.role_name) == ("pending", "grace@example.com", "Member")
    assert made.expires_at - made.created_at == 30 * 86_400_000
    assert made.public_inviter_data.first_name == "Ada"
    assert client.organizations.get_organization_invitation(organization.id, made.id) == made
    again = (400, [("organization_invitation_not_unique", None)])
    assert refused(invite, organization.id, email_address="grace@example.com", role="org:member") == again
    member = (400, [("already_a_member_in_organization", None)])
    assert refused(invite, organization.id, email_address="ada@example.com", role="org:member") == member
    assert refused(invite, organization.id, email_address="x", role="org:member")[0] == 422
    assert (
        refused(invite, organization.id, email_address="x@example.com", role="org:member", inviter_user_id="user_1")[0]
        == 404
    )
    bulk = client.organizations.create_organization_invitation_bulk
    items: list[Any] = [
        {"email_address": "x@example.com", "role": "org:member"},
        {"email_address": "ada@example.com", "role": "org:member"},
    ]
    assert refused(bulk, organization.id, body=items) == member
    assert client.organizations.get_organization_invitation_list(organization.id).total_count == 1
    assert bulk(organization.id, body=items[:1]).data[0].email_address == "x@example.com"
    found = client.organizations.get_organization_invitation_list
    assert [one.email_address for one in found(organization.id)] == ["x@example.com", "grace@example.com"]
    assert [one.id for one in found(organization.id, email_address="GRACE@example.com")] == [made.id]
    revoke = client.organizations.revoke_organization_invitation
    assert refused(revoke, organization.id, made.id, requesting_user_id="user_1")[0] == 404
    assert revoke(organization.id, made.id, requesting_user_id=ada.id).status == "revoked"
    assert refused(revoke, organization.id, made.id) == (404, [("organization_invitation_not_pending", None)])
    assert refused(revoke, organization.id, "orginv_1") == (404, [("resource_not_found", None)])
    assert client.organizations.get_pending_organization_invitation_list(organization.id).total_count == 1
    local.advance(31 * 86_400)
    assert [one.status for one in found(organization.id, status="expired")] == ["expired"]


def test_only_who_manages_members_invites_and_revokes(client: Client, refused: Refused) -> None:
    api = client.organizations
    admin, plain, stranger = (client.users.create_user(username=name).id for name in ("admin", "plain", "stranger"))
    organization = api.create_organization(name="Acme", created_by=admin).id
    api.create_organization_membership(organization, user_id=plain, role="org:member")
    invited = {"email_address": "a@example.com", "role": "org:member"}
    made = api.create_organization_invitation(organization, **invited, inviter_user_id=admin)
    forbidden = (403, [("authorization_invalid", None)])
    for user_id in (plain, stranger):
        other = {**invited, "email_address": "b@example.com", "inviter_user_id": user_id}
        assert refused(api.create_organization_invitation, organization, **other) == forbidden
        assert refused(api.create_organization_invitation_bulk, organization, body=[other]) == forbidden
        revoke = api.revoke_organization_invitation
        assert refused(revoke, organization, made.id, requesting_user_id=user_id) == forbidden
    role = client.organization_roles.create_organization_role(
        key="org:host", name="Host", permissions=[one.id for one in _permissions(client) if "memberships" in one.key]
    )
    api.update_organization_membership(organization, plain, role=role.key)
    assert api.revoke_organization_invitation(organization, made.id, requesting_user_id=plain).status == "revoked"
    api.create_organization_invitation(organization, **invited, inviter_user_id=plain)


def _permissions(client: Client) -> Any:
    return client.organization_permissions.get_organization_permission_list(limit=100)


def test_invitations_of_everybody_and_of_one(client: Client) -> None:
    user = client.users.create_user(email_address=["ada@example.com"])
    first, second = [client.organizations.create_organization(name=name) for name in ("One", "Two")]
    for organization in (first, second):
        client.organizations.create_organization_invitation(
            organization.id, email_address="ada@example.com", role="org:member"
        )
    everything = client.organizations.get_instance_organization_invitation_list(order_by="+created_at")
    assert [one.public_organization_data.name for one in everything] == ["One", "Two"]
    assert client.organizations.get_instance_organization_invitation_list(query="nobody").total_count == 0
    assert client.organizations.get_instance_organization_invitation_list(status="revoked").total_count == 0
    own = client.users.get_organization_invitation_list(user.id, status="pending")
    assert [one.public_organization_data.slug for one in own] == ["two", "one"]


def test_domains_of_organizations(client: Client, refused: Refused) -> None:
    organization = client.organizations.create_organization(name="Acme")
    add = client.organizations.create_organization_domain
    made = add(organization.id, name="Acme.example.com", enrollment_mode="automatic_invitation", verified=True)
    assert (made.name, made.verification.status) == ("acme.example.com", "verified")
    assert refused(add, organization.id, name="acme.example.com") == (422, [("form_identifier_exists", "name")])
    assert refused(add, organization.id, name="acme") == (422, [("form_param_format_invalid", "name")])
    other = add(organization.id, name="other.example.com")
    assert (other.enrollment_mode, other.verification.status) == ("manual_invitation", "unverified")
    changed = client.organizations.update_organization_domain(
        organization.id, other.id, enrollment_mode="automatic_suggestion", verified=True
    )
    assert (changed.enrollment_mode, changed.verification.status) == ("automatic_suggestion", "verified")
    owned = client.organizations.verify_organization_domain_ownership(organization.id, other.id)
    assert owned.ownership_verification.status == "verified"
    found = client.organizations.get_organization_domain_list
    assert [one.id for one in found(organization.id)] == [other.id, made.id]
    assert [one.id for one in found(organization.id, enrollment_mode="automatic_invitation")] == [made.id]
    assert found(organization.id, verified=False).total_count == 0
    everywhere = client.organizations.get_instance_organization_domain_list
    assert [one.name for one in everywhere(order_by="name")] == ["acme.example.com", "other.example.com"]
    assert [one.id for one in everywhere(enrollment_mode=["-automatic_invitation"])] == [other.id]
    assert everywhere(domains=["acme.example.com"], organization_id=organization.id).total_count == 1
    assert everywhere(query="other").total_count == 1
    assert client.organizations.delete_organization_domain(organization.id, made.id).deleted
    assert refused(client.organizations.delete_organization_domain, organization.id, made.id)[0] == 404
