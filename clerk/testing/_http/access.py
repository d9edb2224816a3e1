"""Who may reach the local service over HTTP: programs on this machine, and pages of origins that were allowed.

The key of a local service is published, so that any page in the developer's browser knows it. A page of another host
that resolves to this machine (DNS rebinding) sends that host's name; a page of another origin is kept out by the
browser, unless the answers say that it may read them (CORS).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from .._answers import Answer, Problem, error_answer

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_METHODS = "GET, POST, PUT, PATCH, DELETE"
_SECONDS = "600"


@dataclass(frozen=True)
class Access:
    """What requests over HTTP are let in.

    Attributes:
        hosts: Host names, beside those of this machine, by which the service may be asked for; `*` for any.
        origins: Origins whose pages may read the answers, such as `http://localhost:3000`; `*` for any.
    """

    hosts: Collection[str] = ()
    origins: Collection[str] = ()

    def refusal(self, headers: Mapping[str, str]) -> Answer | None:
        """Return the answer to a request that asks for another host, or None."""
        host = _without_port(headers.get("host", "localhost"))
        if host in _LOOPBACK or "*" in self.hosts or host in map(str.lower, self.hosts):
            return None
        text = f"This is a local Clerk, and not for {host[:100]!r}; allow that host where the service is started."
        return error_answer([Problem("not_allowed_access", text)], 403)

    def preflight(self, method: str, headers: Mapping[str, str]) -> Answer | None:
        """Return the answer to a browser that asks whether it may send a request, or None where it asks for more."""
        if method != "OPTIONS" or "access-control-request-method" not in headers or not self._allows(headers):
            return None
        asked = headers.get("access-control-request-headers", "authorization, content-type")
        allowed = {"allow-methods": _METHODS, "allow-headers": asked, "max-age": _SECONDS}
        return Answer(204, {f"access-control-{name}": value for name, value in allowed.items()})

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return the headers by which the browser lets a page read the answer to a request."""
        if not self._allows(headers):
            return {"vary": "origin"} if self.origins else {}
        return {
            "access-control-allow-origin": headers["origin"],
            "access-control-expose-headers": "x-clerk-trace-id, x-local-clerk, retry-after",
            "vary": "origin",
        }

    def _allows(self, headers: Mapping[str, str]) -> bool:
        origin = headers.get("origin")
        return origin is not None and ("*" in self.origins or origin in self.origins)


def _without_port(host: str) -> str:
    name, colon, port = host.strip().lower().rpartition(":")
    return name if colon and port.isdigit() else host.strip().lower()
