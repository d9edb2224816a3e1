"""What a check reads of a request, whatever it comes as.

What it is, is told by the types of its values and never by the names in it: headers, the scope of ASGI and the environ
of WSGI are mappings alike, and a stranger chooses the names of headers.
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
    """A request as a framework knows it: whatever proxies have said about its URL is already in there.

    Attributes:
        method: The HTTP method.
        url: The URL that its sender used.
        headers: Its headers.
    """

    method: str
    url: str
    headers: Any  # whatever form `AnyRequest` knows for headers alone


class Incoming:
    """A request as checks read it.

    Attributes:
        headers: Its headers by their names in lower case.
        method: Its method in capitals; None where only headers were given.
    """

    __slots__ = ("_address", "headers", "method")

    def __init__(
        self, headers: dict[str, str], method: str | None, address: Callable[[dict[str, str]], Address | None]
    ) -> None:
        self.headers = headers
        self.method = method
        self._address = address

    def address(self) -> Address | None:
        """Return where its sender sent it to, or None if that is not known."""
        return self._address(self.headers)


def incoming(request: AnyRequest) -> Incoming:
    """Read a request.

    Raises:
        TypeError: It is none.
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
    if callable(path):  # Django's; its own method for the URL raises where the host is not one of its settings
        return f"{getattr(request, 'scheme', 'http')}://{headers.get('host', '')}{path()}"
    return str(getattr(request, "url", ""))


def _of_mapping(request: Mapping[Any, Any]) -> Incoming:
    headers = _of_headers(request)
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
    # Those of httpx join equal names in a way that cookies don't bear, unless asked otherwise.
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
    """Return headers by their names in lower case, those of one name joined; None if a value is none of a header."""
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
        f"{type(request).__name__} is no request: give one of a framework, an ASGI scope, a WSGI environ, or headers"
    )


__all__ = ["Incoming", "PlainRequest", "incoming"]
