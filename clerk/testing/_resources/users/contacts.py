"""Email addresses and phone numbers: created, verified, made primary, deleted."""

from __future__ import annotations

from collections.abc import Callable

from ..._answers import JSON, not_found, refusal
from ..._handling import checks as checks
from ..._handling.request import CheckedRequest, answers
from ..._store.tables import Record
from .identifiers import ADMIN_VERIFICATION, add_contact, check_free, is_verified, make_primary, remove_contact
from .records import PRIMARY_FIELDS, contacts_of, find_user, show_contact

TEST_CODE = "424242"
_CODE_MILLISECONDS = 600_000
_READERS: dict[str, Callable[[str], str]] = {
    "email_address": checks.email_address,
    "phone_number": checks.phone_number,
}


@answers("CreateEmailAddress", "CreatePhoneNumber")
def create_contact(request: CheckedRequest) -> JSON:
    """POST /email_addresses and /phone_numbers."""
    kind, body = _kind(request), request.body
    user = find_user(request.state, body["user_id"])
    value = _READERS[kind](body[kind])
    check_free(request.state, kind, value)
    verified = body.get("verified") or False
    contact = add_contact(request.state, user["id"], kind, value, verified=verified)
    _apply(request, user, contact)
    if verified and user.get(PRIMARY_FIELDS[kind]) is None:
        make_primary(request.state, user, kind, contact)
    return show_contact(contact)


@answers("GetEmailAddress", "GetPhoneNumber")
def get_contact(request: CheckedRequest) -> JSON:
    """GET /email_addresses/{email_address_id} and /phone_numbers/{phone_number_id}."""
    return show_contact(_contact(request))


@answers("UpdateEmailAddress", "UpdatePhoneNumber")
def update_contact(request: CheckedRequest) -> JSON:
    """PATCH /email_addresses/{email_address_id} and /phone_numbers/{phone_number_id}."""
    contact = _contact(request)
    user = find_user(request.state, contact["user_id"])
    if request.body.get("verified") is not None:
        verification = dict(ADMIN_VERIFICATION) if request.body["verified"] else None
        request.state.change(contacts_of(request.state, _kind(request)), contact, verification=verification)
    _apply(request, user, contact)
    return show_contact(contact)


@answers("DeleteEmailAddress", "DeletePhoneNumber")
def delete_contact(request: CheckedRequest) -> JSON:
    """DELETE /email_addresses/{email_address_id} and /phone_numbers/{phone_number_id}."""
    contact = _contact(request)
    remove_contact(request.state, find_user(request.state, contact["user_id"]), _kind(request), contact)
    return {"object": _kind(request), "id": contact["id"], "deleted": True}


@answers("ReplaceUserEmailAddress", "ReplaceUserPhoneNumber")
def replace_contacts(request: CheckedRequest) -> JSON:
    """PUT /users/{user_id}/email_address and /phone_number."""
    kind, state = _kind(request), request.state
    user = find_user(state, request.path["user_id"])
    value = _READERS[kind](request.body[kind])
    check_free(state, kind, value, but=user["id"])
    table = contacts_of(state, kind)
    for contact in table.find("user_id", user["id"]):
        table.remove(contact["id"])
    status = request.body.get("identification_status", "verified")
    contact = add_contact(state, user["id"], kind, value, verified=status == "verified", reserved=status == "reserved")
    make_primary(state, user, kind, contact)
    return show_contact(contact)


@answers("PrepareEmailAddressVerification", "PreparePhoneNumberVerification")
def prepare_verification(request: CheckedRequest) -> JSON:
    """POST .../prepare_verification: the code is always 424242, as for Clerk's test addresses."""
    contact = _contact(request)
    strategy = "email_code" if _kind(request) == "email_address" else "phone_code"
    verification = request.state.verifications.add(
        request.state.stamped(
            "ver",
            status="unverified",
            strategy=strategy,
            attempts=0,
            expire_at=request.state.now() + _CODE_MILLISECONDS,
            _contact=contact["id"],
        )
    )
    return _show_verification(verification)


@answers("AttemptEmailAddressVerification", "AttemptPhoneNumberVerification")
def attempt_verification(request: CheckedRequest) -> JSON:
    """POST .../attempt_verification."""
    contact, state = _contact(request), request.state
    verification = state.verifications.get(request.body["verification_id"])
    if verification is None or verification["_contact"] != contact["id"]:
        raise not_found("verification", request.body["verification_id"])
    if request.body["code"] != TEST_CODE or verification["expire_at"] < state.now():
        raise refusal("form_code_incorrect", f"The local service always uses the code {TEST_CODE}.", parameter="code")
    attempts = verification["attempts"] + 1
    state.change(state.verifications, verification, status="verified", attempts=attempts)
    shown: Record = {"object": "verification_otp", "status": "verified", "strategy": verification["strategy"]}
    shown |= {"attempts": attempts, "expire_at": verification["expire_at"]}
    state.change(contacts_of(state, _kind(request)), contact, verification=shown)
    return _show_verification(verification)


def _show_verification(verification: Record) -> JSON:
    names = ("id", "status", "strategy", "attempts", "expire_at")
    return {"object": "verification_otp", **{name: verification[name] for name in names}}


def _kind(request: CheckedRequest) -> str:
    return "email_address" if "EmailAddress" in request.operation.id else "phone_number"


def _contact(request: CheckedRequest) -> Record:
    kind = _kind(request)
    identifier = request.path[f"{kind}_id"]
    contact = contacts_of(request.state, kind).get(identifier)
    if contact is None:
        raise not_found(kind.replace("_", " "), identifier)
    return contact


def _apply(request: CheckedRequest, user: Record, contact: Record) -> None:
    kind, state = _kind(request), request.state
    if request.body.get("primary"):
        if not is_verified(contact):
            raise checks.invalid("primary", "Only a verified one can be primary.")
        make_primary(state, user, kind, contact)
    if request.body.get("reserved_for_second_factor") is not None:
        state.change(
            state.phone_numbers, contact, reserved_for_second_factor=request.body["reserved_for_second_factor"]
        )
