"""The users that the loopback server returns, as Clerk would: about 3 KB of JSON each."""

from __future__ import annotations

import json
from typing import Any

SECRET_KEY = "sk_test_benchmark"  # noqa: S105  # not a real key
USER_ID = "user_2NNEqL2nrIRdJ194ndJqA000000"
USERS_A_PAGE = 500
_MOMENT = 1_716_883_200_000
_IMAGE_URL = (
    "https://img.clerk.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5jbGVyay5kZXYvb2F1dGhfZ29vZ2xlL2lt"
    "Z18yTk5FcUwybnJJUmRKMTk0bmRKcUFId0VmeEMifQ"
)


def one_user() -> bytes:
    """Return the JSON of one user, with the id `USER_ID`."""
    return _dump(user(0))


def many_users(count: int = USERS_A_PAGE) -> bytes:
    """Return the JSON array of a number of users, each with its own ids and addresses."""
    return _dump([user(number) for number in range(count)])


def user(number: int) -> dict[str, Any]:  # a JSON object
    """Return a user, given a number below a million, with an email address, a phone number and an external account."""
    ending = f"2NNEqL2nrIRdJ194ndJqA{number:06}"
    return {
        "id": f"user_{ending}",
        "object": "user",
        "username": None,
        "first_name": "Ada",
        "last_name": f"Lovelace {number}",
        "locale": "en-GB",
        "image_url": _IMAGE_URL,
        "has_image": True,
        "primary_email_address_id": f"idn_1{ending}",
        "primary_phone_number_id": f"idn_2{ending}",
        "primary_web3_wallet_id": None,
        "password_enabled": True,
        "password_last_updated_at": _MOMENT,
        "two_factor_enabled": False,
        "totp_enabled": False,
        "backup_code_enabled": False,
        "email_addresses": [_email_address(number, ending)],
        "phone_numbers": [_phone_number(number, ending)],
        "web3_wallets": [],
        "passkeys": [],
        "external_accounts": [_external_account(number, ending)],
        "saml_accounts": [],
        "enterprise_accounts": [],
        "public_metadata": {"plan": "pro"},
        "private_metadata": {"stripe_id": f"cus_{number}"},
        "unsafe_metadata": {},
        "external_id": f"ext_{number}",
        "last_sign_in_at": _MOMENT + number,
        "banned": False,
        "locked": False,
        "lockout_expires_in_seconds": None,
        "verification_attempts_remaining": 100,
        "created_at": _MOMENT + number,
        "updated_at": _MOMENT + number,
        "delete_self_enabled": True,
        "create_organization_enabled": True,
        "create_organizations_limit": None,
        "last_active_at": _MOMENT + number,
        "mfa_enabled_at": None,
        "mfa_disabled_at": None,
        "legal_accepted_at": None,
        "profile_image_url": _IMAGE_URL,
        "bypass_client_trust": False,
    }


def _email_address(number: int, ending: str) -> dict[str, Any]:  # a JSON object
    return {
        "id": f"idn_1{ending}",
        "object": "email_address",
        "email_address": f"ada{number}@example.com",
        "reserved": False,
        "verification": _verification("verification_otp", "email_code", 1),
        "linked_to": [{"type": "oauth_google", "id": f"idn_3{ending}"}],
        "matches_sso_connection": False,
        "created_at": _MOMENT + number,
        "updated_at": _MOMENT + number,
    }


def _phone_number(number: int, ending: str) -> dict[str, Any]:  # a JSON object
    return {
        "id": f"idn_2{ending}",
        "object": "phone_number",
        "phone_number": f"+1555{number:07}",
        "reserved_for_second_factor": False,
        "default_second_factor": False,
        "reserved": False,
        "verification": _verification("verification_otp", "phone_code", 1),
        "linked_to": [],
        "backup_codes": None,
        "created_at": _MOMENT + number,
        "updated_at": _MOMENT + number,
    }


def _external_account(number: int, ending: str) -> dict[str, Any]:  # a JSON object
    return {
        "object": "external_account",
        "id": f"eac_{ending}",
        "provider": "oauth_google",
        "identification_id": f"idn_3{ending}",
        "provider_user_id": f"1234567890{number}",
        "approved_scopes": "email profile openid",
        "email_address": f"ada{number}@example.com",
        "first_name": "Ada",
        "last_name": f"Lovelace {number}",
        "avatar_url": "https://lh3.googleusercontent.com/a/ACg8ocJ0",
        "image_url": _IMAGE_URL,
        "username": None,
        "public_metadata": {},
        "label": None,
        "created_at": _MOMENT + number,
        "updated_at": _MOMENT + number,
        "verification": _verification("verification_oauth", "oauth_google", None),
    }


def _verification(kind: str, strategy: str, attempts: int | None) -> dict[str, Any]:  # a JSON object
    return {
        "object": kind,
        "status": "verified",
        "strategy": strategy,
        "attempts": attempts,
        "expire_at": _MOMENT,
    }


def _dump(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
