"""Role sets; each organization uses one."""

from __future__ import annotations

import re

from ..._answers import JSON, not_found
from ..._handling import checks as checks
from ..._handling.listing import matches, page, sort
from ..._handling.request import CheckedRequest, answers
from ..._store.state import State
from ..._store.tables import Record
from .memberships import check_role

_KEY = re.compile(r"role_set:[a-z0-9_]+")
_ROLES_LIMIT = 10


@answers("CreateRoleSet")
def create_role_set(request: CheckedRequest) -> JSON:
    """POST /role_sets."""
    state, body = request.state, request.body
    roles = _checked_roles(state, body["roles"], "roles")
    key = body.get("key") or "role_set:" + (re.sub(r"[^a-z0-9]+", "_", body["name"].lower()).strip("_") or "unnamed")
    _check_key(state, key)
    role_set = state.stamped(
        "rset",
        key=key,
        name=body["name"],
        description=body.get("description"),
        type="custom",
        roles=roles,
        default_role=_member_of(roles, body["default_role_key"], "default_role_key"),
        creator_role=_member_of(roles, body["creator_role_key"], "creator_role_key"),
    )
    state.role_sets.add(role_set)
    if body.get("type") == "initial":
        _make_initial(state, role_set)
    return _show(state, role_set)


@answers("ListRoleSets")
def list_role_sets(request: CheckedRequest) -> JSON:
    """GET /role_sets."""
    fitting = [
        role_set for role_set in request.state.role_sets if matches(request.query.get("query"), role_set, "name", "key")
    ]
    in_order = sort(request, fitting, ("created_at", "name", "key"))
    return page(request, in_order, lambda role_set: _show(request.state, role_set))


@answers("GetRoleSet")
def get_role_set(request: CheckedRequest) -> JSON:
    """GET /role_sets/{role_set_key_or_id}."""
    return _show(request.state, _role_set(request))


@answers("UpdateRoleSet")
def update_role_set(request: CheckedRequest) -> JSON:
    """PATCH /role_sets/{role_set_key_or_id}."""
    state, body, role_set = request.state, request.body, _role_set(request)
    changes: Record = {name: body[name] for name in ("name", "description") if body.get(name) is not None}
    changes |= _chosen_roles(body, role_set["roles"])
    if body.get("key") not in (None, role_set["key"]):
        _check_key(state, body["key"])
        changes["key"] = body["key"]
        _move_organizations(state, role_set["key"], body["key"])
    state.change(state.role_sets, role_set, **changes)
    if body.get("type") == "initial" or role_set["type"] == "initial":
        _make_initial(state, role_set)
    return _show(state, role_set)


@answers("ReplaceRoleSet")
def replace_role_set(request: CheckedRequest) -> JSON:
    """POST /role_sets/{role_set_key_or_id}/replace."""
    state, role_set = request.state, _role_set(request)
    key = request.body["dest_role_set_key"]
    target = next(iter(state.role_sets.find("key", key)), None)
    if target is None or target is role_set:
        raise checks.invalid("dest_role_set_key", f"There is no other role set with the key {key!r}.")
    mappings = request.body.get("reassignment_mappings") or {}
    for member in _members(state, role_set):
        role = mappings.get(member["role"], member["role"])
        if role not in target["roles"]:
            message = (
                f"There are members with the role {member['role']!r}: specify which role of the other set they get."
            )
            raise checks.invalid("reassignment_mappings", message)
        state.change(state.memberships, member, role=role)
    _move_organizations(state, role_set["key"], key)
    state.role_sets.remove(role_set["id"])
    if role_set["type"] == "initial":
        _make_initial(state, target)
    return {"object": "role_set", "id": role_set["id"], "deleted": True}


@answers("AddRolesToRoleSet")
def add_roles(request: CheckedRequest) -> JSON:
    """POST /role_sets/{role_set_key_or_id}/roles."""
    state, role_set = request.state, _role_set(request)
    added = _checked_roles(state, request.body["role_keys"], "role_keys")
    roles = tuple(dict.fromkeys((*role_set["roles"], *added)))
    if len(roles) > _ROLES_LIMIT:
        raise checks.invalid("role_keys", f"A role set may have at most {_ROLES_LIMIT} roles.")
    state.change(state.role_sets, role_set, roles=roles, **_chosen_roles(request.body, roles))
    return _show(state, role_set)


