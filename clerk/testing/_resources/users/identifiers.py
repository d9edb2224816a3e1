"""Email addresses, phone numbers and wallets: how users get and lose them."""

from __future__ import annotations

from ..._answers import JSON, refusal
from ..._handling.checks import invalid, taken
from ..._store.state import State
from ..._store.tables import Record
from .records import PRIMARY_FIELDS, contacts_of

_SORT_FIELDS = {"email_address": "_email_address", "phone_number": "_phone_number", "web3_wallet": "_web3wallet"}
ADMIN_VERIFICATION: JSON = {
    "object": "verification_admin",
    "status": "verified",
    "strategy": "admin",
    "attempts": None,
    "expire_at": None,
}
"""The verification of an identifier that a backend marks as verified."""


def check_free(state: State, kind: str, value: str, *, but: str | None = None) -> None:
    """Check that an identifier is free.

    Args:
        state: The state.
        kind: The kind of identifier.
        value: The identifier.
        but: The id of a user who may have it already.

    Raises:
        RefusalError: It is taken.
    """
    if any(contact["user_id"] != but for contact in contacts_of(state, kind).find(kind, value)):
        raise taken(kind)


def add_contact(state: State, user_id: str, kind: str, value: str, *, verified: bool, reserved: bool = False) -> Record:
    """Give a user a free identifier."""
    fields: Record = {"object": kind, kind: value, "user_id": user_id}
    fields["verification"] = dict(ADMIN_VERIFICATION) if verified else None
    if kind != "web3_wallet":
        fields |= {"linked_to": [], "reserved": reserved}
    if kind == "phone_number":
        fields |= {"reserved_for_second_factor": False, "default_second_factor": False, "backup_codes": None}
    if kind == "email_address":
        fields["matches_sso_connection"] = False
    return contacts_of(state, kind).add(state.stamped("idn", **fields))


def make_primary(state: State, user: Record, kind: str, contact: Record | None) -> None:
    """Make a user's identifier the primary one of its kind, or have no primary one."""
    state.change(
        state.users,
        user,
        **{
            PRIMARY_FIELDS[kind]: None if contact is None else contact["id"],
            _SORT_FIELDS[kind]: None if contact is None else contact[kind],
        },
    )


def choose_primary(state: State, user: Record, kind: str, contact_id: str | None) -> None:
    """Make the identifier with an id the primary one of its kind.

    Raises:
        RefusalError: It is not the user's, or not verified.
    """
    if contact_id is None:
        make_primary(state, user, kind, None)
        return
    field = PRIMARY_FIELDS[kind]
    contact = contacts_of(state, kind).get(contact_id)
    if contact is None or contact["user_id"] != user["id"]:
        raise invalid(field, f"The user has no {kind} with the id {contact_id!r}.")
    if not is_verified(contact):
        raise invalid(field, "Only a verified identifier can be primary.")
    make_primary(state, user, kind, contact)


def is_verified(contact: Record) -> bool:
    """Return whether an identifier is verified."""
    verification = contact["verification"]
    return verification is not None and verification["status"] == "verified"


def remove_contact(state: State, user: Record, kind: str, contact: Record) -> None:
    """Remove an identifier from a user; the oldest remaining one becomes the primary one.

    Raises:
        RefusalError: The user would have none left.
    """
    if not user.get("username") and _contact_count(state, user) == 1:
        raise refusal(
            "last_required_identification_deletion_failed",
            "The user can sign in with nothing else: add another identifier first.",
        )
    table = contacts_of(state, kind)
    table.remove(contact["id"])
    if user.get(PRIMARY_FIELDS[kind]) == contact["id"]:
        left = table.find("user_id", user["id"])
        make_primary(state, user, kind, next(filter(is_verified, left), None))


def _contact_count(state: State, user: Record) -> int:
    return sum(contacts_of(state, kind).count("user_id", user["id"]) for kind in PRIMARY_FIELDS)
