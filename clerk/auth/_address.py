"""The URL of a request, as its sender sees it."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote_plus

_HOST = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?")
_PORTS = {"http": "80", "https": "443"}


class Address(NamedTuple):
    """A URL split as text, so that no part of it can turn into another.

    Attributes:
        scheme: `http` or `https`.
        host: The host, with its port if it has one.
        path: The path.
        query: The query, without the question mark.
    """

    scheme: str
    host: str
    path: str
    query: str

    @property
    def origin(self) -> str:
        """Scheme, host and port, as browsers write them."""
        host = self.host.lower()
        return f"{self.scheme}://{host.removesuffix(':' + _PORTS[self.scheme])}"

    def parameter(self, name: str) -> str | None:
        """Return the first value of a query parameter, or None."""
        for pair in self.query.split("&"):
            key, _, value = pair.partition("=")
            if unquote_plus(key) == name:
                return unquote_plus(value)
        return None

    def without(self, *names: str) -> str:
        """Return the URL without some query parameters."""
        query = "&".join(
            pair for pair in self.query.split("&") if pair and unquote_plus(pair.partition("=")[0]) not in names
        )
        return f"{self.origin}{self.path}" + (f"?{query}" if query else "")


def address_of(url: str) -> Address | None:
    """Split a URL; return None if it is not an HTTP URL."""
    return _checked(*_parts(url))


def public_address(url: str, headers: dict[str, str]) -> Address | None:
    """Return the URL that the sender used, as far as proxies have passed it on.

    Args:
        url: The URL as it arrived here.
        headers: The headers by their names in lower case.
    """
    arrived = _parts(url)
    scheme = _first(headers.get("x-forwarded-proto")) or arrived.scheme
    host = _first(headers.get("x-forwarded-host")) or headers.get("host") or arrived.host
    return _checked(scheme.lower(), host, arrived.path, arrived.query) or _checked(*arrived)


def _parts(url: str) -> Address:
    scheme, _, rest = url.partition("://")
    rest = rest.partition("#")[0]
    end = min((place for mark in "/?" if (place := rest.find(mark)) >= 0), default=len(rest))
    path, _, query = rest[end:].partition("?")
    return Address(scheme.lower(), rest[:end].rpartition("@")[2], _printable(path) or "/", _printable(query))


def _checked(scheme: str, host: str, path: str, query: str) -> Address | None:
    if scheme not in _PORTS or not _HOST.fullmatch(host):
        return None
    return Address(scheme, host, path, query)


def _first(value: str | None) -> str | None:
    return None if value is None else value.partition(",")[0].strip()


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable() and character != " ")


__all__ = ["Address", "address_of", "public_address"]