@answers("ReplaceRoleInRoleSet")
def replace_role(request: CheckedRequest) -> JSON:
    """POST /role_sets/{role_set_key_or_id}/roles/replace."""
    state, role_set = request.state, _role_set(request)
    old = _member_of(role_set["roles"], request.body["role_key"], "role_key")
    new = _checked_roles(state, [request.body["to_role_key"]], "to_role_key")[0]
    roles = tuple(dict.fromkeys(new if key == old else key for key in role_set["roles"]))
    changes = {name: new for name in ("default_role", "creator_role") if role_set[name] == old}
    state.change(state.role_sets, role_set, roles=roles, **changes)
    for member in _members(state, role_set):
        if member["role"] == old:
            state.change(state.memberships, member, role=new)
    return _show(state, role_set)


def _show(state: State, role_set: Record) -> JSON:
    items = {key: _item(state, key) for key in role_set["roles"]}
    names = ("id", "key", "name", "description", "type", "created_at", "updated_at")
    return {
        **{name: role_set[name] for name in names},
        "object": "role_set",
        "roles": list(items.values()),
        "default_role": items.get(role_set["default_role"]),
        "creator_role": items.get(role_set["creator_role"]),
        "role_set_migration": None,
    }


def _item(state: State, key: str) -> JSON:
    role = next(iter(state.roles.find("key", key)))
    count = state.memberships.count("role", key)
    names = ("id", "key", "name", "description", "created_at", "updated_at")
    shown = {name: role[name] for name in names}
    return {"object": "role_set_item", **shown, "members_count": count, "has_members": count > 0}


def _role_set(request: CheckedRequest) -> Record:
    identifier = request.path["role_set_key_or_id"]
    role_set = request.state.role_sets.get(identifier) or next(
        iter(request.state.role_sets.find("key", identifier)), None
    )
    if role_set is None:
        raise not_found("role set", identifier)
    return role_set


def _checked_roles(state: State, keys: list[str], parameter: str) -> tuple[str, ...]:
    if not 1 <= len(keys) <= _ROLES_LIMIT:
        raise checks.invalid(parameter, f"A role set must have 1 to {_ROLES_LIMIT} roles.")
    for key in keys:
        check_role(state, key)
    return tuple(dict.fromkeys(keys))


def _member_of(roles: tuple[str, ...], key: str, parameter: str) -> str:
    if key not in roles:
        raise checks.invalid(parameter, f"{key!r} is not a role of the set.")
    return key


def _chosen_roles(body: Record, roles: tuple[str, ...]) -> Record:
    chosen = {}
    for name in ("default_role", "creator_role"):
        if body.get(f"{name}_key") is not None:
            chosen[name] = _member_of(roles, body[f"{name}_key"], f"{name}_key")
    return chosen


def _check_key(state: State, key: str) -> None:
    if not _KEY.fullmatch(key):
        raise checks.malformed("key", "role_set: followed by lower-case letters, digits and underscores")
    if state.role_sets.find("key", key):
        raise checks.taken("key")


def _make_initial(state: State, role_set: Record) -> None:
    for other in state.role_sets:
        wanted = "initial" if other is role_set else "custom"
        if other["type"] != wanted:
            state.change(state.role_sets, other, type=wanted)
    state.change_settings(initial_role_set_key=role_set["key"], creator_role=role_set["creator_role"])


def _members(state: State, role_set: Record) -> list[Record]:
    return [
        member
        for organization in state.organizations
        if organization["role_set_key"] == role_set["key"]
        for member in state.memberships.find("organization_id", organization["id"])
    ]


def _move_organizations(state: State, old: str, new: str) -> None:
    for organization in state.organizations:
        if organization["role_set_key"] == old:
            state.organizations.change(organization["id"], role_set_key=new)
