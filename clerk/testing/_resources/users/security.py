"""What users sign in with: passwords, second factors, passkeys, wallets, devices."""

from __future__ import annotations

from ..._answers import JSON, not_found, refusal
from ..._handling.request import CheckedRequest, answers
from ..._store.tables import Record
from .identifiers import remove_contact
from .passwords import is_password, is_totp_code
from .records import find_user, revoke_sessions, show_user


@answers("VerifyPassword")
def verify_password(request: CheckedRequest) -> JSON:
    """POST /users/{user_id}/verify_password."""
    user = _user(request)
    if user.get("_password") is None:
        raise refusal("no_password_set", "The user has no password.")
    if not is_password(user["_password"], request.body["password"]):
        raise refusal("incorrect_password", "This is not the user's password.", parameter="password")
    return {"verified": True}


@answers("RemoveUserPassword")
def remove_password(request: CheckedRequest) -> JSON:
    """POST /users/{user_id}/remove_password."""
    user = _user(request)
    if user.get("_password") is None:
        raise refusal("no_password_set", "The user has no password to remove.")
    request.state.change(request.state.users, user, _password=None)
    if request.body.get("sign_out_of_other_sessions"):
        revoke_sessions(request.state, user)
    return show_user(request.state, user)


@answers("SetUserPasswordCompromised", "UnsetUserPasswordCompromised")
def mark_password(request: CheckedRequest) -> JSON:
    """POST /users/{user_id}/password/set_compromised and /unset_compromised."""
    user = _user(request)
    if user.get("_password") is None:
        raise refusal("no_password_set", "The user has no password.")
    compromised = request.operation.id == "SetUserPasswordCompromised"
    request.state.change(request.state.users, user, _compromised=compromised)
    if compromised and request.body.get("revoke_all_sessions"):
        revoke_sessions(request.state, user)
    return show_user(request.state, user)


@answers("VerifyTOTP")
def verify_totp(request: CheckedRequest) -> JSON:
    """POST /users/{user_id}/verify_totp."""
    user, code = _user(request), request.body["code"]
    codes, kept = user.get("_backup_codes", ()), user.get("_totp")
    if kept is None and not codes:
        raise refusal("resource_not_found", "The user has neither one-time passwords nor backup codes.")
    if kept is not None and is_totp_code(kept, code, request.state.now() // 1000):
        return {"verified": True, "code_type": "totp"}
    if code in codes:
        left = tuple(other for other in codes if other != code)
        request.state.change(request.state.users, user, _backup_codes=left)
        return {"verified": True, "code_type": "backup_code"}
    raise refusal("form_code_incorrect", "The code is wrong or has expired.", parameter="code")


@answers("DisableMFA", "DeleteTOTP", "DeleteBackupCode")
def disable_second_factors(request: CheckedRequest) -> JSON:
    """DELETE /users/{user_id}/mfa, /totp and /backup_code."""
    state, user = request.state, _user(request)
    changes: Record = {}
    if request.operation.id in ("DisableMFA", "DeleteBackupCode"):
        changes["_backup_codes"] = ()
    if request.operation.id in ("DisableMFA", "DeleteTOTP"):
        changes |= {"_totp": None, "mfa_disabled_at": state.now()}
    if request.operation.id == "DisableMFA":
        for phone in state.phone_numbers.find("user_id", user["id"]):
            state.change(state.phone_numbers, phone, reserved_for_second_factor=False, default_second_factor=False)
    state.change(state.users, user, **changes)
    return {"user_id": user["id"]}


@answers("UserWeb3WalletDelete")
def delete_wallet(request: CheckedRequest) -> JSON:
    """DELETE /users/{user_id}/web3_wallets/{web3_wallet_identification_id}."""
    state, user = request.state, _user(request)
    identifier = request.path["web3_wallet_identification_id"]
    wallet = state.web3_wallets.get(identifier)
    if wallet is None or wallet["user_id"] != user["id"]:
        raise not_found("wallet", identifier)
    remove_contact(state, user, "web3_wallet", wallet)
    return {"object": "web3_wallet", "id": identifier, "deleted": True}


def _user(request: CheckedRequest) -> Record:
    return find_user(request.state, request.path["user_id"])
