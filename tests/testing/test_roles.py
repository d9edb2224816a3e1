"""Roles, permissions and role sets."""

from __future__ import annotations

import pytest

from clerk.testing import LocalClerk

from .conftest import Client, Refused


def test_an_instance_begins_with_two_roles(client: Client) -> None:
    roles = client.organization_roles.get_organization_role_list(order_by="key")
    assert [role.key for role in roles] == ["org:admin", "org:member"]
    admin, member = roles
    assert (admin.is_creator_eligible, member.is_creator_eligible) == (True, False)
    assert len(admin.permissions) == 9
    assert sorted(one.key for one in member.permissions) == ["org:sys_billing:read", "org:sys_memberships:read"]
    permissions = client.organization_permissions.get_organization_permission_list(limit=500)
    assert {one.type for one in permissions} == {"system"}


def test_a_role_comes_changes_and_goes(client: Client, local: LocalClerk, refused: Refused) -> None:
    permission = client.organization_permissions.create_organization_permission(name="Edit", key="org:posts:edit")
    create = client.organization_roles.create_organization_role
    role = create(name="Editor", key="org:editor", permissions=[permission.id], include_in_initial_role_set=True)
    assert [one.key for one in role.permissions] == ["org:posts:edit"]
    assert "org:editor" in [one.key for one in client.role_sets.get_role_set("role_set:default").roles]
    assert refused(create, name="E", key="org:editor") == (422, [("form_identifier_exists", "key")])
    assert refused(create, name="E", key="editor") == (422, [("form_param_format_invalid", "key")])
    assert refused(create, name="E", key="org:e", permissions=["perm_1"])[0] == 404
    (user_id,) = local.seed_users(1)
    organization = client.organizations.create_organization(name="Acme")
    client.organizations.create_organization_membership(organization.id, user_id=user_id, role="org:editor")
    update = client.organization_roles.update_organization_role
    changed = update(role.id, name="Writer", key="org:writer", description="writes", permissions=[])
    assert (changed.name, changed.key, changed.description, changed.permissions) == (
        "Writer",
        "org:writer",
        "writes",
        [],
    )
    member = client.organizations.get_organization_membership_list(organization.id)[0]
    assert (member.role, member.role_name) == ("org:writer", "Writer")
    assert "org:writer" in [one.key for one in client.role_sets.get_role_set("role_set:default").roles]
    delete = client.organization_roles.delete_organization_role
    assert refused(delete, role.id) == (422, [("organization_role_assigned_members", None)])
    client.organizations.delete_organization_membership(organization.id, user_id)
    invitation = client.organizations.create_organization_invitation(
        organization.id, email_address="a@example.com", role="org:writer"
    )
    assert refused(delete, role.id) == (422, [("organization_role_exists_in_invitations", None)])
    client.organizations.revoke_organization_invitation(organization.id, invitation.id)
    assert delete(role.id).deleted
    assert refused(client.organization_roles.get_organization_role, role.id)[0] == 404
    left = client.organizations.get_organization_invitation(organization.id, invitation.id)
    assert (left.role, left.role_name) == ("org:writer", "org:writer")
    admin = client.organization_roles.get_organization_role_list(query="org:admin")[0]
    assert refused(delete, admin.id) == (422, [("organization_role_default_creator_role", None)])
    assert update(admin.id, key="org:boss").key == "org:boss"
    assert client.instance.get_organization_settings().creator_role == "org:boss"
    assert client.role_sets.get_role_set("role_set:default").creator_role.key == "org:boss"


def test_permissions_of_a_role(client: Client, refused: Refused) -> None:
    roles, permissions = client.organization_roles, client.organization_permissions
    role = roles.create_organization_role(name="Editor", key="org:editor")
    permission = permissions.create_organization_permission(name="Edit", key="org:posts:edit", description="edits")
    assign, remove = roles.assign_permission_to_organization_role, roles.remove_permission_from_organization_role
    assert [one.id for one in assign(role.id, permission.id).permissions] == [permission.id]
    twice = (409, [("organization_role_permission_association_exists", None)])
    assert refused(assign, role.id, permission.id) == twice
    renamed = permissions.update_organization_permission(permission.id, key="org:posts:write", name="Write")
    assert (renamed.key, renamed.name, renamed.description) == ("org:posts:write", "Write", "edits")
    assert [one.key for one in roles.get_organization_role(role.id).permissions] == ["org:posts:write"]
    assert remove(role.id, permission.id).permissions == []
    assert refused(remove, role.id, permission.id)[0] == 404
    assign(role.id, permission.id)
    assert permissions.delete_organization_permission(permission.id).deleted
    assert roles.get_organization_role(role.id).permissions == []
    assert refused(permissions.get_organization_permission, permission.id)[0] == 404


