"""Requests from browsers: their cookies, and when a browser is redirected to renew its session."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ._address import Address, address_of
from ._check import AnyState, Check, handshake, signed_out
from ._cookies import DEV_BROWSER, REDIRECT_COUNT, Cookies, number_of, parse_cookies

if TYPE_CHECKING:
    from ._publishable_key import Instance
    from ._types import Reason

_MOST_REDIRECTS = 3
_DEVELOPMENT_PORTALS = (".lcl.dev", ".lclstage.dev", ".lclclerk.com")
_CURRENT_PORTALS = (".accounts.dev", ".accountsstage.dev", ".accounts.lclclerk.com")


class Browser:
    """The browser that sent a request.

    Args:
        check: The check.
        instance: The instance.

    Attributes:
        check: The check.
        instance: The instance.
        cookies: Clerk's cookies.
        address: The URL of the request, or None if it is not known.
        is_development: Whether it is a development instance.
    """

    def __init__(self, check: Check, instance: Instance) -> None:
        headers = check.request.headers
        self.check = check
        self.instance = instance
        self.is_development = instance.is_development
        self.cookies = Cookies(parse_cookies(headers.get("cookie", "")), instance, check.verifier.now())
        self.address: Address | None = check.request.address()

    def parameter(self, name: str) -> str | None:
        """Return a query parameter."""
        return None if self.address is None else self.address.parameter(name)

    @property
    def redirect_count(self) -> int:
        """How many times it has just been redirected to renew its session."""
        return max(0, number_of(self.cookies.plain(REDIRECT_COUNT)))

    def renew(self, reason: Reason, message: str, session_token: str | None) -> AnyState:
        """Redirect it to renew its session if that is possible; otherwise it is signed out.

        Args:
            reason: Why.
            message: The same in words.
            session_token: The session token of the request.
        """
        count = self.redirect_count
        if self.address is None or not self._asks_for_a_page() or count >= _MOST_REDIRECTS:
            return signed_out("session_token", reason, message)
        headers = [
            ("Location", self._renewal_url(self.address, reason, session_token)),
            ("Cache-Control", "no-store"),
            ("Set-Cookie", f"{REDIRECT_COUNT}={count + 1}; SameSite=Lax; HttpOnly; Max-Age=2"),
        ]
        return handshake(reason, message, headers)

    def _asks_for_a_page(self) -> bool:
        headers = self.check.request.headers
        if self.check.request.method != "GET":
            return False
        destination = headers.get("sec-fetch-dest")
        if destination:
            return destination in ("document", "iframe")
        return headers.get("accept", "").startswith("text/html")

    def _renewal_url(self, address: Address, reason: Reason, session_token: str | None) -> str:
        parameters = {
            "redirect_url": address.without(DEV_BROWSER, "__dev_session"),
            "__clerk_api_version": self.check.options.version_header,
            "suffixed_cookies": str(self.cookies.is_suffixed).lower(),
            "__clerk_hs_reason": reason,
            "format": "nonce",
        }
        if session_token:
            parameters["__session"] = session_token
        if self.is_development and (dev_browser := self.dev_browser):
            parameters[DEV_BROWSER] = dev_browser
        query = urlencode(parameters, errors="replace")
        return f"https://{self.instance.frontend_api}/v1/client/handshake?{query}"

    @property
    def dev_browser(self) -> str | None:
        """The id by which a development instance recognizes the browser."""
        return self.parameter(DEV_BROWSER) or self.cookies.get(DEV_BROWSER)

    def comes_from_elsewhere(self) -> bool:
        """Return whether the page was opened from another site that is not one of Clerk's."""
        headers = self.check.request.headers
        if self.check.request.method != "GET" or headers.get("sec-fetch-dest") != "document" or self.redirect_count:
            return False
        referrer = address_of(headers.get("referer", ""))
        if referrer is None or self.address is None or referrer.origin == self.address.origin:
            return False
        return not self._is_of_clerk(referrer)

    def _is_of_clerk(self, referrer: Address) -> bool:
        host, frontend_api = referrer.origin.partition("://")[2].partition(":")[0], self.instance.frontend_api
        if host == frontend_api.partition(":")[0]:
            return True
        if self.is_development and _is_portal(host):
            return True
        return referrer.origin == f"https://{_portal_of(frontend_api)}"


def _is_portal(host: str) -> bool:
    if host.startswith("accounts.") and host.endswith(_DEVELOPMENT_PORTALS):
        return True
    return any(host.endswith(suffix) and not host.endswith(f".clerk{suffix}") for suffix in _CURRENT_PORTALS)


def _portal_of(frontend_api: str) -> str:
    for ours, portals in (
        ("clerk.accountsstage.", "accountsstage."),
        ("clerk.accounts.", "accounts."),
        ("clerk.", "accounts."),
    ):
        if ours in frontend_api:
            return frontend_api.replace(ours, portals, 1)
    return frontend_api


__all__ = ["Browser"]
