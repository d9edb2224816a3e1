"""Email addresses and phone numbers: created, verified, made primary, deleted."""

from __future__ import annotations

from collections.abc import Callable

from ..._answers import JSON, not_found, refusal
from ..._handling import checks as checks
from ..._handling.call import Call, answers
from ..._store.tables import Record
from .identifiers import ADMIN_VERIFICATION, add_contact, check_free, is_verified, make_primary, remove_contact
from .records import PRIMARY_FIELDS, contacts_of, find_user, show_contact

_TEST_CODE = "424242"
_CODE_MILLISECONDS = 600_000
_READERS: dict[str, Callable[[str], str]] = {
    "email_address": checks.email_address,
    "phone_number": checks.phone_number,
}


@answers("CreateEmailAddress", "CreatePhoneNumber")
def create_contact(call: Call) -> JSON:
    """POST /email_addresses and /phone_numbers."""
    kind, body = _kind(call), call.body
    user = find_user(call.state, body["user_id"])
    value = _READERS[kind](body[kind])
    check_free(call.state, kind, value)
    verified = body.get("verified") or False
    contact = add_contact(call.state, user["id"], kind, value, verified=verified)
    _apply(call, user, contact)
    if verified and user.get(PRIMARY_FIELDS[kind]) is None:
        make_primary(call.state, user, kind, contact)
    return show_contact(contact)


@answers("GetEmailAddress", "GetPhoneNumber")
def get_contact(call: Call) -> JSON:
    """GET /email_addresses/{email_address_id} and /phone_numbers/{phone_number_id}."""
    return show_contact(_contact(call))


@answers("UpdateEmailAddress", "UpdatePhoneNumber")
def update_contact(call: Call) -> JSON:
    """PATCH /email_addresses/{email_address_id} and /phone_numbers/{phone_number_id}."""
    contact = _contact(call)
    user = find_user(call.state, contact["user_id"])
    if call.body.get("verified") is not None:
        verification = dict(ADMIN_VERIFICATION) if call.body["verified"] else None
        call.state.change(contacts_of(call.state, _kind(call)), contact, verification=verification)
    _apply(call, user, contact)
    return show_contact(contact)


@answers("DeleteEmailAddress", "DeletePhoneNumber")
def delete_contact(call: Call) -> JSON:
    """DELETE /email_addresses/{email_address_id} and /phone_numbers/{phone_number_id}."""
    contact = _contact(call)
    remove_contact(call.state, find_user(call.state, contact["user_id"]), _kind(call), contact)
    return {"object": _kind(call), "id": contact["id"], "deleted": True}


@answers("ReplaceUserEmailAddress", "ReplaceUserPhoneNumber")
def replace_contacts(call: Call) -> JSON:
    """PUT /users/{user_id}/email_address and /phone_number."""
    kind, state = _kind(call), call.state
    user = find_user(state, call.path["user_id"])
    value = _READERS[kind](call.body[kind])
    check_free(state, kind, value, but=user["id"])
    table = contacts_of(state, kind)
    for contact in table.find("user_id", user["id"]):
        table.remove(contact["id"])
    status = call.body.get("identification_status", "verified")
    contact = add_contact(state, user["id"], kind, value, verified=status == "verified", reserved=status == "reserved")
    make_primary(state, user, kind, contact)
    return show_contact(contact)


@answers("PrepareEmailAddressVerification", "PreparePhoneNumberVerification")
def prepare_verification(call: Call) -> JSON:
    """POST .../prepare_verification: the code is always 424242, as for Clerk's test addresses."""
    contact = _contact(call)
    strategy = "email_code" if _kind(call) == "email_address" else "phone_code"
    verification = call.state.verifications.add(
        call.state.stamped(
            "ver",
            status="unverified",
            strategy=strategy,
            attempts=0,
            expire_at=call.state.now() + _CODE_MILLISECONDS,
            _contact=contact["id"],
        )
    )
    return _show_verification(verification)


@answers("AttemptEmailAddressVerification", "AttemptPhoneNumberVerification")
def attempt_verification(call: Call) -> JSON:
    """POST .../attempt_verification."""
    contact, state = _contact(call), call.state
    verification = state.verifications.get(call.body["verification_id"])
    if verification is None or verification["_contact"] != contact["id"]:
        raise not_found("verification", call.body["verification_id"])
    if call.body["code"] != _TEST_CODE or verification["expire_at"] < state.now():
        raise refusal("form_code_incorrect", f"The code of the local service is {_TEST_CODE}.", parameter="code")
    attempts = verification["attempts"] + 1
    state.change(state.verifications, verification, status="verified", attempts=attempts)
    shown: Record = {"object": "verification_otp", "status": "verified", "strategy": verification["strategy"]}
    shown |= {"attempts": attempts, "expire_at": verification["expire_at"]}
    state.change(contacts_of(state, _kind(call)), contact, verification=shown)
    return _show_verification(verification)


def _show_verification(verification: Record) -> JSON:
    names = ("id", "status", "strategy", "attempts", "expire_at")
    return {"object": "verification_otp", **{name: verification[name] for name in names}}


def _kind(call: Call) -> str:
    return "email_address" if "EmailAddress" in call.operation.id else "phone_number"


def _contact(call: Call) -> Record:
    kind = _kind(call)
    identifier = call.path[f"{kind}_id"]
    contact = contacts_of(call.state, kind).get(identifier)
    if contact is None:
        raise not_found(kind.replace("_", " "), identifier)
    return contact


def _apply(call: Call, user: Record, contact: Record) -> None:
    kind, state = _kind(call), call.state
    if call.body.get("primary"):
        if not is_verified(contact):
            raise checks.invalid("primary", "Only a verified one can be the primary one.")
        make_primary(state, user, kind, contact)
    if call.body.get("reserved_for_second_factor") is not None:
        state.change(state.phone_numbers, contact, reserved_for_second_factor=call.body["reserved_for_second_factor"])
