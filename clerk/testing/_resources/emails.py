"""Emails: stored, not sent."""

from __future__ import annotations

import base64
import binascii

from .._answers import JSON, RefusalError, not_found, refusal
from .._document.operations import load_document
from .._handling import checks as checks
from .._handling.request import CheckedRequest, answers
from .._handling.stored import shaped
from .._store.state import State
from .._store.tables import Record
from .users.records import PRIMARY_FIELDS, find_user

_RECIPIENTS_LIMIT = 50
_ATTACHMENTS_LIMIT = 1024 * 1024


@answers("CreateEmail", kind="stored")
def create_email(request: CheckedRequest) -> JSON:
    """POST /email."""
    return _show(_create(request.state, request.body, request.headers.get("idempotency-key")))


@answers("CreateEmailBatch", kind="stored")
def create_emails(request: CheckedRequest) -> JSON:
    """POST /email/batch: each one is accepted or refused on its own."""
    return [_result(request.state, index, message) for index, message in enumerate(request.body["messages"])]


@answers("GetEmail", kind="stored")
def get_email(request: CheckedRequest) -> JSON:
    """GET /email/{email_id}."""
    email = request.state.stored("email").get(request.path["email_id"])
    if email is None:
        raise not_found("email", request.path["email_id"])
    return _show(email)


def _result(state: State, index: int, message: Record) -> JSON:
    content = {name: value for name, value in message.items() if name != "idempotency_key"}
    try:
        email = _create(state, content, message.get("idempotency_key"))
    except RefusalError as error:
        problems = [problem.to_json() for problem in error.problems]
        return {"index": index, "status_code": error.status, "errors": problems}
    return {"index": index, "status_code": 200, "email": _show(email)}


def _create(state: State, content: Record, key: str | None) -> Record:
    if key is not None:
        for email in state.stored("email"):
            if email["_key"] == key:
                if email["_content"] != content:
                    raise refusal("resource_conflict", "This idempotency key was used for another email.")
                return email
    fields: Record = {"delivered_by_clerk": True, "from_email_name": content["from"]["address"], "status": "queued"}
    fields |= {
        "subject": content["subject"],
        "body": content["html"] if "html" in content else content["text"],
        "body_plain": content.get("text"),
        **_recipient(state, content["to"]),
    }
    _check_others(fields["to_email_address"], content)
    _check_attachments(content.get("attachments", []))
    return state.stored("email").add(state.stamped("ema", **fields, _key=key, _content=content))


def _recipient(state: State, to: Record) -> Record:
    if "user_id" not in to:
        return {"to_email_address": checks.email_address(to["address"], "to.address")}
    user = find_user(state, to["user_id"])
    contact = state.email_addresses.get(user.get(PRIMARY_FIELDS["email_address"]))
    if contact is None:
        raise checks.invalid("to.user_id", "The user has no email address.")
    address = contact["email_address"]
    return {"user_id": user["id"], "email_address_id": contact["id"], "to_email_address": address}


def _check_others(to: str, content: Record) -> None:
    addresses = [to]
    for name in ("cc", "bcc"):
        addresses += [checks.email_address(address, name) for address in content.get(name, [])]
    if len(addresses) > _RECIPIENTS_LIMIT:
        message = f"An email may have at most {_RECIPIENTS_LIMIT} recipients."
        raise refusal("form_param_array_size_exceeded", message, parameter="cc")
    if len(set(addresses)) < len(addresses):
        raise refusal("form_param_duplicate", "A recipient is listed twice.", parameter="cc")


def _check_attachments(attachments: list[Record]) -> None:
    size = 0
    for attachment in attachments:
        try:
            size += len(base64.b64decode(attachment["content"], validate=True))
        except (binascii.Error, ValueError) as error:
            raise checks.malformed("attachments", "files in Base64") from error
    if size > _ATTACHMENTS_LIMIT:
        message = "Attachments may have at most 1 MiB in total."
        raise refusal("form_param_exceeds_allowed_size", message, parameter="attachments")


def _show(email: Record) -> JSON:
    return shaped(load_document().operations["GetEmail"], email)
