"""Users: created, read, changed, banned, locked, deleted."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..._answers import JSON, Problem, RefusalError, refusal
from ..._handling import checks as checks
from ..._handling.request import CheckedRequest, answers
from ..._store.ids import secret
from ..._store.tables import Record
from .identifiers import add_contact, check_free, choose_primary, make_primary
from .passwords import password_fields
from .records import PRIMARY_FIELDS, delete_user, find_user, locked_until, revoke_sessions, show_user

_PICTURE_LIMIT = 10_000_000
_PICTURE = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|RIFF....WEBP", re.DOTALL)
_FILE: Record = {"param_name": "file"}
_METADATA = ("public_metadata", "private_metadata", "unsafe_metadata")
_PLAIN = (
    "first_name",
    "last_name",
    "timezone",
    "delete_self_enabled",
    "create_organization_enabled",
    "create_organizations_limit",
    "bypass_client_trust",
)
_READERS: dict[str, Callable[[str, str], str]] = {
    "email_address": checks.email_address,
    "phone_number": checks.phone_number,
    "web3_wallet": checks.web3_wallet,
}


@answers("CreateUser")
def create_user(request: CheckedRequest) -> JSON:
    """POST /users."""
    state, body = request.state, request.body
    identifiers = {kind: _new_identifiers(request, kind) for kind in _READERS}
    if not any(identifiers.values()) and not body.get("username") and not body.get("skip_user_requirement"):
        raise refusal(
            "form_data_missing",
            "A user needs an email address, a phone number, a wallet or a username.",
            param_names=["email_address", "phone_number", "username", "web3_wallet"],
        )
    user = state.stamped("user", **_fields(request, None))
    user |= {name: {} for name in _METADATA} | checks.metadata(request, *_METADATA)
    user["created_at"] = checks.moment(body.get("created_at"), "created_at") or user["created_at"]
    if body.get("locked"):
        user["_locked_until"] = locked_until(state)
    user["banned"] = bool(body.get("banned"))
    state.users.add(user)
    for kind, found in identifiers.items():
        _give(request, user, kind, found)
    return show_user(state, user)


@answers("GetUser")
def get_user(request: CheckedRequest) -> JSON:
    """GET /users/{user_id}."""
    return show_user(request.state, _user(request))


@answers("UpdateUser")
def update_user(request: CheckedRequest) -> JSON:
    """PATCH /users/{user_id}."""
    state, body, user = request.state, request.body, _user(request)
    changes = _fields(request, user)
    if body.get("created_at") is not None:
        changes["created_at"] = checks.moment(body["created_at"], "created_at")
    if "profile_image_id" in body:
        changes["_image"] = body["profile_image_id"]
    state.change(state.users, user, **changes)
    for kind, field in PRIMARY_FIELDS.items():
        if field in body:
            choose_primary(state, user, kind, body[field])
    if body.get("sign_out_of_other_sessions"):
        revoke_sessions(state, user)
    return show_user(state, user)


@answers("DeleteUser")
def remove_user(request: CheckedRequest) -> JSON:
    """DELETE /users/{user_id}."""
    user = _user(request)
    delete_user(request.state, user)
    answer = {"object": "user", "id": user["id"], "deleted": True}
    return {**answer, "external_id": user["external_id"]} if user.get("external_id") else answer


@answers("BanUser", "UnbanUser")
def ban_user(request: CheckedRequest) -> JSON:
    """POST /users/{user_id}/ban and /unban."""
    user = _user(request)
    _set_banned(request, user, banned=request.operation.id == "BanUser")
    return show_user(request.state, user)


@answers("UsersBan", "UsersUnban")
def ban_users(request: CheckedRequest) -> JSON:
    """POST /users/ban and /users/unban."""
    users = [find_user(request.state, identifier) for identifier in request.body["user_ids"]]
    for user in users:
        _set_banned(request, user, banned=request.operation.id == "UsersBan")
    return [show_user(request.state, user) for user in users]


@answers("LockUser", "UnlockUser")
def lock_user(request: CheckedRequest) -> JSON:
    """POST /users/{user_id}/lock and /unlock."""
    user = _user(request)
    until = locked_until(request.state) if request.operation.id == "LockUser" else 0
    request.state.change(request.state.users, user, _locked_until=until)
    return show_user(request.state, user)


@answers("SetUserProfileImage")
def set_profile_image(request: CheckedRequest) -> JSON:
    """POST /users/{user_id}/profile_image."""
    user = _user(request)
    check_picture(request)
    request.state.change(request.state.users, user, _image=secret("img_", 27))
    return show_user(request.state, user)


@answers("DeleteUserProfileImage")
def delete_profile_image(request: CheckedRequest) -> JSON:
    """DELETE /users/{user_id}/profile_image."""
    user = _user(request)
    request.state.change(request.state.users, user, _image=None)
    return show_user(request.state, user)


@answers("UpdateUserMetadata", "ReplaceUserMetadata")
def change_metadata(request: CheckedRequest) -> JSON:
    """PATCH and PUT /users/{user_id}/metadata."""
    user = _user(request)
    request.state.change(request.state.users, user, **changed_metadata(request, user, *_METADATA))
    return show_user(request.state, user)


def changed_metadata(request: CheckedRequest, record: Record, *names: str) -> Record:
    """Return the metadata after a PATCH (merged) or PUT (replaced), by kind.

    Raises:
        RefusalError: It gets too large.
    """
    bags = checks.metadata(request, *names)
    if request.operation.method == "PATCH":
        # Null for one kind of metadata empties it, as null for a key removes the key.
        kept = {name: {} if request.body[name] is None else record.get(name) or {} for name in bags}
        bags = {name: checks.merged(kept[name], bag) for name, bag in bags.items()}
        for name, bag in bags.items():
            checks.check_metadata_size(name, bag)
    return bags


def check_picture(request: CheckedRequest) -> None:
    """Check that a picture was sent.

    Raises:
        RefusalError: There is no file, or it is empty, too large, or of an unsupported type.
    """
    upload = request.files.get("file")
    if upload is None or not upload.content:
        problem = Problem("form_param_nil", "The field 'file' must be a file that is not empty.", _FILE)
    elif len(upload.content) > _PICTURE_LIMIT:
        problem = Problem("form_param_exceeds_allowed_size", "A picture may have at most 10 MB.", _FILE)
    elif not _PICTURE.match(upload.content):
        problem = Problem("form_param_value_invalid", "A picture must be a JPEG, PNG, GIF or WebP file.", _FILE)
    else:
        return
    raise RefusalError([problem], request.operation.declared(422, 400))


def _user(request: CheckedRequest) -> Record:
    return find_user(request.state, request.path["user_id"])


def _fields(request: CheckedRequest, user: Record | None) -> Record:
    state, body = request.state, request.body
    fields: Record = {name: body[name] for name in _PLAIN if name in body}
    for name in ("delete_self_enabled", "create_organization_enabled", "bypass_client_trust"):
        if name in fields and fields[name] is None:
            del fields[name]
    if "locale" in body:
        fields["locale"] = checks.locale(body["locale"])
    if "legal_accepted_at" in body:
        fields["legal_accepted_at"] = checks.moment(body["legal_accepted_at"], "legal_accepted_at")
    for name in ("username", "external_id"):
        if name in body:
            value = checks.username(body[name]) if name == "username" else body[name] or None
            fields[name] = value
            if value is not None and any(other is not user for other in state.users.find(name, value)):
                raise checks.taken(name)
    return {**fields, **password_fields(request)}


def _new_identifiers(request: CheckedRequest, kind: str) -> list[tuple[str, str]]:
    values = [_READERS[kind](text, kind) for text in request.body.get(kind) or []]
    statuses = request.body.get(f"{kind}_identification_status")
    if statuses is not None and len(statuses) != len(values):
        field = f"{kind}_identification_status"
        raise checks.invalid(field, f"{field} must have as many items as {kind}.")
    for position, value in enumerate(values):
        if value in values[:position]:
            raise checks.taken(kind)
        check_free(request.state, kind, value)
    return list(zip(values, statuses or ["verified"] * len(values), strict=True))


def _give(request: CheckedRequest, user: Record, kind: str, found: list[tuple[str, str]]) -> None:
    for value, status in found:
        contact = add_contact(
            request.state, user["id"], kind, value, verified=status == "verified", reserved=status == "reserved"
        )
        if user.get(PRIMARY_FIELDS[kind]) is None:
            make_primary(request.state, user, kind, contact)


def _set_banned(request: CheckedRequest, user: Record, *, banned: bool) -> None:
    request.state.change(request.state.users, user, banned=banned)
    if banned:
        revoke_sessions(request.state, user)
