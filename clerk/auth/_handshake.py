"""The end of a handshake: the browser comes back with a nonce or a token that its new cookies are obtained with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clerk_generated.client import Request

from .._errors import ClerkAPIResponseError, ClerkConfigurationError, ClerkConnectionError, TokenVerificationError
from .._json import loads
from ._check import AnyState, checked_directives, session_in, signed_out
from ._classes import SESSION_CATEGORIES
from ._cookies import DEV_BROWSER, HANDSHAKE, HANDSHAKE_NONCE
from ._jwt import decode

if TYPE_CHECKING:
    from ._browser import Browser
    from ._state import ResponseHeaders
    from ._steps import Plan

_A_DAY = 86_400_000.0
_WRONG_CLOCK = ("token-expired", "token-not-active-yet", "token-iat-in-the-future")


def resolve_handshake(browser: Browser) -> Plan[AnyState | None]:
    """Complete a handshake, if the request is the end of one.

    Returns:
        The state; None if there is no handshake, or if it failed and the cookies decide.

    Raises:
        TokenVerificationError: The handshake failed, in a development instance.
    """
    nonce, token = _brought(browser, HANDSHAKE_NONCE), _brought(browser, HANDSHAKE)
    if not nonce and not token:
        return None
    try:
        directives = yield from (_directives_of_nonce(nonce) if nonce else _directives_of_token(browser, token))
    except TokenVerificationError:
        if browser.is_development:
            raise
        return None
    headers = [("Set-Cookie", directive) for directive in directives]
    if browser.is_development and browser.address is not None:
        url = browser.address.without(HANDSHAKE, "__clerk_help", DEV_BROWSER, HANDSHAKE_NONCE)
        headers += [("Location", url), ("Cache-Control", "no-store")]
    session = session_in(directives)
    if not session:
        return signed_out("session_token", "session-token-missing", "the handshake brought no session", headers)
    return (yield from _signed_in(browser, session, headers))


def _brought(browser: Browser, name: str) -> str | None:
    # In production the query is ignored: otherwise a stranger's link could sign somebody in.
    return (browser.parameter(name) if browser.is_development else None) or browser.cookies.plain(name)


def _directives_of_nonce(nonce: str) -> Plan[list[str]]:
    try:
        response = yield Request("GetHandshakePayload", "GET", "/clients/handshake_payload", query={"nonce": nonce})
        content = loads(response.content)
    except (ClerkAPIResponseError, ClerkConfigurationError, ClerkConnectionError, ValueError, RecursionError):
        return []
    return checked_directives(content.get("directives") if isinstance(content, dict) else None) or []


def _directives_of_token(browser: Browser, text: str | None) -> Plan[list[str]]:
    token = decode(text)
    if token.header.cat not in SESSION_CATEGORIES:
        raise TokenVerificationError("this is not a handshake token", reason="token-invalid")
    yield from browser.check.verifier.check_signature(token, browser.check.jwt_key)
    return checked_directives(token.claims.get("handshake")) or []


def _signed_in(browser: Browser, session: str, headers: ResponseHeaders) -> Plan[AnyState | None]:
    check = browser.check
    try:
        token = decode(session)
        try:
            claims = yield from check.verifier.verify_session_token(token, check.demands, check.jwt_key)
        except TokenVerificationError as error:
            if not browser.is_development or error.reason not in _WRONG_CLOCK:
                raise
            # A developer's clock may be wrong: the token was issued a moment ago.
            lenient = check.demands._replace(skew=_A_DAY)
            claims = yield from check.verifier.verify_session_token(token, lenient, check.jwt_key)
    except TokenVerificationError:
        return None
    return check.signed_in(claims, headers)


__all__ = ["resolve_handshake"]
