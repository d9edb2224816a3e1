"""Bodies of answers: a user as the service gives it, and what may be wrong with it."""

from __future__ import annotations

from typing import Any

JSONDict = dict[str, Any]  # JSON data

VERIFICATION: JSONDict = {
    "object": "verification_otp",
    "attempts": None,
    "expire_at": None,
    "status": "verified",
    "strategy": "email_code",
}
EMAIL_ADDRESS: JSONDict = {
    "id": "idn_1",
    "object": "email_address",
    "email_address": "ada@example.com",
    "linked_to": [],
    "reserved": False,
    "verification": VERIFICATION,
    "created_at": 1738326896789,
    "updated_at": 1738326896789,
}
USER: JSONDict = {
    "id": "user_1",
    "object": "user",
    "first_name": "Ada",
    "last_name": None,
    "username": None,
    "backup_code_enabled": False,
    "banned": False,
    "create_organization_enabled": True,
    "delete_self_enabled": True,
    "email_addresses": [EMAIL_ADDRESS],
    "enterprise_accounts": [],
    "external_accounts": [],
    "external_id": None,
    "has_image": False,
    "last_active_at": None,
    "last_sign_in_at": None,
    "legal_accepted_at": None,
    "locked": False,
    "lockout_expires_in_seconds": None,
    "mfa_disabled_at": None,
    "mfa_enabled_at": None,
    "passkeys": [],
    "password_enabled": False,
    "phone_numbers": [],
    "primary_email_address_id": "idn_1",
    "primary_phone_number_id": None,
    "primary_web3_wallet_id": None,
    "public_metadata": {},
    "saml_accounts": [],
    "totp_enabled": False,
    "two_factor_enabled": False,
    "verification_attempts_remaining": None,
    "web3_wallets": [],
    "created_at": 1738326896789,
    "updated_at": 1738326896789,
}
ERROR: JSONDict = {
    "code": "resource_exhausted",
    "message": "later",
    "long_message": "Come back later.",
    "meta": {"param_name": "email_address"},
}


def user(**changes: Any) -> JSONDict:
    """A user with some properties changed."""
    return {**USER, **changes}


def user_without(name: str) -> JSONDict:
    """A user that lacks a property."""
    return {key: value for key, value in USER.items() if key != name}


def user_with_status(status: str) -> JSONDict:
    """A user whose e-mail address is verified in some other way."""
    return user(email_addresses=[{**EMAIL_ADDRESS, "verification": {**VERIFICATION, "status": status}}])


def errors(**more: Any) -> JSONDict:
    """A body that says what is wrong, as the service says it."""
    return {"errors": [ERROR], **more}


__all__ = ["ERROR", "USER", "JSONDict", "errors", "user", "user_with_status", "user_without"]
