"""Roles and permissions of organizations."""

from __future__ import annotations

import re

from ..._answers import JSON, not_found, refusal
from ..._handling import checks as checks
from ..._handling.listing import matches, page, sort
from ..._handling.request import CheckedRequest, answers
from ..._store.state import State
from ..._store.tables import Record
from .organizations import is_capable

_ORDERS = ("created_at", "name", "key")
_ROLE_KEY = re.compile(r"org:[a-z0-9_]+")
_PERMISSION_KEY = re.compile(r"org:[a-z0-9_]+:[a-z0-9_]+")


@answers("CreateOrganizationRole")
def create_role(request: CheckedRequest) -> JSON:
    """POST /organization_roles."""
    state, body = request.state, request.body
    _check_role_key(state, body["key"])
    role = state.stamped(
        "role",
        key=body["key"],
        name=body["name"],
        description=body.get("description"),
        permissions=_keys_of(state, body.get("permissions") or []),
    )
    state.roles.add(role)
    if body.get("include_in_initial_role_set"):
        for role_set in state.role_sets.find("key", state.settings["initial_role_set_key"]):
            state.change(state.role_sets, role_set, roles=(*role_set["roles"], role["key"]))
    return show_role(state, role)


@answers("ListOrganizationRoles")
def list_roles(request: CheckedRequest) -> JSON:
    """GET /organization_roles."""
    fitting = [role for role in request.state.roles if matches(request.query.get("query"), role, "name", "key")]
    return page(request, sort(request, fitting, _ORDERS), lambda role: show_role(request.state, role))


@answers("GetOrganizationRole")
def get_role(request: CheckedRequest) -> JSON:
    """GET /organization_roles/{organization_role_id}."""
    return show_role(request.state, _role(request))


@answers("UpdateOrganizationRole")
def update_role(request: CheckedRequest) -> JSON:
    """PATCH /organization_roles/{organization_role_id}."""
    state, body, role = request.state, request.body, _role(request)
    changes: Record = {name: body[name] for name in ("name", "description") if body.get(name) is not None}
    if body.get("permissions") is not None:
        changes["permissions"] = _keys_of(state, body["permissions"])
    key = body.get("key")
    if key is not None and key != role["key"]:
        _check_role_key(state, key)
        _rename(state, role["key"], key)
        changes["key"] = key
    state.change(state.roles, role, **changes)
    return show_role(state, role)


@answers("DeleteOrganizationRole")
def delete_role(request: CheckedRequest) -> JSON:
    """DELETE /organization_roles/{organization_role_id}."""
    state, role = request.state, _role(request)
    key = role["key"]
    if key == state.settings["creator_role"]:
        message = "Creators of organizations get this role: choose another one for them first."
        raise refusal("organization_role_default_creator_role", message)
    if state.memberships.count("role", key):
        raise refusal("organization_role_assigned_members", "Members of organizations have this role.")
    if any(one["status"] == "pending" for one in state.organization_invitations.find("role", key)):
        raise refusal("organization_role_exists_in_invitations", "Pending invitations give this role.")
    for role_set in state.role_sets:
        if key in role_set["roles"]:
            state.change(state.role_sets, role_set, roles=tuple(one for one in role_set["roles"] if one != key))
    state.roles.remove(role["id"])
    return {"object": "role", "id": role["id"], "deleted": True}


@answers("AssignPermissionToOrganizationRole", "RemovePermissionFromOrganizationRole")
def change_permissions(request: CheckedRequest) -> JSON:
    """POST and DELETE /organization_roles/{organization_role_id}/permissions/{permission_id}."""
    state, role, permission = request.state, _role(request), _permission(request)
    has = permission["key"] in role["permissions"]
    if request.operation.method == "POST":
        if has:
            message = "The role already has this permission."
            raise refusal("organization_role_permission_association_exists", message)
        keys = (*role["permissions"], permission["key"])
    else:
        if not has:
            raise not_found("permission of the role", permission["id"])
        keys = tuple(key for key in role["permissions"] if key != permission["key"])
    state.change(state.roles, role, permissions=keys)
    return show_role(state, role)


@answers("CreateOrganizationPermission")
def create_permission(request: CheckedRequest) -> JSON:
    """POST /organization_permissions."""
    state, body = request.state, request.body
    _check_permission_key(state, body["key"])
    fields = {"key": body["key"], "name": body["name"], "description": body.get("description", ""), "type": "user"}
    return show_permission(state.permissions.add(state.stamped("perm", **fields)))


