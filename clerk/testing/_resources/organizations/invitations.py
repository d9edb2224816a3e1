"""Invitations to organizations."""

from __future__ import annotations

from ..._answers import JSON, not_found, refusal
from ..._handling import checks as checks
from ..._handling.listing import matches, page, sort
from ..._handling.request import CheckedRequest, answers
from ..._store.ids import secret
from ..._store.state import DAY, State
from ..._store.tables import Record
from ..access.invitations import effective_status
from ..users.records import find_user, public_user_data
from .memberships import already_a_member, check_role, check_room
from .organizations import find_organization, organization_of, public_organization_data

_DAYS = 30
_MANAGE = "org:sys_memberships:manage"
_INVITER_FIELDS = ("user_id", "first_name", "last_name", "image_url", "has_image", "identifier")


@answers("CreateOrganizationInvitation")
def create_invitation(request: CheckedRequest) -> JSON:
    """POST /organizations/{organization_id}/invitations."""
    return _show(request.state, _invite(request, organization_of(request), request.body))


@answers("CreateOrganizationInvitationBulk")
def create_invitations(request: CheckedRequest) -> JSON:
    """POST /organizations/{organization_id}/invitations/bulk: all of them or none."""
    organization = organization_of(request)
    made = [_invite(request, organization, item) for item in request.body]
    return {"data": [_show(request.state, invitation) for invitation in made], "total_count": len(made)}


@answers("ListOrganizationInvitations", "ListPendingOrganizationInvitations")
def list_invitations(request: CheckedRequest) -> JSON:
    """GET /organizations/{organization_id}/invitations and /invitations/pending."""
    organization = organization_of(request)
    found = request.state.organization_invitations.find("organization_id", organization["id"])
    pending = request.operation.id == "ListPendingOrganizationInvitations"
    status = "pending" if pending else request.query.get("status")
    address = (request.query.get("email_address") or "").lower()
    fitting = [
        invitation
        for invitation in found
        if status in (None, effective_status(request.state, invitation))
        and address in ("", invitation["email_address"])
    ]
    return page(request, sort(request, fitting, ("created_at", "email_address")), lambda one: _show(request.state, one))


@answers("ListInstanceOrganizationInvitations")
def list_all_invitations(request: CheckedRequest) -> JSON:
    """GET /organization_invitations."""
    query = request.query
    fitting = [
        invitation
        for invitation in request.state.organization_invitations
        if query.get("status") in (None, effective_status(request.state, invitation))
        and matches(query.get("query"), invitation, "email_address", "organization_id")
    ]
    in_order = sort(request, fitting, ("created_at", "email_address"))
    return page(request, in_order, lambda one: show_organization_invitation(request.state, one))


@answers("UsersGetOrganizationInvitations")
def list_invitations_of_user(request: CheckedRequest) -> JSON:
    """GET /users/{user_id}/organization_invitations: those sent to one of the user's addresses."""
    state = request.state
    user = find_user(state, request.path["user_id"])
    found = [
        invitation
        for contact in state.email_addresses.find("user_id", user["id"])
        for invitation in state.organization_invitations.find("email_address", contact["email_address"])
        if request.query.get("status") in (None, effective_status(state, invitation))
    ]
    return page(request, sort(request, found, ("created_at",)), lambda one: show_organization_invitation(state, one))


@answers("GetOrganizationInvitation")
def get_invitation(request: CheckedRequest) -> JSON:
    """GET /organizations/{organization_id}/invitations/{invitation_id}."""
    return _show(request.state, _invitation(request))


@answers("RevokeOrganizationInvitation")
def revoke_invitation(request: CheckedRequest) -> JSON:
    """POST /organizations/{organization_id}/invitations/{invitation_id}/revoke."""
    invitation = _invitation(request)
    if (requester := request.body.get("requesting_user_id")) is not None:
        _check_manager(request.state, invitation["organization_id"], requester)
    if effective_status(request.state, invitation) != "pending":
        raise refusal("organization_invitation_not_pending", "Only a pending invitation can be revoked.")
    request.state.change(request.state.organization_invitations, invitation, status="revoked", url=None)
    return _show(request.state, invitation)


def _invite(request: CheckedRequest, organization: Record, item: Record) -> Record:
    state = request.state
    address = checks.email_address(item["email_address"])
    check_role(state, item["role"])
    inviter = item.get("inviter_user_id")
    if inviter is not None:
        _check_manager(state, organization["id"], inviter)
    for contact in state.email_addresses.find("email_address", address):
        if state.memberships.find("_pair", (organization["id"], contact["user_id"])):
            raise already_a_member()
    for other in state.organization_invitations.find("email_address", address):
        if other["organization_id"] == organization["id"] and effective_status(state, other) == "pending":
            message = "There is already a pending invitation to this address."
            raise refusal("organization_invitation_not_unique", message, email_addresses=[address])
    check_room(state, organization)
    bags = {name: item.get(name) or {} for name in ("public_metadata", "private_metadata")}
    for name, bag in bags.items():
        checks.check_metadata_size(name, bag)
    ticket = secret("ticket_")
    return state.organization_invitations.add(
        state.stamped(
            "orginv",
            object="organization_invitation",
            email_address=address,
            role=item["role"],
            inviter_id=inviter,
            organization_id=organization["id"],
            status="pending",
            url=f"{request.api_url}/v1/tickets/accept?ticket={ticket}",
            expires_at=state.now() + (item.get("expires_in_days") or _DAYS) * DAY,
            **bags,
        )
    )


def _check_manager(state: State, organization_id: str, user_id: str) -> None:
    """Check that a user may invite people to an organization, and revoke invitations."""
    find_user(state, user_id)
    for membership in state.memberships.find("_pair", (organization_id, user_id)):
        for role in state.roles.find("key", membership["role"]):
            if _MANAGE in role["permissions"]:
                return
    message = "Only a member who may manage the organization's members, such as an admin, may do this."
    raise refusal("authorization_invalid", message)


def _invitation(request: CheckedRequest) -> Record:
    organization = organization_of(request)
    invitation = request.state.organization_invitations.get(request.path["invitation_id"])
    if invitation is None or invitation["organization_id"] != organization["id"]:
        raise not_found("invitation of the organization", request.path["invitation_id"])
    return invitation


def _show(state: State, invitation: Record) -> JSON:
    roles = state.roles.find("key", invitation["role"])  # None if it has been deleted since
    inviter = state.users.get(invitation["inviter_id"])
    data = None if inviter is None else public_user_data(state, inviter)
    return {
        **{name: value for name, value in invitation.items() if name[0] != "_"},
        "role_name": roles[0]["name"] if roles else invitation["role"],
        "status": effective_status(state, invitation),
        "public_inviter_data": None if data is None else {name: data[name] for name in _INVITER_FIELDS},
    }


def show_organization_invitation(state: State, invitation: Record) -> JSON:
    """Return an invitation with its organization, as the API shows it."""
    organization = find_organization(state, invitation["organization_id"])
    return {**_show(state, invitation), "public_organization_data": public_organization_data(state, organization)}
