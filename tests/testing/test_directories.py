"""Directories of identity providers: keys that are rotated, and roles by groups."""

from __future__ import annotations

import pytest

from tests.testing.conftest import Client, Refused

KINDS = pytest.mark.parametrize(
    ("sub_api", "group_id", "mapping"),
    [
        ("directories", "directory_group_id", "directory_group_role_mapping"),
        ("scim_directories", "scim_group_id", "scim_group_role_mapping"),
    ],
)


@KINDS
def test_groups_are_mapped_to_roles(
    client: Client, refused: Refused, sub_api: str, group_id: str, mapping: str
) -> None:
    api = getattr(client, sub_api)
    admin, member = client.organization_roles.get_organization_role_list(order_by="key")
    directory = api.create(provider="okta", enterprise_connection_id="entconn_1")
    create, listed = api.create_group_role_mapping, api.get_group_role_mapping_list
    assert not directory.group_role_mapping_enabled
    assert refused(create, directory.id, role_id=admin.id, **{group_id: "staff"})[0] == 403
    assert api.update(directory.id, group_role_mapping_enabled=True).group_role_mapping_enabled

    staff = create(directory.id, role_id=member.id, **{group_id: "staff"})
    assert (staff.object, staff.precedence, staff.role.key) == (mapping, 1, "org:member")
    assert (staff.directory_id, staff.scim_directory_id) == (directory.id, directory.id)
    assert (staff.directory_group_id, staff.scim_group_id) == ("staff", "staff")
    board = create(directory.id, role_id=admin.id, **{group_id: "board"})
    first = create(directory.id, role_id=admin.id, precedence=1, **{group_id: "first"})
    last = create(directory.id, role_id=admin.id, precedence=9, **{group_id: "last"})
    page = listed(directory.id)
    assert (page.total_count, [one.id for one in page]) == (4, [first.id, staff.id, board.id, last.id])
    assert [one.precedence for one in page] == [1, 2, 3, 9]
    assert refused(create, directory.id, role_id=admin.id, **{group_id: "staff"}) == (400, [("duplicate_record", None)])
    assert refused(create, directory.id, role_id="role_1", **{group_id: "more"})[0] == 404

    deleted = api.delete_group_role_mapping(directory.id, staff.id)
    assert (deleted.id, deleted.object, deleted.deleted) == (staff.id, mapping, True)
    assert refused(api.delete_group_role_mapping, directory.id, staff.id)[0] == 404
    assert [one.directory_group_id for one in listed(directory.id)] == ["first", "board", "last"]

    wanted = [{"role_id": admin.id, group_id: name} for name in ("b", "a")]
    replaced = api.replace_group_role_mappings(directory.id, mappings=wanted)
    assert replaced.total_count == 2
    assert [(one.scim_group_id, one.precedence) for one in replaced.data] == [("b", 1), ("a", 2)]
    assert [one.id for one in listed(directory.id)] == [one.id for one in replaced.data]
    twice = [*wanted, wanted[0]]
    assert refused(api.replace_group_role_mappings, directory.id, mappings=twice) == (
        400,
        [("duplicate_record", None)],
    )
    assert len(listed(directory.id)) == 2
    assert api.replace_group_role_mappings(directory.id, mappings=[]).data == []


@KINDS
def test_mappings_belong_to_one_directory(
    client: Client, refused: Refused, sub_api: str, group_id: str, mapping: str
) -> None:
    api = getattr(client, sub_api)
    role = client.organization_roles.get_organization_role_list()[0]
    given = {"role_id": role.id, group_id: "staff", f"{group_id.removesuffix('_id')}_display_name": "The staff"}
    one, other = (
        api.create(provider="okta", enterprise_connection_id="entconn_1", group_role_mappings=[given]) for _ in "12"
    )
    (kept,), (gone,) = api.get_group_role_mapping_list(one.id), api.get_group_role_mapping_list(other.id)
    assert (kept.object, kept.directory_group_display_name) == (mapping, "The staff")
    assert refused(api.delete_group_role_mapping, one.id, gone.id)[0] == 404
    assert api.delete(other.id).deleted
    assert refused(api.get_group_role_mapping_list, other.id)[0] == 404
    assert [one.id for one in api.get_group_role_mapping_list(one.id)] == [kept.id]


def test_a_role_that_is_gone_is_not_shown(client: Client) -> None:
    role = client.organization_roles.create_organization_role(name="Editor", key="org:editor")
    directory = client.directories.create(
        provider="okta",
        enterprise_connection_id="entconn_1",
        group_role_mappings=[{"role_id": role.id, "directory_group_id": "staff"}],
    )
    client.organization_roles.delete_organization_role(role.id)
    (mapping,) = client.directories.get_group_role_mapping_list(directory.id)
    assert "role" not in mapping.to_dict()


def test_the_group_has_two_names(client: Client, refused: Refused) -> None:
    role = client.organization_roles.get_organization_role_list()[0]
    directory = client.directories.create(provider="okta", enterprise_connection_id="entconn_1")
    client.directories.update(directory.id, group_role_mapping_enabled=True)
    create = client.directories.create_group_role_mapping
    missing = (422, [("form_param_missing", "directory_group_id")])
    differing = (422, [("form_param_value_invalid", "directory_group_id")])
    assert refused(create, directory.id, role_id=role.id) == missing
    assert refused(create, directory.id, role_id=role.id, directory_group_id="a", scim_group_id="b") == differing
    assert create(directory.id, role_id=role.id, directory_group_id="a", scim_group_id="a").scim_group_id == "a"
    assert create(directory.id, role_id=role.id, scim_group_id="b").directory_group_id == "b"


@pytest.mark.parametrize("sub_api", ["directories", "scim_directories"])
def test_a_key_is_shown_once_and_rotated(client: Client, refused: Refused, sub_api: str) -> None:
    api = getattr(client, sub_api)
    made = api.create(provider="okta", enterprise_connection_id="entconn_1", name="Okta")
    assert made.api_key
    for shown in (api.get(made.id), api.update(made.id, name="Staff"), api.list()[0]):
        assert not shown.api_key
    rotated = api.rotate_api_key(made.id)
    assert (rotated.id, rotated.name) == (made.id, "Staff")
    assert rotated.api_key not in (None, made.api_key)
    assert not api.get(made.id).api_key
    assert refused(api.rotate_api_key, "dir_1") == (404, [("resource_not_found", None)])