@answers("ListOrganizationPermissions")
def list_permissions(request: CheckedRequest) -> JSON:
    """GET /organization_permissions."""
    fitting = [
        permission
        for permission in request.state.permissions
        if matches(request.query.get("query"), permission, "name", "key")
    ]
    return page(request, sort(request, fitting, _ORDERS), show_permission)


@answers("GetOrganizationPermission")
def get_permission(request: CheckedRequest) -> JSON:
    """GET /organization_permissions/{permission_id}."""
    return show_permission(_permission(request))


@answers("UpdateOrganizationPermission")
def update_permission(request: CheckedRequest) -> JSON:
    """PATCH /organization_permissions/{permission_id}."""
    state, body, permission = request.state, request.body, _own_permission(request)
    key = body.get("key", permission["key"])
    if key != permission["key"]:
        _check_permission_key(state, key)
        _replace_permission(state, permission["key"], (key,))
    changes = {name: body[name] for name in ("name", "description") if name in body}
    return show_permission(state.change(state.permissions, permission, key=key, **changes))


@answers("DeleteOrganizationPermission")
def delete_permission(request: CheckedRequest) -> JSON:
    """DELETE /organization_permissions/{permission_id}."""
    permission = _own_permission(request)
    _replace_permission(request.state, permission["key"], ())
    request.state.permissions.remove(permission["id"])
    return {"object": "permission", "id": permission["id"], "deleted": True}


def show_role(state: State, role: Record) -> JSON:
    """Return a role as the API shows it."""
    permissions = [found for key in role["permissions"] for found in state.permissions.find("key", key)]
    names = ("id", "key", "name", "description", "created_at", "updated_at")
    return {
        **{name: role[name] for name in names},
        "object": "role",
        "is_creator_eligible": is_capable(state, role["key"]),
        "permissions": [show_permission(permission) for permission in permissions],
    }


def show_permission(permission: Record) -> JSON:
    """Return a permission as the API shows it."""
    return {"object": "permission", **{name: value for name, value in permission.items() if name[0] != "_"}}


def _role(request: CheckedRequest) -> Record:
    role = request.state.roles.get(request.path["organization_role_id"])
    if role is None:
        raise not_found("role", request.path["organization_role_id"])
    return role


def _permission(request: CheckedRequest) -> Record:
    permission = request.state.permissions.get(request.path["permission_id"])
    if permission is None:
        raise not_found("permission", request.path["permission_id"])
    return permission


def _own_permission(request: CheckedRequest) -> Record:
    permission = _permission(request)
    if permission["type"] == "system":
        message = "System permissions cannot be changed."
        raise refusal("organization_system_permission_not_modifiable", message)
    return permission


def _keys_of(state: State, identifiers: list[str]) -> tuple[str, ...]:
    keys = []
    for identifier in identifiers:
        permission = state.permissions.get(identifier)
        if permission is None:
            raise not_found("permission", identifier)
        keys.append(permission["key"])
    return tuple(dict.fromkeys(keys))


def _check_role_key(state: State, key: str) -> None:
    if not _ROLE_KEY.fullmatch(key):
        raise checks.malformed("key", "org: followed by lower-case letters, digits and underscores")
    if state.roles.find("key", key):
        raise checks.taken("key")


def _check_permission_key(state: State, key: str) -> None:
    if not _PERMISSION_KEY.fullmatch(key) or key.startswith("org:sys_"):
        raise checks.malformed("key", "org:feature:action in lower-case letters, digits and underscores")
    if state.permissions.find("key", key):
        raise checks.taken("key")


def _rename(state: State, old: str, new: str) -> None:
    for table in (state.memberships, state.organization_invitations):
        for record in table.find("role", old):
            table.change(record["id"], role=new)
    for role_set in state.role_sets:
        changes = {name: new for name in ("default_role", "creator_role") if role_set[name] == old}
        roles = tuple(new if key == old else key for key in role_set["roles"])
        state.role_sets.change(role_set["id"], roles=roles, **changes)
    settings = {name: new for name in ("creator_role", "domains_default_role") if state.settings[name] == old}
    state.change_settings(**settings)


def _replace_permission(state: State, old: str, new: tuple[str, ...]) -> None:
    for role in state.roles:
        if old in role["permissions"]:
            keys = tuple(key for key in role["permissions"] if key != old)
            state.change(state.roles, role, permissions=keys + new)
