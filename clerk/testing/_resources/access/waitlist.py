"""Who waits to be let in."""

from __future__ import annotations

from ..._answers import JSON, not_found, refusal
from ..._handling import checks as checks
from ..._handling.call import Call, answers
from ..._handling.listing import matches, page, sort
from ..._store.state import State
from ..._store.tables import Record
from .invitations import invite, show_invitation


@answers("CreateWaitlistEntry")
def create_entry(call: Call) -> JSON:
    """POST /waitlist_entries: who waits already stays where he is."""
    return _show(call.state, _add(call, call.body))


@answers("CreateBulkWaitlistEntries")
def create_entries(call: Call) -> JSON:
    """POST /waitlist_entries/bulk."""
    return [_show(call.state, _add(call, item)) for item in call.body]


@answers("ListWaitlistEntries")
def list_entries(call: Call) -> JSON:
    """GET /waitlist_entries."""
    fitting = [
        entry
        for entry in call.state.waitlist
        if call.query.get("status") in (None, entry["status"])
        and matches(call.query.get("query"), entry, "email_address")
    ]
    in_order = sort(call, fitting, ("created_at", "invited_at", "email_address"))
    return page(call, in_order, lambda entry: _show(call.state, entry))


@answers("DeleteWaitlistEntry")
def delete_entry(call: Call) -> JSON:
    """DELETE /waitlist_entries/{waitlist_entry_id}."""
    entry = call.state.waitlist.remove(_pending(call)["id"])
    return {"object": "waitlist_entry", "id": entry["id"], "deleted": True}


@answers("InviteWaitlistEntry")
def invite_entry(call: Call) -> JSON:
    """POST /waitlist_entries/{waitlist_entry_id}/invite."""
    entry, state = _entry(call), call.state
    ignore = call.body.get("ignore_existing") or False
    if entry["status"] in ("completed", "invited") and not ignore:
        raise refusal("waitlist_entry_already_invited", "This entry was invited before; ignore_existing does it again.")
    item = {"email_address": entry["email_address"], "ignore_existing": ignore}
    invitation = invite(call, item)
    state.change(state.waitlist, entry, status="invited", _invitation=invitation["id"])
    return _show(state, entry)


@answers("RejectWaitlistEntry")
def reject_entry(call: Call) -> JSON:
    """POST /waitlist_entries/{waitlist_entry_id}/reject."""
    return _show(call.state, call.state.change(call.state.waitlist, _pending(call), status="rejected"))


def _add(call: Call, item: Record) -> Record:
    address = checks.email_address(item["email_address"])
    entry = next(iter(call.state.waitlist.find("email_address", address)), None)
    if entry is not None:
        return entry
    fields = {"object": "waitlist_entry", "email_address": address, "status": "pending", "is_locked": False}
    return call.state.waitlist.add(call.state.stamped("wle", **fields))


def _show(state: State, entry: Record) -> JSON:
    invitation = state.invitations.get(entry.get("_invitation"))
    shown = {name: value for name, value in entry.items() if name[0] != "_"}
    return {**shown, "invitation": None if invitation is None else show_invitation(state, invitation)}


def _entry(call: Call) -> Record:
    entry = call.state.waitlist.get(call.path["waitlist_entry_id"])
    if entry is None:
        raise not_found("waitlist entry", call.path["waitlist_entry_id"])
    return entry


def _pending(call: Call) -> Record:
    entry = _entry(call)
    if entry["status"] in ("completed", "invited"):
        raise refusal("waitlist_entry_already_invited", "This entry was invited already.")
    return entry
