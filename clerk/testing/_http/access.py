"""Who may call the local service over HTTP: programs on this machine, and pages of allowed origins.

The key of a local service is public, so any page in the developer's browser can know it. A page of another host that
resolves to this machine (DNS rebinding) sends that host's name, which is refused. A page of another origin is kept out
by the browser, unless the responses allow it to read them (CORS).
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
    """Which requests over HTTP are accepted.

    Attributes:
        hosts: Accepted host names, in addition to those of this machine; `*` for any.
        origins: Origins whose pages may read the responses, such as `http://localhost:3000`; `*` for any.
    """

    hosts: Collection[str] = ()
    origins: Collection[str] = ()

    def refusal(self, headers: Mapping[str, str]) -> Answer | None:
        """Return the response to a request for another host, or None."""
        host = _without_port(headers.get("host", "localhost"))
        if host in _LOOPBACK or "*" in self.hosts or host in map(str.lower, self.hosts):
            return None
        text = f"This local Clerk does not serve {host[:100]!r}; allow that host where the service is started."
        return error_answer([Problem("not_allowed_access", text)], 403)

    def preflight(self, method: str, headers: Mapping[str, str]) -> Answer | None:
        """Return the response to a browser's preflight request, or None if the request is not one."""
        if method != "OPTIONS" or "access-control-request-method" not in headers or not self._allows(headers):
            return None
        asked = headers.get("access-control-request-headers", "authorization, content-type")
        allowed = {"allow-methods": _METHODS, "allow-headers": asked, "max-age": _SECONDS}
        return Answer(204, {f"access-control-{name}": value for name, value in allowed.items()})

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return the headers that make the browser let a page read the response."""
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
