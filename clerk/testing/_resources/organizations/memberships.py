"""Memberships of organizations."""

from __future__ import annotations

from ..._answers import JSON, refusal
from ..._handling.checks import invalid
from ..._handling.listing import page, sort
from ..._handling.request import CheckedRequest, answers
from ..._store.state import State
from ..._store.tables import Record
from ..users.lists import exact_users, user_tests
from ..users.records import PRIMARY_FIELDS, contacts_of, find_user, public_user_data
from ..users.users import changed_metadata
from .organizations import add_member, find_organization, is_capable, organization_of, show_organization

_ORDERS = ("created_at", "email_address", "first_name", "last_name", "phone_number", "username")


@answers("CreateOrganizationMembership")
def create_membership(request: CheckedRequest) -> JSON:
    """POST /organizations/{organization_id}/memberships."""
    state, body, organization = request.state, request.body, organization_of(request)
    user = find_user(state, body["user_id"])
    check_role(state, body["role"])
    if state.memberships.find("_pair", (organization["id"], user["id"])):
        raise already_a_member()
    check_room(state, organization)
    membership = add_member(
        state,
        organization,
        user["id"],
        body["role"],
        public_metadata=body.get("public_metadata"),
        private_metadata=body.get("private_metadata"),
    )
    return show_membership(state, membership)


@answers("ListOrganizationMemberships")
def list_memberships(request: CheckedRequest) -> JSON:
    """GET /organizations/{organization_id}/memberships."""
    state, query, organization = request.state, request.query, organization_of(request)
    chosen, tests = exact_users(request), user_tests(request)
    wanted = {value.lstrip("+ ") for value in query.get("user_id") or [] if not value.startswith("-")}
    unwanted = {value[1:] for value in query.get("user_id") or [] if value.startswith("-")}
    # Here created_at is that of the membership; the other fields are the user's.
    after, before = query.get("created_at_after"), query.get("created_at_before")
    fitting = []
    for membership in state.memberships.find("organization_id", organization["id"]):
        user = find_user(state, membership["user_id"])
        if (
            (chosen is None or user["id"] in chosen)
            and (not wanted or user["id"] in wanted)
            and user["id"] not in unwanted
            and ("role" not in query or membership["role"] in query["role"])
            and (after is None or membership["created_at"] > after)
            and (before is None or membership["created_at"] < before)
            and all(test({**user, "created_at": membership["created_at"]}) for test in tests)
        ):
            fitting.append(membership)
    return _page(request, fitting)


@answers("InstanceGetOrganizationMemberships")
def list_all_memberships(request: CheckedRequest) -> JSON:
    """GET /organization_memberships."""
    return _page(request, list(request.state.memberships))


@answers("UsersGetOrganizationMemberships")
def list_memberships_of_user(request: CheckedRequest) -> JSON:
    """GET /users/{user_id}/organization_memberships."""
    user = find_user(request.state, request.path["user_id"])
    memberships = request.state.memberships.find("user_id", user["id"])[::-1]
    return page(request, memberships, lambda membership: show_membership(request.state, membership))


@answers("UpdateOrganizationMembership")
def update_membership(request: CheckedRequest) -> JSON:
    """PATCH /organizations/{organization_id}/memberships/{user_id}."""
    membership = _membership(request)
    check_role(request.state, request.body["role"])
    if not is_capable(request.state, request.body["role"]):
        _check_somebody_is_left(request.state, membership)
    request.state.change(request.state.memberships, membership, role=request.body["role"])
    return show_membership(request.state, membership)


@answers("DeleteOrganizationMembership")
def delete_membership(request: CheckedRequest) -> JSON:
    """DELETE /organizations/{organization_id}/memberships/{user_id}."""
    state, membership = request.state, _membership(request)
    _check_somebody_is_left(state, membership)
    shown = show_membership(state, membership)
    state.memberships.remove(membership["id"])
    for session in state.sessions.find("user_id", membership["user_id"]):
        if session["last_active_organization_id"] == membership["organization_id"]:
            state.change(state.sessions, session, last_active_organization_id=None)
    return shown


@answers("UpdateOrganizationMembershipMetadata")
def update_metadata(request: CheckedRequest) -> JSON:
    """PATCH /organizations/{organization_id}/memberships/{user_id}/metadata."""
    membership = _membership(request)
    changes = changed_metadata(request, membership, "public_metadata", "private_metadata")
    request.state.change(request.state.memberships, membership, **changes)
    return show_membership(request.state, membership)


def show_membership(state: State, membership: Record) -> JSON:
    """Return a membership as the API shows it."""
    role = next(iter(state.roles.find("key", membership["role"])))
    names = ("id", "object", "role", "public_metadata", "private_metadata", "created_at", "updated_at")
    return {
        **{name: membership[name] for name in names},
        "role_name": role["name"],
        "permissions": list(role["permissions"]),
        "organization": show_organization(state, find_organization(state, membership["organization_id"])),
        "public_user_data": public_user_data(state, find_user(state, membership["user_id"])),
    }


def check_role(state: State, key: str) -> None:
    """Check that a role exists.

    Raises:
        RefusalError: It does not exist.
    """
    if not state.roles.find("key", key):
        raise invalid("role", f"There is no role with the key {key!r}.")


def check_room(state: State, organization: Record, more: int = 1) -> None:
    """Check that an organization may have more members; pending invitations count too.

    Raises:
        RefusalError: It is full.
    """
    limit = organization["max_allowed_memberships"]
    invited = state.organization_invitations.find("organization_id", organization["id"])
    pending = sum(one["status"] == "pending" and one["expires_at"] > state.now() for one in invited)
    if limit and state.memberships.count("organization_id", organization["id"]) + pending + more > limit:
        message = f"The organization may have at most {limit} members, including pending invitations."
        raise refusal("organization_membership_quota_exceeded", message)


def already_a_member() -> Exception:
    """Return the exception for somebody who is already a member."""
    return refusal("already_a_member_in_organization", "The user is already a member of the organization.")


def _page(request: CheckedRequest, memberships: list[Record]) -> JSON:
    state = request.state
    rows: list[Record] = []
    for membership in memberships:
        user = find_user(state, membership["user_id"])
        row = {"_membership": membership, "_sequence": membership["_sequence"], "created_at": membership["created_at"]}
        row |= {name: user.get(name) for name in ("first_name", "last_name", "username")}
        for kind in ("email_address", "phone_number"):
            contact = contacts_of(state, kind).get(user.get(PRIMARY_FIELDS[kind]))
            row[kind] = None if contact is None else contact[kind]
        rows.append(row)
    return page(request, sort(request, rows, _ORDERS), lambda row: show_membership(state, row["_membership"]))


def _membership(request: CheckedRequest) -> Record:
    organization = organization_of(request)
    pair = (organization["id"], request.path["user_id"])
    membership = next(iter(request.state.memberships.find("_pair", pair)), None)
    if membership is None:
        raise refusal("resource_not_found", f"The user {pair[1]!r} is not a member of the organization.")
    return membership


def _check_somebody_is_left(state: State, membership: Record) -> None:
    if not is_capable(state, membership["role"]):
        return
    others = state.memberships.find("organization_id", membership["organization_id"])
    if not any(is_capable(state, other["role"]) for other in others if other is not membership):
        raise refusal(
            "organization_minimum_permissions_needed",
            "Nobody would be left who can manage the organization's members and delete the organization.",
        )