def test_permissions_that_cannot_be(client: Client, refused: Refused) -> None:
    create = client.organization_permissions.create_organization_permission
    create(name="Edit", key="org:posts:edit")
    assert refused(create, name="E", key="org:posts:edit") == (422, [("form_identifier_exists", "key")])
    assert refused(create, name="E", key="org:posts") == (422, [("form_param_format_invalid", "key")])
    assert refused(create, name="E", key="org:sys_posts:edit") == (422, [("form_param_format_invalid", "key")])
    system = client.organization_permissions.get_organization_permission_list(query="org:sys_profile:manage")[0]
    fixed = (403, [("organization_system_permission_not_modifiable", None)])
    assert refused(client.organization_permissions.update_organization_permission, system.id, name="x") == fixed
    assert refused(client.organization_permissions.delete_organization_permission, system.id) == fixed


def test_a_role_set_comes_changes_and_goes(client: Client, local: LocalClerk, refused: Refused) -> None:
    client.organization_roles.create_organization_role(name="Editor", key="org:editor")
    create = client.role_sets.create_role_set
    fields = {"default_role_key": "org:member", "creator_role_key": "org:admin", "roles": ["org:admin", "org:member"]}
    made = create(name="Small teams", **fields)
    assert (made.key, made.type, made.default_role.key) == ("role_set:small_teams", "custom", "org:member")
    assert refused(create, name="Small teams", **fields) == (422, [("form_identifier_exists", "key")])
    other = create(name="Initial", type="initial", **fields)
    assert (other.type, client.role_sets.get_role_set("role_set:default").type) == ("initial", "custom")
    assert client.role_sets.update_role_set("role_set:default", type="initial").type == "initial"
    assert refused(create, name="S", key="small", **fields) == (422, [("form_param_format_invalid", "key")])
    wrong = {**fields, "creator_role_key": "org:editor"}
    assert refused(create, name="S", **wrong) == (422, [("form_param_value_invalid", "creator_role_key")])
    assert refused(create, name="S", **{**fields, "roles": []}) == (422, [("form_param_value_invalid", "roles")])
    assert refused(create, name="S", **{**fields, "roles": ["org:x"]}) == (422, [("form_param_value_invalid", "role")])
    (user_id,) = local.seed_users(1)
    organization = client.organizations.create_organization(name="Acme", role_set_key=made.key)
    client.organizations.create_organization_membership(organization.id, user_id=user_id, role="org:member")
    update = client.role_sets.update_role_set
    (newcomer,) = local.seed_users(1)
    client.organizations.create_organization_membership(organization.id, user_id=newcomer, role="org:admin")
    changed = update(made.id, name="Teams", key="role_set:teams", type="initial", default_role_key="org:admin")
    assert (changed.name, changed.type, changed.default_role.key) == ("Teams", "initial", "org:admin")
    assert client.organizations.get_organization(organization.id).role_set_key == "role_set:teams"
    assert client.role_sets.get_role_set("role_set:default").type == "custom"
    assert client.instance.get_organization_settings().initial_role_set_key == "role_set:teams"
    grown = client.role_sets.add_roles_to_role_set(made.id, role_keys=["org:editor"], default_role_key="org:editor")
    assert [one.key for one in grown.roles] == ["org:admin", "org:member", "org:editor"]
    replaced = client.role_sets.replace_role_in_role_set(made.id, role_key="org:member", to_role_key="org:editor")
    assert [one.key for one in replaced.roles] == ["org:admin", "org:editor"]
    members = client.organizations.get_organization_membership_list(organization.id)
    assert [member.role for member in members] == ["org:admin", "org:editor"]
    replace = client.role_sets.replace_role_set
    unmapped = (422, [("form_param_value_invalid", "reassignment_mappings")])
    assert refused(replace, made.id, dest_role_set_key="role_set:default") == unmapped
    nowhere = (422, [("form_param_value_invalid", "dest_role_set_key")])
    assert refused(replace, made.id, dest_role_set_key="role_set:none") == nowhere
    mappings = {"org:editor": "org:member"}
    gone = replace(made.id, dest_role_set_key="role_set:default", reassignment_mappings=mappings)
    assert (gone.object, gone.id) == ("role_set", made.id)
    assert client.organizations.get_organization_membership_list(organization.id)[1].role == "org:member"
    assert client.organizations.get_organization(organization.id).role_set_key == "role_set:default"
    assert client.role_sets.get_role_set("role_set:default").type == "initial"
    assert refused(client.role_sets.get_role_set, made.key)[0] == 404
    assert client.role_sets.get_role_set_list(query="default").total_count == 1


def test_role_sets_have_ten_roles_at_most(client: Client, refused: Refused) -> None:
    for number in range(9):
        client.organization_roles.create_organization_role(name=f"R{number}", key=f"org:r{number}")
    add = client.role_sets.add_roles_to_role_set
    keys = [f"org:r{number}" for number in range(9)]
    assert refused(add, "role_set:default", role_keys=keys) == (422, [("form_param_value_invalid", "role_keys")])
    assert len(add("role_set:default", role_keys=keys[:8]).roles) == 10


@pytest.mark.parametrize("order", ["created_at", "-key", "name"])
def test_orders_of_roles(client: Client, order: str) -> None:
    keys = [role.key for role in client.organization_roles.get_organization_role_list(order_by=order)]
    assert keys == (["org:member", "org:admin"] if order == "-key" else ["org:admin", "org:member"])
