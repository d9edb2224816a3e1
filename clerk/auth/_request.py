"""Reads a request for a check, in any of the accepted forms.

The form is recognized by the types of the values and never by the names: headers, an ASGI scope and a WSGI environ are
all mappings, and a stranger can choose the names of headers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from attrs import frozen

from ._address import Address, address_of, public_address
from ._types import AnyRequest

_PAIR = 2


@frozen(kw_only=True)
class PlainRequest:
    """A request in plain values; its URL already takes proxies into account.

    Attributes:
        method: The HTTP method.
        url: The URL that its sender used.
        headers: Its headers.
    """

    method: str
    url: str
    headers: Any  # any form of headers that `AnyRequest` accepts


class Incoming:
    """A request as checks read it.

    Attributes:
        headers: Its headers by their names in lower case.
        method: Its method in upper case; None if only headers were passed.
    """

    __slots__ = ("_address", "headers", "method")

    def __init__(
        self, headers: dict[str, str], method: str | None, address: Callable[[dict[str, str]], Address | None]
    ) -> None:
        self.headers = headers
        self.method = method
        self._address = address

    def address(self) -> Address | None:
        """Return the URL that its sender used, or None if it is not known."""
        return self._address(self.headers)


def incoming(request: AnyRequest) -> Incoming:
    """Read a request.

    Raises:
        TypeError: `request` is in none of the accepted forms.
    """
    if isinstance(request, dict):
        return _of_mapping(request)
    headers = getattr(request, "headers", None)
    if headers is not None and not isinstance(headers, str | bytes):
        return _of_object(request, headers)
    if isinstance(request, Mapping):
        return _of_mapping(request)
    if (pairs := _pairs_of(request)) is not None:
        return Incoming(pairs, None, _nowhere)
    raise _no_request(request)


def _of_object(request: object, given: object) -> Incoming:
    headers = _of_headers(given)
    if headers is None:
        raise _no_request(request)
    method = getattr(request, "method", None)
    if isinstance(request, PlainRequest):
        return Incoming(headers, request.method.upper(), lambda _: address_of(request.url))
    return Incoming(
        headers,
        method.upper() if isinstance(method, str) else None,
        lambda headers: public_address(_url_of(request, headers), headers),
    )


def _url_of(request: object, headers: dict[str, str]) -> str:
    path = getattr(request, "get_full_path", None)
    if callable(path):  # Django's; `build_absolute_uri` would raise if the host is not in ALLOWED_HOSTS
        return f"{getattr(request, 'scheme', 'http')}://{headers.get('host', '')}{path()}"
    return str(getattr(request, "url", ""))


def _of_mapping(request: Mapping[Any, Any]) -> Incoming:
    # A plain dictionary needs no search for how it keeps several headers of a name.
    headers = _joined(request.items()) if type(request) is dict else _of_headers(request)
    if headers is not None:
        return Incoming(headers, None, _nowhere)
    found = request.get("headers")
    if found is not None and not isinstance(found, str | bytes):
        return _of_scope(request, found)
    if isinstance(request.get("wsgi.version"), tuple):
        return _of_environ(request)
    raise _no_request(request)


def _of_scope(scope: Mapping[Any, Any], given: object) -> Incoming:
    headers = _pairs_of(given)
    if headers is None:
        raise _no_request(scope)
    method = scope.get("method")
    path, query = scope.get("raw_path") or scope.get("path") or "/", scope.get("query_string") or b""
    target = "?".join(filter(None, [_text(path) or "/", _text(query)]))
    scheme = {"ws": "http", "wss": "https"}.get(str(scope.get("scheme")), scope.get("scheme") or "http")
    return Incoming(
        headers,
        method.upper() if isinstance(method, str) else None,
        lambda headers: public_address(f"{scheme}://{headers.get('host', '')}{target}", headers),
    )


def _of_environ(environ: Mapping[Any, Any]) -> Incoming:
    headers = {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if isinstance(name, str) and name.startswith("HTTP_") and isinstance(value, str)
    }
    method = environ.get("REQUEST_METHOD")
    path = "".join(str(environ.get(name) or "") for name in ("SCRIPT_NAME", "PATH_INFO")) or "/"
    target = "?".join(filter(None, [_quoted(path), str(environ.get("QUERY_STRING") or "")]))
    host = headers.get("host") or str(environ.get("SERVER_NAME") or "")
    scheme = environ.get("wsgi.url_scheme") or "http"
    return Incoming(
        headers,
        method.upper() if isinstance(method, str) else None,
        lambda headers: public_address(f"{scheme}://{host}{target}", headers),
    )


def _quoted(path: str) -> str:
    from urllib.parse import quote

    return quote(path, safe="/!$&'()*+,;=:@~", encoding="latin-1", errors="replace")


def _of_headers(headers: object) -> dict[str, str] | None:
    # `items` of httpx joins headers of the same name with commas, which breaks cookies.
    items = getattr(headers, "multi_items", None) or getattr(headers, "items", None)
    return _joined(cast("Callable[[], Iterable[Any]]", items)()) if callable(items) else _pairs_of(headers)


def _pairs_of(headers: object) -> dict[str, str] | None:
    if isinstance(headers, str | bytes) or not isinstance(headers, Iterable):
        return None
    pairs = list(headers)
    if not all(isinstance(pair, tuple | list) and len(pair) == _PAIR for pair in pairs):
        return None
    return _joined(pairs)


def _joined(pairs: Iterable[Any]) -> dict[str, str] | None:
    """Return headers by their names in lower case, joining those of the same name; None if one has an invalid value."""
    headers: dict[str, str] = {}
    for given, value in pairs:
        if type(value) is type(given) is str:
            name = given.lower()
            if name not in headers:
                headers[name] = value
                continue
        name = _text(given).lower()
        if type(value) is not str:
            if value is None:
                continue
            texts = _texts(value)
            if texts is None:
                return None
            value = ("; " if name == "cookie" else ", ").join(texts)  # noqa: PLW2901  the same value, as text
        if name in headers:
            value = f"{headers[name]}{'; ' if name == 'cookie' else ', '}{value}"  # noqa: PLW2901
        headers[name] = value
    return headers


def _texts(value: object) -> list[str] | None:
    if isinstance(value, str | bytes):
        return [_text(value)]
    if isinstance(value, list | tuple) and all(isinstance(item, str | bytes) for item in value):
        return [_text(item) for item in value]
    return None


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _nowhere(_: dict[str, str]) -> None:
    return None


def _no_request(request: object) -> TypeError:
    return TypeError(
        f"{type(request).__name__} is not a request: pass a framework's request, an ASGI scope, a WSGI environ, or "
        "headers"
    )


__all__ = ["Incoming", "PlainRequest", "incoming"]
