"""Users as records: how they are found, shown, and removed with everything that belongs to them."""

from __future__ import annotations

import base64
import json

from ..._answers import JSON, not_found
from ..._store.state import State
from ..._store.tables import Record, Table

_DEFAULTS: Record = {
    "username": None,
    "first_name": None,
    "last_name": None,
    "locale": None,
    "timezone": None,
    "primary_email_address_id": None,
    "primary_phone_number_id": None,
    "primary_web3_wallet_id": None,
    "external_id": None,
    "last_sign_in_at": None,
    "last_active_at": None,
    "legal_accepted_at": None,
    "banned": False,
    "delete_self_enabled": True,
    "create_organization_enabled": True,
    "create_organizations_limit": None,
    "bypass_client_trust": False,
    "mfa_enabled_at": None,
    "mfa_disabled_at": None,
    "password_last_updated_at": None,
}
_LOCK_MILLISECONDS = 3_600_000
_ATTEMPTS = 10
PRIMARY_FIELDS = {
    "email_address": "primary_email_address_id",
    "phone_number": "primary_phone_number_id",
    "web3_wallet": "primary_web3_wallet_id",
}
"""Kind of identifier -> the field of a user with the id of the primary one."""


def find_user(state: State, identifier: str) -> Record:
    """Return a user.

    Raises:
        RefusalError: It does not exist.
    """
    user = state.users.get(identifier)
    if user is None:
        raise not_found("user", identifier)
    return user


def contacts_of(state: State, kind: str) -> Table:
    """Return the table of a kind of identifier."""
    tables = {
        "email_address": state.email_addresses,
        "phone_number": state.phone_numbers,
        "web3_wallet": state.web3_wallets,
    }
    return tables[kind]


def show_contact(contact: Record) -> JSON:
    """Return an email address, phone number or wallet as the API shows it."""
    return {name: value for name, value in contact.items() if name[0] != "_" and name != "user_id"}


def show_user(state: State, user: Record) -> JSON:
    """Return a user as the API shows it."""
    identifier = user["id"]
    shown = {**_DEFAULTS, **{name: value for name, value in user.items() if name[0] != "_"}}
    image = image_url(state, identifier, user.get("_image"))
    codes, totp = user.get("_backup_codes", ()), user.get("_totp") is not None
    lock = lock_of(state, user)
    phones = state.phone_numbers.find("user_id", identifier)
    return {
        **shown,
        "object": "user",
        "image_url": image,
        "profile_image_url": image,
        "has_image": user.get("_image") is not None,
        "password_enabled": user.get("_password") is not None,
        "two_factor_enabled": totp or any(phone["reserved_for_second_factor"] for phone in phones),
        "totp_enabled": totp,
        "backup_code_enabled": bool(codes),
        "email_addresses": [show_contact(one) for one in state.email_addresses.find("user_id", identifier)],
        "phone_numbers": [show_contact(one) for one in phones],
        "web3_wallets": [show_contact(one) for one in state.web3_wallets.find("user_id", identifier)],
        "passkeys": [],
        "external_accounts": [],
        "saml_accounts": [],
        "enterprise_accounts": [],
        "locked": lock > 0,
        "lockout_expires_in_seconds": -(-lock // 1000) if lock else None,
        "verification_attempts_remaining": 0 if lock else _ATTEMPTS,
    }


def lock_of(state: State, user: Record) -> int:
    """Return how many more milliseconds a user is locked out."""
    left: int = user.get("_locked_until", 0) - state.now()
    return max(0, left)


def locked_until(state: State) -> int:
    """Return the end of a lockout that starts now."""
    return state.now() + _LOCK_MILLISECONDS


def image_url(state: State, identifier: str, image: str | None) -> str:
    """Return the URL of a picture: the uploaded one, or the default."""
    described: JSON = {"type": "default", "iid": state.instance_id, "rid": identifier}
    if image is not None:
        described = {"type": "proxy", "src": f"https://images.clerk.dev/uploaded/{image}"}
    text = json.dumps(described, separators=(",", ":")).encode()
    return "https://img.clerk.com/" + base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def identifier_of(state: State, user: Record) -> str:
    """Return a user's identifier: the primary email address, or else the next best."""
    for kind, field in PRIMARY_FIELDS.items():
        contact = contacts_of(state, kind).get(user.get(field))
        if contact is not None:
            return str(contact[kind])
    return str(user.get("username") or user["id"])


def public_user_data(state: State, user: Record) -> JSON:
    """Return the fields of a user that members of an organization see."""
    image = image_url(state, user["id"], user.get("_image"))
    return {
        "user_id": user["id"],
        "first_name": user.get("first_name"),
        "last_name": user.get("last_name"),
        "image_url": image,
        "profile_image_url": image,
        "has_image": user.get("_image") is not None,
        "identifier": identifier_of(state, user),
        "username": user.get("username"),
        "banned": user.get("banned", False),
        "deprovisioned": False,
    }


def revoke_sessions(state: State, user: Record, *, status: str = "revoked") -> None:
    """End the sessions of a user."""
    for session in state.sessions.find("user_id", user["id"]):
        if session["status"] in ("active", "pending"):
            state.change(state.sessions, session, status=status)


def delete_user(state: State, user: Record) -> None:
    """Remove a user and everything that belongs to them."""
    identifier = user["id"]
    owned = (
        (state.email_addresses, "user_id"),
        (state.phone_numbers, "user_id"),
        (state.web3_wallets, "user_id"),
        (state.sessions, "user_id"),
        (state.memberships, "user_id"),
        (state.sign_in_tokens, "user_id"),
        (state.actor_tokens, "user_id"),
        (state.api_keys, "subject"),
    )
    clients = {session["client_id"] for session in state.sessions.find("user_id", identifier)}
    for table, field in owned:
        for record in table.find(field, identifier):
            table.remove(record["id"])
    for client in clients:
        state.clients.remove(client)
    state.users.remove(identifier)
