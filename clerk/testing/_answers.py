"""Responses of the local service, including errors, in Clerk's format."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

JSON = Any  # a JSON value can be anything

# Code -> HTTP status, and what is wrong in brief.
CODES: dict[str, tuple[int, str]] = {
    "actor_token_cannot_be_revoked_code": (400, "actor token is not pending"),
    "already_a_member_in_organization": (400, "already a member"),
    "api_version_invalid": (400, "API version is invalid"),
    "authentication_invalid": (401, "not signed in"),
    "authorization_header_format_invalid": (401, "no usable Authorization header"),
    "authorization_invalid": (403, "not allowed"),
    "bad_request": (400, "request cannot be processed"),
    "bulk_size_exceeded": (400, "too many items"),
    "clerk_key_invalid": (401, "unknown key"),
    "duplicate_record": (400, "record exists"),
    "form_code_incorrect": (422, "code is wrong"),
    "form_data_missing": (422, "data missing"),
    "form_identifier_exists": (422, "is taken"),
    "form_param_array_size_exceeded": (422, "has too many items"),
    "form_param_duplicate": (422, "has duplicates"),
    "form_param_exceeds_allowed_size": (422, "is too large"),
    "form_param_format_invalid": (422, "is malformed"),
    "form_param_invalid_time": (422, "is not a valid time"),
    "form_param_max_length_exceeded": (422, "is too long"),
    "form_param_missing": (422, "is missing"),
    "form_param_nil": (422, "is empty"),
    "form_param_type_invalid": (422, "has the wrong type"),
    "form_param_unknown": (422, "is unknown"),
    "form_param_value_invalid": (422, "is invalid"),
    "form_param_value_too_large": (422, "is too large"),
    "form_password_digest_invalid_code": (422, "password digest is invalid"),
    "form_password_length_too_long": (422, "password is too long"),
    "form_password_length_too_short": (422, "password is too short"),
    "form_password_not_strong_enough": (422, "password is too weak"),
    "form_password_pwned": (422, "password is known to attackers"),
    "form_password_size_in_bytes_exceeded": (422, "password is too long"),
    "identification_deletion_failed": (400, "cannot be deleted"),
    "incorrect_password": (422, "password is wrong"),
    "internal_clerk_error": (500, "internal error"),
    "invitation_already_accepted": (400, "invitation was accepted"),
    "invitation_already_revoked": (400, "invitation was revoked"),
    "jwt_template_reserved_claim": (400, "claim is reserved"),
    "last_required_identification_deletion_failed": (400, "last identifier cannot be deleted"),
    "malformed_request_parameters": (400, "parameters cannot be read"),
    "method_not_allowed": (405, "method is not allowed"),
    "no_password_set": (400, "no password is set"),
    "not_allowed_access": (403, "access is not allowed"),
    "operation_deprecated": (410, "operation is gone"),
    "organization_creator_not_found": (400, "creator not found"),
    "organization_invitation_not_pending": (404, "invitation is not pending"),
    "organization_invitation_not_unique": (400, "invitation exists"),
    "organization_membership_quota_exceeded": (403, "organization is full"),
    "organization_minimum_permissions_needed": (400, "organization needs a manager"),
    "organization_not_enabled_in_instance": (403, "organizations are disabled"),
    "organization_quota_exceeded": (403, "too many organizations"),
    "organization_role_assigned_members": (422, "role has members"),
    "organization_role_default_creator_role": (422, "role is the creator's"),
    "organization_role_exists_in_invitations": (422, "role is in invitations"),
    "organization_role_permission_association_exists": (409, "permission is assigned"),
    "organization_slugs_disabled": (403, "slugs are disabled"),
    "organization_system_permission_not_modifiable": (403, "system permission"),
    "payment_required": (402, "not in the plan"),
    "request_body_invalid": (400, "body cannot be read"),
    "request_body_too_large": (413, "body is too large"),
    "request_invalid_for_environment": (400, "not in this environment"),
    "resource_conflict": (409, "conflict"),
    "resource_forbidden": (403, "not allowed"),
    "resource_locked": (409, "resource is locked"),
    "resource_not_found": (404, "not found"),
    "service_unavailable": (503, "service unavailable"),
    "sign_in_token_cannot_be_revoked_code": (400, "sign-in token is not pending"),
    "too_many_requests": (429, "too many requests"),
    "unsupported_content_type": (415, "content type is not supported"),
    "unsupported_subscription_plan_features": (402, "not in the plan"),
    "user_quota_exceeded": (403, "too many users"),
    "waitlist_entry_already_invited": (409, "entry was invited"),
}
STATUS_CODES = {
    400: "bad_request",
    401: "authentication_invalid",
    402: "payment_required",
    403: "authorization_invalid",
    404: "resource_not_found",
    409: "resource_conflict",
    410: "operation_deprecated",
    413: "request_body_too_large",
    415: "unsupported_content_type",
    422: "form_param_value_invalid",
    429: "too_many_requests",
    500: "internal_clerk_error",
    503: "service_unavailable",
}
"""HTTP status -> the code of an error that a test asked for."""


class Answer(NamedTuple):
    """A response of the local service.

    Attributes:
        status: The HTTP status.
        headers: Header names in lower case.
        body: The body's bytes; empty if there is no content.
    """

    status: int
    headers: dict[str, str]
    body: bytes = b""


_NOTHING: Mapping[str, JSON] = {}


class Problem(NamedTuple):
    """One thing that is wrong with a request.

    Attributes:
        code: Clerk's code for it.
        long_message: What is wrong, in a sentence.
        meta: Details for programs; left out of the response if empty.
    """

    code: str
    long_message: str
    meta: Mapping[str, JSON] = _NOTHING

    def to_json(self) -> dict[str, JSON]:
        """Return the entry in `errors`."""
        entry: dict[str, JSON] = {"message": CODES[self.code][1], "long_message": self.long_message, "code": self.code}
        return {**entry, "meta": self.meta} if self.meta else entry


class RefusalError(Exception):
    """A request that is refused.

    Attributes:
        problems: What is wrong with it.
        status: The HTTP status.
    """

    def __init__(self, problems: Iterable[Problem], status: int | None = None) -> None:
        self.problems = list(problems)
        self.status = CODES[self.problems[0].code][0] if status is None else status
        super().__init__("; ".join(f"{problem.code}: {problem.long_message}" for problem in self.problems))


def refusal(code: str, long_message: str, *, parameter: str | None = None, **meta: JSON) -> RefusalError:
    """Return the exception for one problem.

    Args:
        code: Clerk's code for it.
        long_message: What is wrong, in a sentence.
        parameter: The parameter or property at fault.
        **meta: Further entries of `meta`.
    """
    named = {} if parameter is None else {"param_name": parameter}
    return RefusalError([Problem(code, long_message, {**named, **meta})])


def not_found(kind: str, identifier: str) -> RefusalError:
    """Return the exception for something that does not exist."""
    return refusal("resource_not_found", f"There is no {kind} with the id {identifier!r}.")


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def json_answer(status: int, value: JSON, headers: dict[str, str] | None = None) -> Answer:
    """Return a response with a JSON body."""
    body = _encode(value).encode()
    return Answer(status, {"content-type": "application/json", **(headers or {})}, body)


def error_answer(problems: Iterable[Problem], status: int, headers: dict[str, str] | None = None) -> Answer:
    """Return a response that says what is wrong with a request."""
    trace = secrets.token_hex(16)
    body = {"errors": [problem.to_json() for problem in problems], "clerk_trace_id": trace}
    return json_answer(status, body, {"x-clerk-trace-id": trace, **(headers or {})})
