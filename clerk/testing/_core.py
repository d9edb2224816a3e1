"""The local service without any network: it turns a request into a response."""

from __future__ import annotations

import hmac
import json
import re
import threading
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from ._answers import Answer, Problem, RefusalError, error_answer, json_answer, refusal
from ._document.checkers import answer_checker
from ._document.operations import Operation, load_document
from ._handling.bodies import BODY_LIMIT, read_form, read_json, read_multipart
from ._handling.request import CheckedRequest, Handler, Kind
from ._handling.validation import (
    VERSION_PARAMETER,
    check_body,
    check_headers,
    check_no_body,
    checked_path,
    checked_query,
    form_values,
)
from ._http.incoming import Incoming
from ._resources import handler_at
from ._store.state import State

if TYPE_CHECKING:
    from ._events.messages import Message

KIND_HEADER = "x-local-clerk"
"""The header that says what kind of handler answered: `stateful`, `stored` or `sample`."""
ROOT = "/v1"
_MACHINE_KEY = "ak_"
# The Node.js client leaves the version out of the URLs of keys and tokens, and Clerk accepts that.
_BELOW_ROOT = re.compile(r"/v1/|/(api_keys|m2m_tokens|oauth_applications/access_tokens)(/|$)")


class AnswerError(AssertionError):
    """A response of the local service that doesn't match the document: a bug in the local service."""


class Core:
    """Answers requests.

    Args:
        secret_key: The key that requests must have.
        check_answers: Whether every response is checked against the document.
    """

    def __init__(self, secret_key: str, *, check_answers: bool = False) -> None:
        load_document()
        self.secret_key = secret_key
        self.check_answers = check_answers
        self.lock = threading.RLock()
        self.state = State()
        self.listeners: list[Callable[[Message], None]] = []

    def handle(self, incoming: Incoming) -> Answer:
        """Answer a request.

        Raises:
            AnswerError: The response doesn't match the document, and responses are checked.
        """
        with self.lock, self.state.one_moment():
            operation: Operation | None = None
            try:
                operation, segments = self._find(incoming)
                answer = self._carry_out(operation, segments, incoming)
                if self.state.journal.changes:
                    self._tell(incoming)
                self.state.journal.commit()
            except RefusalError as error:
                self.state.journal.roll_back()
                headers = {"allow": error.problems[0].meta["allow"]} if error.status == 405 else {}
                answer = error_answer(error.problems, _declared_status(operation, error), headers)
            except BaseException:
                self.state.journal.roll_back()
                raise
        if self.check_answers and operation is not None:
            check_answer(operation, answer)
        return answer

    def _tell(self, cause: Incoming) -> None:
        from ._events.messages import messages_of  # which takes most of the resources to tell what changed

        messages = messages_of(self.state, cause)
        self.state.messages.extend(messages)
        for message in messages:
            for listener in self.listeners:
                listener(message)

    def _find(self, incoming: Incoming) -> tuple[Operation, list[str]]:
        method, path = incoming.method, incoming.path
        # The real service checks the key before the path.
        place = load_document().route(path.removeprefix(ROOT)) if _BELOW_ROOT.match(path) else None
        operation = place[0].get(method) if place else None
        if operation is None or operation.needs_key:
            self._authenticate(incoming, machines=operation is not None and operation.takes_machine_key)
        if place is None:
            raise refusal("resource_not_found", f"There is no operation at {unquote(path)!r}.")
        if operation is None:
            allowed = ", ".join(sorted(place[0]))
            raise refusal("method_not_allowed", f"{method} is not allowed here, only {allowed}.", allow=allowed)
        return operation, place[1]

    def _authenticate(self, incoming: Incoming, *, machines: bool) -> None:
        key = bearer(incoming.headers)
        if key is None:
            raise refusal(
                "authorization_header_format_invalid", "Send the key in the header `Authorization: Bearer sk_test_...`."
            )
        if hmac.compare_digest(key.encode(), self.secret_key.encode()):
            return
        if incoming.takes_any_key and not key.startswith(_MACHINE_KEY):
            return
        if machines:
            from ._resources.machines.machines import machine_with_key

            if machine_with_key(self.state, key) is not None:
                return
        raise refusal("clerk_key_invalid", "The key in the Authorization header is not the key of this instance.")

    def _carry_out(self, operation: Operation, segments: list[str], incoming: Incoming) -> Answer:
        headers, body = incoming.headers, incoming.body
        try:
            pairs = parse_qsl(incoming.query, keep_blank_values=True, errors="strict")
        except ValueError as error:
            raise refusal("malformed_request_parameters", "The query cannot be read.") from error
        _check_version(headers, dict(pairs).get(VERSION_PARAMETER))
        request = CheckedRequest(
            operation, self.state, key=bearer(headers) or "", api_url=incoming.api_url, headers=headers
        )
        request.path = checked_path(operation, segments)
        request.query = checked_query(operation, pairs)
        check_headers(operation, headers)
        if len(body) > BODY_LIMIT:
            raise refusal("request_body_too_large", f"A body may have at most {BODY_LIMIT} bytes.")
        if operation.body_kind == "json":
            request.body = read_json(operation, headers, body)
            check_body(operation, request.body)
        elif operation.body_kind == "multipart":
            fields, request.files = read_multipart(headers, body)
            request.body = form_values(operation, fields)
            check_body(operation, form_values(operation, fields, request.files))
        elif operation.body_kind == "form":
            request.body = form_values(operation, read_form(headers, body))
            check_body(operation, request.body)
        else:
            check_no_body(operation, read_json(operation, headers, body))
        kind, handler = handler_of(operation)
        return _success(operation, kind, handler(request))


