"""Organizations, their members, roles, invitations and domains."""

from __future__ import annotations

from tests.peers.official_python.steps import Clerk, ids, refused, step
from tests.peers.official_python.users import PICTURE, UNKNOWN


def tell(clerk: Clerk) -> None:
    """Tell the chapter."""
    owner, member = [
        clerk.users.create(email_address=[f"{name}@example.com"], skip_password_requirement=True).id
        for name in ("owner", "member")
    ]
    acme = _organizations(clerk, owner)
    _roles(clerk)
    _role_sets(clerk)
    _memberships(clerk, acme, owner, member)
    _invitations(clerk, acme, owner)
    _domains(clerk, acme)
    with step("organizations.delete"):
        assert clerk.organizations.delete(organization_id=acme).deleted is True
        assert clerk.users.get_organization_memberships(user_id=owner).total_count == 0
    with refused("organizations.get, one that was deleted"):
        clerk.organizations.get(organization_id=acme)


def _organizations(clerk: Clerk, owner: str) -> str:
    api = clerk.organizations
    acme = ""
    with step("organizations.create"):
        made = api.create(request={"name": "Acme", "created_by": owner, "public_metadata": {"tier": 1}})
        acme = str(made.id)
        assert (made.name, made.created_by, made.public_metadata) == ("Acme", owner, {"tier": 1})
    with refused("organizations.create, for an unknown user"):
        api.create(request={"name": "Nobody's", "created_by": UNKNOWN})
    with step("organizations.get"):
        assert api.get(organization_id=acme, include_members_count=True).members_count == 1
    with step("organizations.update"):
        updated = api.update(organization_id=acme, name="Acme Works", max_allowed_memberships=10)
        assert (updated.name, updated.max_allowed_memberships) == ("Acme Works", 10)
    with step("organizations.merge_metadata"):
        merged = api.merge_metadata(organization_id=acme, public_metadata={"tier": None, "more": 1})
        assert merged.public_metadata == {"more": 1}
    with step("organizations.replace_metadata"):
        replaced = api.replace_metadata(organization_id=acme, public_metadata={"new": 1})
        assert replaced.public_metadata == {"new": 1}
    with step("organizations.upload_logo"):
        logo = api.upload_logo(organization_id=acme, file=PICTURE, uploader_user_id=owner)
        assert logo.has_image is True
    with step("organizations.delete_logo"):
        assert api.delete_logo(organization_id=acme).has_image is False
    with step("organizations.list"):
        other = api.create(request={"name": "Binary Works"})
        everything = api.list(order_by="name")
        assert (ids(everything.data), everything.total_count) == ([acme, other.id], 2)
        found = api.list(query="binary", include_members_count=True)
        assert [(one.id, one.members_count) for one in found.data] == [(other.id, 0)]
        assert ids(api.list(user_id=[f"+{owner}"]).data) == [acme]
    return acme


def _roles(clerk: Clerk) -> None:
    roles, permissions = clerk.organization_roles, clerk.organization_permissions
    editor = permission = ""
    with step("organization_permissions.create"):
        made = permissions.create(name="Edit", key="org:posts:edit")
        permission = made.id
        assert made.key == "org:posts:edit"
    with step("organization_permissions.update"):
        assert permissions.update(permission_id=permission, description="Edit posts").description == "Edit posts"
    with step("organization_permissions.get"):
        assert permissions.get(permission_id=permission).description == "Edit posts"
    with step("organization_permissions.list"):
        assert ids(permissions.list(query="org:posts").data) == [permission]
    with step("organization_roles.create"):
        made = roles.create(name="Editor", key="org:editor", include_in_initial_role_set=True)
        editor = made.id
        assert (made.key, made.permissions) == ("org:editor", [])
    with step("organization_roles.update"):
        assert roles.update(organization_role_id=editor, name="Chief Editor").name == "Chief Editor"
    with step("organization_roles.assign_permission"):
        changed = roles.assign_permission(organization_role_id=editor, permission_id=permission)
        assert [one.key for one in changed.permissions] == ["org:posts:edit"]
    with step("organization_roles.get"):
        assert len(roles.get(organization_role_id=editor).permissions) == 1
    with step("organization_roles.list"):
        assert [one.key for one in roles.list(order_by="key").data] == ["org:admin", "org:editor", "org:member"]
    with step("organization_roles.remove_permission"):
        changed = roles.remove_permission(organization_role_id=editor, permission_id=permission)
        assert changed.permissions == []
    with step("organization_permissions.delete"):
        assert permissions.delete(permission_id=permission).deleted is True


def _role_sets(clerk: Clerk) -> None:
    api = clerk.role_sets
    with step("role_sets.create"):
        made = api.create(
            name="Small",
            key="role_set:small",
            default_role_key="org:member",
            creator_role_key="org:admin",
            roles=["org:admin", "org:member"],
        )
        assert (made.key, len(made.roles)) == ("role_set:small", 2)
    with step("role_sets.add_roles"):
        assert len(api.add_roles(role_set_key_or_id="role_set:small", role_keys=["org:editor"]).roles) == 3
    with step("role_sets.update"):
        assert api.update(role_set_key_or_id="role_set:small", name="Smaller").name == "Smaller"
    with step("role_sets.get"):
        found = api.get(role_set_key_or_id="role_set:small")
        assert sorted(role.key for role in found.roles) == ["org:admin", "org:editor", "org:member"]
    with step("role_sets.list"):
        assert api.list(query="small").total_count == 1


