"""The waitlist."""

from __future__ import annotations

from ..._answers import JSON, not_found, refusal
from ..._handling import checks as checks
from ..._handling.listing import matches, page, sort
from ..._handling.request import CheckedRequest, answers
from ..._store.state import State
from ..._store.tables import Record
from .invitations import invite, show_invitation


@answers("CreateWaitlistEntry")
def create_entry(request: CheckedRequest) -> JSON:
    """POST /waitlist_entries: somebody who is already waiting keeps their place."""
    return show_entry(request.state, _add(request, request.body))


@answers("CreateBulkWaitlistEntries")
def create_entries(request: CheckedRequest) -> JSON:
    """POST /waitlist_entries/bulk."""
    return [show_entry(request.state, _add(request, item)) for item in request.body]


@answers("ListWaitlistEntries")
def list_entries(request: CheckedRequest) -> JSON:
    """GET /waitlist_entries."""
    fitting = [
        entry
        for entry in request.state.waitlist
        if request.query.get("status") in (None, entry["status"])
        and matches(request.query.get("query"), entry, "email_address")
    ]
    in_order = sort(request, fitting, ("created_at", "invited_at", "email_address"))
    return page(request, in_order, lambda entry: show_entry(request.state, entry))


@answers("DeleteWaitlistEntry")
def delete_entry(request: CheckedRequest) -> JSON:
    """DELETE /waitlist_entries/{waitlist_entry_id}."""
    entry = request.state.waitlist.remove(_pending(request)["id"])
    return {"object": "waitlist_entry", "id": entry["id"], "deleted": True}


@answers("InviteWaitlistEntry")
def invite_entry(request: CheckedRequest) -> JSON:
    """POST /waitlist_entries/{waitlist_entry_id}/invite."""
    entry, state = _entry(request), request.state
    ignore = request.body.get("ignore_existing") or False
    if entry["status"] in ("completed", "invited") and not ignore:
        raise refusal(
            "waitlist_entry_already_invited", "This entry was already invited; pass ignore_existing to invite it again."
        )
    item = {"email_address": entry["email_address"], "ignore_existing": ignore}
    invitation = invite(request, item)
    state.change(state.waitlist, entry, status="invited", _invitation=invitation["id"])
    return show_entry(state, entry)


@answers("RejectWaitlistEntry")
def reject_entry(request: CheckedRequest) -> JSON:
    """POST /waitlist_entries/{waitlist_entry_id}/reject."""
    return show_entry(request.state, request.state.change(request.state.waitlist, _pending(request), status="rejected"))


def _add(request: CheckedRequest, item: Record) -> Record:
    address = checks.email_address(item["email_address"])
    entry = next(iter(request.state.waitlist.find("email_address", address)), None)
    if entry is not None:
        return entry
    fields = {"object": "waitlist_entry", "email_address": address, "status": "pending", "is_locked": False}
    return request.state.waitlist.add(request.state.stamped("wle", **fields))


def show_entry(state: State, entry: Record) -> JSON:
    """Return an entry of the waitlist as the API shows it."""
    invitation = state.invitations.get(entry.get("_invitation"))
    shown = {name: value for name, value in entry.items() if name[0] != "_"}
    return {**shown, "invitation": None if invitation is None else show_invitation(state, invitation)}


def _entry(request: CheckedRequest) -> Record:
    entry = request.state.waitlist.get(request.path["waitlist_entry_id"])
    if entry is None:
        raise not_found("waitlist entry", request.path["waitlist_entry_id"])
    return entry


def _pending(request: CheckedRequest) -> Record:
    entry = _entry(request)
    if entry["status"] in ("completed", "invited"):
        raise refusal("waitlist_entry_already_invited", "This entry was already invited.")
    return entry
