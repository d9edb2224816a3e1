"""Authenticating a request: which token is used, how it is checked, and what happens if it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .._checks import closest
from .._errors import ClerkConfigurationError, TokenVerificationError
from ._check import AnyState, Check, refused, signed_out
from ._classes import is_of_session, kind_of_machine_token
from ._jwt import Token, decode
from ._types import TokenType

if TYPE_CHECKING:
    from ._browser import Browser
    from ._steps import Plan

_KINDS: tuple[TokenType, ...] = ("session_token", "api_key", "m2m_token", "oauth_token")
_RENEWABLE = {
    "token-not-active-yet": "session-token-nbf",
    "token-iat-in-the-future": "session-token-iat-in-the-future",
}
_SESSION: TokenType = "session_token"


class Accepted(NamedTuple):
    """The kinds of token that are accepted.

    Attributes:
        kinds: The kinds.
        only: The kind, if the caller named a single one.
    """

    kinds: tuple[TokenType, ...]
    only: TokenType | None


_SESSIONS_ONLY = Accepted((_SESSION,), _SESSION)


def accepted(given: object) -> Accepted:
    """Check which kinds of token a caller accepts.

    Raises:
        ClerkConfigurationError: It is empty, or names a kind that doesn't exist.
    """
    if given == _SESSION:
        return _SESSIONS_ONLY
    if given == "any":
        return Accepted(_KINDS, None)
    kinds = [given] if isinstance(given, str) else given
    if not isinstance(kinds, list | tuple | set | frozenset) or not kinds:
        raise ClerkConfigurationError("accepts_token must be a kind of token, a list of kinds, or 'any'")
    for kind in kinds:
        if kind not in _KINDS:
            raise ClerkConfigurationError(f"accepts_token has no kind {kind!r}{closest(kind, _KINDS)}")
    found: tuple[TokenType, ...] = tuple(known for known in _KINDS if known in kinds)
    return Accepted(found, found[0] if isinstance(given, str) else None)


def authenticate(check: Check, accepts: Accepted) -> AnyState | Plan[AnyState | TokenVerificationError]:
    """Authenticate a request.

    Args:
        check: The check.
        accepts: The kinds of token that are accepted.

    Returns:
        The state, or a plan that ends with it; or with the error to raise if a handshake failed in a development
        instance.
    """
    text = header_token(check.request.headers.get("authorization"))
    if text is not None:
        return _by_header(check, accepts, text)
    if _SESSION in accepts.kinds:
        return _by_cookies(check)
    if accepts.only is None:
        return signed_out(None, "token-type-mismatch")
    return signed_out(accepts.only, "No token in header")


def header_token(value: str | None) -> str | None:
    """Return the token in the `Authorization` header, or None if the cookies are used instead."""
    value = value or ""
    scheme, _, token = value.partition(" ")
    if scheme == "Bearer" and token and " " not in token:  # the usual form
        return token.strip() or "Bearer"
    words = [word for word in value.strip(" \t\r\n").split(" ") if word]
    if len(words) < 2:
        return words[0] if words else None
    return words[1] if words[0].lower() == "bearer" else None


def _by_header(check: Check, accepts: Accepted, text: str) -> AnyState | Plan[AnyState | TokenVerificationError]:
    token = _decoded(text)
    kind = None
    if accepts.only != _SESSION:
        kind = kind_of_machine_token(text, None if isinstance(token, TokenVerificationError) else token)
    if (kind or _SESSION) not in accepts.kinds:
        return signed_out(accepts.only, "token-type-mismatch")
    if kind is not None:
        from ._machines import authenticate_machine

        return authenticate_machine(check, kind, text)
    if isinstance(token, TokenVerificationError):
        return refused(_SESSION, token)
    if not is_of_session(token):
        return signed_out(_SESSION, "token-type-mismatch")
    return _session_of_header(check, text, token)


def _decoded(text: str) -> Token | TokenVerificationError:
    try:
        return decode(text)
    except TokenVerificationError as error:
        return error


def _session_of_header(check: Check, text: str, token: Token) -> AnyState | Plan[AnyState | TokenVerificationError]:
    try:
        claims = check.verifier.verify_at_once(token, check.demands, check.jwt_key)
    except TokenVerificationError as error:
        return _refused_in_header(check, text, error)
    return _session_by_fetched_key(check, text, token) if claims is None else check.signed_in(claims)


def _session_by_fetched_key(check: Check, text: str, token: Token) -> Plan[AnyState | TokenVerificationError]:
    try:
        claims = yield from check.verifier.verify_session_token(token, check.demands, check.jwt_key)
    except TokenVerificationError as error:
        return _refused_in_header(check, text, error)
    return check.signed_in(claims)


def _refused_in_header(check: Check, text: str, error: TokenVerificationError) -> AnyState:
    # If a request has a token in its header, its cookies are ignored.
    is_get = check.request.method in ("GET", None)
    refusal = "non-eligible-no-refresh-cookie" if is_get else "non-eligible-non-get"
    return _renewed_or_signed_out(_browser(check), error, text, refusal)


def _browser(check: Check) -> Browser | None:
    from ._browser import Browser

    return None if check.instance is None else Browser(check, check.instance)


def _renewed_or_signed_out(browser: Browser | None, error: TokenVerificationError, text: str, refusal: str) -> AnyState:
    reason = f"session-token-expired-refresh-{refusal}" if error.reason == "token-expired" else None
    reason = reason or _RENEWABLE.get(error.reason)
    if reason is None:
        return refused(_SESSION, error)
    if browser is None:
        return signed_out(_SESSION, reason, str(error))
    return browser.renew(reason, str(error), text)


def _by_cookies(check: Check) -> Plan[AnyState | TokenVerificationError]:
    browser = _browser(check)
    if browser is None:
        message = "cookies need the publishable key: set CLERK_PUBLISHABLE_KEY or pass publishable_key"
        return signed_out(_SESSION, "session-token-and-uat-missing", message if _has_cookie(check) else "")
    from ._handshake import resolve_handshake

    try:
        state = yield from resolve_handshake(browser)
    except TokenVerificationError as error:
        # If it were raised here, its traceback would have the token among its local variables.
        return error.with_traceback(None)
    if state is not None:
        return state
    return (yield from _by_session_cookie(browser))


def _has_cookie(check: Check) -> bool:
    return "__session" in check.request.headers.get("cookie", "")


def _by_session_cookie(browser: Browser) -> Plan[AnyState]:
    from ._cookies import CLIENT_UAT, DEV_BROWSER, SESSION

    text, uat = browser.cookies.get(SESSION), browser.cookies.number(CLIENT_UAT)
    if browser.is_development and browser.parameter(DEV_BROWSER) is not None:
        return browser.renew("dev-browser-sync", "", text)
    if browser.is_development and browser.dev_browser is None:
        return browser.renew("dev-browser-missing", "", text)
    if text is None:
        if not uat:
            return signed_out(_SESSION, "session-token-and-uat-missing")
        return browser.renew("client-uat-but-no-session-token", "", None)
    if not uat:
        return browser.renew("session-token-but-no-client-uat", "", text)
    return (yield from _session_of_cookie(browser, text, uat))


def _session_of_cookie(browser: Browser, text: str, uat: int) -> Plan[AnyState]:
    check = browser.check
    token = _decoded(text)
    if isinstance(token, TokenVerificationError):
        return refused(_SESSION, token)
    if not is_of_session(token):
        return signed_out(_SESSION, "token-type-mismatch")
    issued_at = token.claims.get("iat")
    if isinstance(issued_at, int | float) and issued_at < uat:
        return browser.renew("session-token-iat-before-client-uat", "", text)
    try:
        claims = yield from check.verifier.verify_session_token(token, check.demands, check.jwt_key)
    except TokenVerificationError as error:
        if error.reason != "token-expired":
            return _renewed_or_signed_out(browser, error, text, "")
        from ._refresh import Refused, refresh

        outcome = yield from refresh(browser, text)
        return _renewed_or_signed_out(browser, error, text, outcome.reason) if isinstance(outcome, Refused) else outcome
    if browser.comes_from_elsewhere():
        message = "the page was opened from another site, and the session may have changed there"
        return browser.renew("primary-domain-cross-origin-sync", message, text)
    return check.signed_in(claims)


__all__ = ["Accepted", "accepted", "authenticate"]