def handler_of(operation: Operation) -> tuple[Kind, Handler]:
    """Return the handler of an operation, and its kind."""
    return handler_at(operation.id, operation.path)


def bearer(headers: Mapping[str, str]) -> str | None:
    """Return the key in the `Authorization` header, or None if there is no such header."""
    scheme, _, key = headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" and key.strip() else None


def check_answer(operation: Operation, answer: Answer) -> None:
    """Check a response against the document.

    Raises:
        AnswerError: It doesn't match the document.
    """
    checker = answer_checker(operation.id, answer.status)
    if checker is None or answer.headers.get("content-type") != "application/json":
        return
    violations = [f"{one.path}: {one.message[:300]}" for one in checker.violations(json.loads(answer.body))]
    if violations:
        raise AnswerError(f"{operation.id} {answer.status}: " + "; ".join(violations))


def _success(operation: Operation, kind: Kind, value: object) -> Answer:
    headers: dict[str, str] = {KIND_HEADER: kind}
    if operation.media_type is None:
        return Answer(operation.status, headers)
    if operation.media_type == "application/json":
        return json_answer(operation.status, value, headers)
    return Answer(operation.status, {"content-type": f"{operation.media_type}; charset=utf-8", **headers}, _text(value))


def _text(value: object) -> bytes:
    return str(value).encode()


def _declared_status(operation: Operation | None, error: RefusalError) -> int:
    # Invalid parameters are answered with 422, or with 400 if the document has no 422 here.
    if operation is not None and error.status == 422:
        return operation.declared(422, 400)
    return error.status


def _check_version(headers: Mapping[str, str], parameter: str | None) -> None:
    header = headers.get("clerk-api-version")
    if header is not None and parameter is not None:
        raise refusal("api_version_invalid", "The version is given twice, in a header and in the query.")
    version = header or parameter
    if version is None:
        return
    try:
        if date.fromisoformat(version).isoformat() != version:  # other forms of ISO 8601 are none of Clerk's
            raise ValueError(version)
    except ValueError as error:
        raise RefusalError(
            [Problem("api_version_invalid", "The version must be a date such as 2025-11-10.")]
        ) from error
