"""The checks of `http_options`; loaded when a client is given some."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Any

from ._checks import check_boolean, check_mapping, check_seconds, check_string, closest, wrong_type
from ._errors import ClerkConfigurationError
from ._http_settings import HTTPSettings, PoolLimits, Timeouts
from ._library import LIBRARIES, errors, http
from ._library_types import LimitsLike, ProxyLike, TimeoutLike, URLLike
from ._option_types import Hook


def settings_of_client(options: object, *, is_async: bool) -> HTTPSettings:
    """Check the `http_options` of a new client."""
    checks = _ASYNC_CHECKS if is_async else _SYNC_CHECKS
    return _changed(HTTPSettings(), checks, check_mapping("http_options", options))


def settings_of_call(settings: HTTPSettings, options: object) -> HTTPSettings:
    """Check the `http_options` of `with_options`, and apply them to a client's settings."""
    given = check_mapping("http_options", options)
    for key in given:
        if key in _SYNC_CHECKS and key not in _CALL_CHECKS:
            raise ClerkConfigurationError(
                f"http_options[{key!r}] belongs to the connections, which with_options() shares: create another client"
            )
    return _changed(settings, _CALL_CHECKS, given)


def _changed(settings: HTTPSettings, checks: Mapping[str, OptionCheck], options: Mapping[Any, Any]) -> HTTPSettings:
    """Return the settings with these options applied; headers are added to the present ones.

    Raises:
        ClerkConfigurationError: There is no check for a key, or a check fails.
    """
    values: dict[str, Any] = {}  # Any: one type per key
    for key, value in options.items():
        if key not in checks:
            known = ", ".join(sorted(checks))
            raise ClerkConfigurationError(f"http_options has no key {key!r}, only {known}{closest(key, checks)}")
        values[key] = checks[key](f"http_options[{key!r}]", value)
    return HTTPSettings(
        timeout=values.pop("timeout", settings.timeout),
        headers={**settings.headers, **values.pop("headers", {})},
        pool={**settings.pool, **values},
    )


OptionCheck = Callable[[str, Any], Any]  # Any: one type per key

# Header that the client sets itself -> what to do instead of passing it.
_RESERVED_HEADERS = {
    "authorization": "pass secret_key",
    "clerk-api-version": "pass api_version",
    "content-length": "let the client set it",
    "content-type": "let the client set it",
    "transfer-encoding": "let the client set it",
}


def _timeout(name: str, value: object) -> Timeouts:
    if isinstance(value, TimeoutLike):
        return {"connect": value.connect, "read": value.read, "write": value.write, "pool": value.pool}
    seconds = check_seconds(name, value)
    return {"connect": seconds, "read": seconds, "write": seconds, "pool": seconds}


def _headers(name: str, value: object) -> dict[str, str]:
    headers: dict[str, str] = {}
    for key, text in check_mapping(name, value).items():
        if not isinstance(key, str) or not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", key):
            raise ClerkConfigurationError(f"{name} has an invalid header name: {key!r}")
        if key.lower() in _RESERVED_HEADERS:
            raise ClerkConfigurationError(f"{name} must not set {key!r}: {_RESERVED_HEADERS[key.lower()]} instead")
        where = f"{name}[{key!r}]"
        if not (check_string(where, text).isascii() and text.isprintable()):
            raise ClerkConfigurationError(f"{where} must be printable ASCII on one line")
        # Names are case-insensitive: of two spellings, the last one wins.
        headers[key.lower()] = text
    return headers


_URL_ERRORS: tuple[type[Exception], ...] = (*errors("InvalidURL"), ValueError)


def _proxy(name: str, value: object) -> ProxyLike:
    if isinstance(value, ProxyLike):
        return value
    if not isinstance(value, (str, URLLike)):
        raise wrong_type(name, "a URL or an httpx.Proxy", value)
    try:
        return http.Proxy(str(value))
    except _URL_ERRORS:
        # Their text may show the proxy's password.
        raise ClerkConfigurationError(f"{name} must be a URL such as http://proxy.example:3128") from None


def _verify(name: str, value: object) -> object:
    if isinstance(value, (ssl.SSLContext, str, bool)):
        return value
    raise wrong_type(name, "an ssl.SSLContext, a path, True or False", value)


def _cert(name: str, value: object) -> tuple[str, ...]:
    parts: tuple[object, ...] = value if isinstance(value, tuple) else (value,)
    if 1 <= len(parts) <= 3 and all(isinstance(part, str) for part in parts):
        return tuple(map(str, parts))
    raise wrong_type(name, "a path, (certificate, key) or (certificate, key, password)", value)


def _limits(name: str, value: object) -> PoolLimits:
    if isinstance(value, LimitsLike):
        return PoolLimits(value.max_connections, value.max_keepalive_connections, value.keepalive_expiry)
    raise wrong_type(name, "an httpx.Limits", value)


def _event_hooks(name: str, value: object) -> dict[str, list[Hook]]:
    hooks = check_mapping(name, value)
    if not hooks.keys() <= {"request", "response"}:
        raise ClerkConfigurationError(f"{name} must have no keys but 'request' and 'response'")
    for key, functions in hooks.items():
        if not isinstance(functions, (list, tuple)) or not all(map(callable, functions)):
            raise wrong_type(f"{name}[{key!r}]", "a list of functions", functions)
    return {key: list(functions) for key, functions in hooks.items()}


def _transport(name: str, value: object) -> object:
    if callable(getattr(value, "handle_request", None)):
        return value
    raise wrong_type(name, "an httpx.BaseTransport", value)


def _async_transport(name: str, value: object) -> object:
    if callable(getattr(value, "handle_async_request", None)):
        return value
    raise wrong_type(name, "an httpx.AsyncBaseTransport", value)


def _or_called(transport: OptionCheck, *names: str) -> OptionCheck:
    def check(name: str, value: object) -> object:
        if not isinstance(value, str):
            return transport(name, value)
        if value not in names:
            only = " (only the async client has 'aiohttp')" if value == "aiohttp" else ""
            raise ClerkConfigurationError(f"{name} must be {' or '.join(map(repr, names))} or a transport object{only}")
        if find_spec(value) is None:
            raise ClerkConfigurationError(
                f"{name} is {value!r}, which is not installed: pip install 'clerk-client[{value}]'"
            )
        return value

    return check


def _mounts_of(transport: OptionCheck) -> OptionCheck:
    def check(name: str, value: object) -> dict[str, object]:
        mounts: dict[str, object] = {}
        for pattern, mounted in check_mapping(name, value).items():
            key = check_string(f"a key of {name}", pattern)
            mounts[key] = None if mounted is None else transport(f"{name}[{key!r}]", mounted)
        return mounts

    return check


_CALL_CHECKS: dict[str, OptionCheck] = {"timeout": _timeout, "headers": _headers}
_SYNC_CHECKS: dict[str, OptionCheck] = {
    **_CALL_CHECKS,
    "proxy": _proxy,
    "mounts": _mounts_of(_transport),
    "verify": _verify,
    "cert": _cert,
    "trust_env": check_boolean,
    "limits": _limits,
    "http1": check_boolean,
    "http2": check_boolean,
    "transport": _or_called(_transport, *LIBRARIES),
    "event_hooks": _event_hooks,
}
_ASYNC_CHECKS: dict[str, OptionCheck] = {
    **_SYNC_CHECKS,
    "mounts": _mounts_of(_async_transport),
    "transport": _or_called(_async_transport, *LIBRARIES, "aiohttp"),
}


__all__ = ["settings_of_call", "settings_of_client"]
