"""Gets new cookies for a session whose token has expired, without redirecting the browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from clerk_generated.client import Request

from .._errors import ClerkAPIResponseError, ClerkConfigurationError, ClerkConnectionError, TokenVerificationError
from .._json import loads
from ._check import AnyState, checked_directives, session_in
from ._cookies import REFRESH
from ._jwt import decode
from ._permissions import text

if TYPE_CHECKING:
    from ._browser import Browser
    from ._steps import Plan

_ID = re.compile(r"[A-Za-z0-9_-]+")
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,100}")


class Refused(NamedTuple):
    """A session that was not refreshed.

    Attributes:
        reason: Why; it becomes the end of the state's reason.
    """

    reason: str


def refresh(browser: Browser, session_token: str) -> Plan[AnyState | Refused]:
    """Get new cookies for an expired session token, whose signature was checked already.

    Returns:
        The state with the new session, or why it was not refreshed.
    """
    check = browser.check
    refresh_token = browser.cookies.suffixed(REFRESH)
    if check.request.method not in ("GET", None):
        return Refused("non-eligible-non-get")
    if refresh_token is None:
        return Refused("non-eligible-no-refresh-cookie")
    if check.request.method is None or browser.address is None:
        return Refused("non-eligible-non-get")
    session_id = text(decode(session_token).claims.get("sid"))
    if session_id is None or not _ID.fullmatch(session_id):
        return Refused("expired-session-token-missing-sid-claim")
    body: dict[str, object] = {
        "format": "cookie",
        "expired_token": session_token,
        "refresh_token": refresh_token,
        "request_origin": browser.address.origin,
        "request_headers": {name: [value] for name, value in check.request.headers.items()},
    }
    directives = yield from _ask(session_id, browser.cookies.is_suffixed, body)
    if isinstance(directives, Refused):
        return directives
    try:
        token = decode(session_in(directives))
        claims = yield from check.verifier.verify_session_token(token, check.demands, check.jwt_key)
    except TokenVerificationError:
        return Refused("invalid-session-token")
    return check.signed_in(claims, [("Set-Cookie", directive) for directive in directives])


def _ask(session_id: str, is_suffixed: bool, body: dict[str, object]) -> Plan[list[str] | Refused]:
    query: dict[str, str | list[str]] | None = {"suffixed_cookies": "true"} if is_suffixed else None
    try:
        response = yield Request("RefreshSession", "POST", f"/sessions/{session_id}/refresh", query=query, json=body)
        content = loads(response.content)
    except ClerkAPIResponseError as error:
        return Refused(_reason_of(error))
    except ClerkConnectionError:
        return Refused("fetch-error")
    except ClerkConfigurationError:
        return Refused("missing-api-client")
    except (ValueError, RecursionError):
        return Refused("unexpected-bapi-error")
    directives = checked_directives(content.get("cookies") if isinstance(content, dict) else None)
    return directives or Refused("unexpected-sdk-error")


def _reason_of(error: ClerkAPIResponseError) -> str:
    code = error.errors[0].code if error.errors else ""
    if code == "unexpected_error":
        return "fetch-error"
    return code if _CODE.fullmatch(code) else "unexpected-bapi-error"


__all__ = ["Refused", "refresh"]
