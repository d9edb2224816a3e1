"""Invitations to the application."""

from __future__ import annotations

from ..._answers import JSON, not_found, refusal
from ..._handling import checks as checks
from ..._handling.listing import bare_page, matches, sort
from ..._handling.request import CheckedRequest, answers
from ..._store.ids import secret
from ..._store.state import DAY, State
from ..._store.tables import Record

_DAYS = 30


@answers("CreateInvitation")
def create_invitation(request: CheckedRequest) -> JSON:
    """POST /invitations."""
    return show_invitation(request.state, invite(request, request.body))


@answers("CreateBulkInvitations")
def create_invitations(request: CheckedRequest) -> JSON:
    """POST /invitations/bulk: all of them or none."""
    return [show_invitation(request.state, invite(request, item)) for item in request.body]


@answers("ListInvitations")
def list_invitations(request: CheckedRequest) -> JSON:
    """GET /invitations: without revoked ones, unless they are asked for."""
    state, wanted = request.state, request.query.get("status")
    fitting = []
    for invitation in state.invitations:
        status = effective_status(state, invitation)
        if (status == wanted if wanted else status != "revoked") and matches(
            request.query.get("query"), invitation, "email_address"
        ):
            fitting.append(invitation)
    in_order = sort(request, fitting, ("created_at", "email_address", "expires_at"))
    return bare_page(request, in_order, lambda invitation: show_invitation(state, invitation))


@answers("RevokeInvitation")
def revoke_invitation(request: CheckedRequest) -> JSON:
    """POST /invitations/{invitation_id}/revoke."""
    invitation = request.state.invitations.get(request.path["invitation_id"])
    if invitation is None:
        raise not_found("invitation", request.path["invitation_id"])
    if invitation["status"] == "accepted":
        raise refusal("invitation_already_accepted", "The invitation was accepted and can no longer be revoked.")
    if invitation["status"] == "revoked":
        raise refusal("invitation_already_revoked", "The invitation was already revoked.")
    request.state.change(request.state.invitations, invitation, status="revoked", revoked=True)
    return show_invitation(request.state, invitation)


@answers("DeleteInvitation")
def delete_invitation(request: CheckedRequest) -> JSON:
    """DELETE /invitations/{invitation_id}."""
    identifier = request.path["invitation_id"]
    if identifier not in request.state.invitations:
        raise not_found("invitation", identifier)
    request.state.invitations.remove(identifier)
    return {"object": "invitation", "id": identifier, "deleted": True}


def invite(request: CheckedRequest, item: Record) -> Record:
    """Invite somebody.

    Raises:
        RefusalError: There is a pending invitation, or the address is taken.
    """
    state = request.state
    address = checks.email_address(item["email_address"])
    if not item.get("ignore_existing"):
        pending = [
            other
            for other in state.invitations.find("email_address", address)
            if effective_status(state, other) == "pending"
        ]
        if pending:
            message = (
                "There is already a pending invitation to this address; pass ignore_existing to create another one."
            )
            raise refusal("duplicate_record", message, email_addresses=[address])
        if state.email_addresses.find("email_address", address):
            raise checks.taken("email_address")
    bag = item.get("public_metadata") or {}
    checks.check_metadata_size("public_metadata", bag)
    fields: Record = {"object": "invitation", "email_address": address, "public_metadata": bag}
    fields |= {"status": "pending", "revoked": False}
    fields["url"] = f"{request.api_url}/v1/tickets/accept?ticket={secret('ticket_')}"
    fields["expires_at"] = state.now() + (item.get("expires_in_days") or _DAYS) * DAY
    return state.invitations.add(state.stamped("inv", **fields))


def effective_status(state: State, invitation: Record) -> str:
    """Return the current status of an invitation."""
    status: str = invitation["status"]
    return "expired" if status == "pending" and invitation["expires_at"] <= state.now() else status


def show_invitation(state: State, invitation: Record) -> JSON:
    """Return an invitation as the API shows it."""
    shown = {name: value for name, value in invitation.items() if name[0] != "_"}
    return {**shown, "status": effective_status(state, invitation)}