def _memberships(clerk: Clerk, acme: str, owner: str, member: str) -> None:
    api = clerk.organization_memberships
    with step("organization_memberships.create"):
        made = api.create(organization_id=acme, user_id=member, role="org:member")
        assert (made.organization.id, made.public_user_data.user_id, made.role) == (acme, member, "org:member")
    with refused("organization_memberships.create, of a member"):
        api.create(organization_id=acme, user_id=member, role="org:member")
    with step("organization_memberships.update"):
        assert api.update(organization_id=acme, user_id=member, role="org:editor").role == "org:editor"
    with step("organization_memberships.update_metadata"):
        updated = api.update_metadata(organization_id=acme, user_id=member, public_metadata={"desk": 7})
        assert updated.public_metadata == {"desk": 7}
    with step("organization_memberships.list"):
        listed = api.list(organization_id=acme, order_by="created_at")
        assert [one.public_user_data.user_id for one in listed.data] == [owner, member]
        assert api.list(organization_id=acme, role=["org:editor"]).total_count == 1
    with step("users.get_instance_organization_memberships"):
        assert clerk.users.get_instance_organization_memberships(limit=1).total_count == 2
    with step("users.get_organization_memberships"):
        listed = clerk.users.get_organization_memberships(user_id=member)
        assert [one.organization.id for one in listed.data] == [acme]
    with refused("organization_memberships.delete, of the last one who may manage"):
        api.delete(organization_id=acme, user_id=owner)
    with step("organization_memberships.delete"):
        api.delete(organization_id=acme, user_id=member)
        assert api.list(organization_id=acme).total_count == 1
    with step("organization_roles.delete"):
        (editor,) = clerk.organization_roles.list(query="org:editor").data
        clerk.role_sets.replace_role(
            role_set_key_or_id="role_set:small", role_key="org:editor", to_role_key="org:member"
        )
        clerk.role_sets.replace_role(
            role_set_key_or_id="role_set:default", role_key="org:editor", to_role_key="org:member"
        )
        assert clerk.organization_roles.delete(organization_role_id=editor.id).deleted is True


def _invitations(clerk: Clerk, acme: str, owner: str) -> None:
    api = clerk.organization_invitations
    invitation = ""
    with step("organization_invitations.create"):
        made = api.create(
            organization_id=acme, email_address="new@example.com", role="org:member", inviter_user_id=owner
        )
        invitation = made.id
        assert (made.status, made.role, made.email_address) == ("pending", "org:member", "new@example.com")
    with refused("organization_invitations.create, once more"):
        api.create(organization_id=acme, email_address="new@example.com", role="org:member", inviter_user_id=owner)
    with step("organization_invitations.bulk_create"):
        items = [{"email_address": f"{name}@example.com", "role": "org:member"} for name in "bc"]
        many = api.bulk_create(organization_id=acme, request_body=items)
        assert [one.email_address for one in many.data] == ["b@example.com", "c@example.com"]
    with step("organization_invitations.get"):
        assert api.get(organization_id=acme, invitation_id=invitation).email_address == "new@example.com"
    with step("organization_invitations.revoke"):
        revoked = api.revoke(organization_id=acme, invitation_id=invitation, requesting_user_id=owner)
        assert revoked.status == "revoked"
    with refused("organization_invitations.revoke, once more"):
        api.revoke(organization_id=acme, invitation_id=invitation, requesting_user_id=owner)
    with step("organization_invitations.list"):
        assert api.list(organization_id=acme, status="pending").total_count == 2
        assert api.list(organization_id=acme, status="revoked").total_count == 1
    with step("organization_invitations.list_pending"):
        assert api.list_pending(organization_id=acme).total_count == 2
    with step("organization_invitations.get_all"):
        assert api.get_all(status="pending").total_count == 2


def _domains(clerk: Clerk, acme: str) -> None:
    api = clerk.organization_domains
    domain = ""
    with step("organization_domains.create"):
        made = api.create(organization_id=acme, name="acme.example.com", enrollment_mode="automatic_invitation")
        domain = made.id
        assert (made.name, made.enrollment_mode) == ("acme.example.com", "automatic_invitation")
    with step("organization_domains.update"):
        updated = api.update(
            organization_id=acme, domain_id=domain, enrollment_mode="automatic_suggestion", verified=True
        )
        assert (updated.enrollment_mode, updated.verification.status) == ("automatic_suggestion", "verified")
    with step("organization_domains.list"):
        assert ids(api.list(organization_id=acme).data) == [domain]
    with step("organization_domains.list_all"):
        assert api.list_all(enrollment_mode=["automatic_suggestion", "manual_invitation"]).total_count == 1
    with step("organization_domains.delete"):
        assert api.delete(organization_id=acme, domain_id=domain).deleted is True
        assert api.list(organization_id=acme).total_count == 0
