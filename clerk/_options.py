"""The options of a client: their names, the environment variables behind them, and the checks of their values.

An option that is passed wins, then its environment variable, then the default. An empty variable counts as unset, and
`None` as not passed, except for `deadline`, where it means no deadline.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from clerk_generated import API_VERSION
from clerk_generated._runtime.lazy import LazyModule

from ._checks import check_boolean, check_count, check_seconds, check_size, check_string, closest
from ._errors import ClerkConfigurationError
from ._http_settings import HTTPSettings
from ._library import errors, http
from ._secrets import KEYS, Secret

if TYPE_CHECKING:
    from . import _option_types as option_types
else:
    option_types = LazyModule("clerk._option_types")  # needed by annotations alone

VARIABLES = {
    "secret_key": "CLERK_SECRET_KEY",
    "machine_secret_key": "CLERK_MACHINE_SECRET_KEY",
    "publishable_key": "CLERK_PUBLISHABLE_KEY",
    "jwt_key": "CLERK_JWT_KEY",
    "api_version": "CLERK_API_VERSION",
    "api_url": "CLERK_API_URL",
}
"""Option -> the environment variable that is used when it is not passed."""

_PUBLISHABLE_KEY = r"pk_(?:live|test)_[A-Za-z0-9+/]+={0,2}"
_HOST = r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::[0-9]+)?\$"  # what a publishable key contains in base64


class Options:
    """A client's checked options, with the environment and the defaults filled in.

    Attributes:
        secret_key: The instance's secret key, or None.
        machine_secret_key: The machine's secret key for M2M tokens, or None.
        publishable_key: The instance's publishable key, or None.
        jwt_key: The instance's public key in PEM, or None.
        api_version: The API's version as it was given: `v4`, `v1`, or a date.
        api_url: The service's URL, without a slash or a version at the end.
        http: The checked `http_options`.
        max_retries: How many times a request is retried at most.
        deadline: How many seconds a whole call may take, or None.
        max_response_size: How many bytes the body of a response may have, decompressed.
        strict_responses: Whether a response that doesn't match the API's document is an error.
        has_own_url: Whether `api_url` was passed, rather than left to the environment or the default.
    """

    secret_key: Secret | None = None
    machine_secret_key: Secret | None = None
    publishable_key: str | None = None
    jwt_key: str | None = None
    api_version: str = "v4"
    api_url: str = "https://api.clerk.com"
    http: HTTPSettings = HTTPSettings()
    max_retries: int = 2
    deadline: float | None = 120.0
    max_response_size: int = 67_108_864
    strict_responses: bool = False
    has_own_url: bool = False

    def changed(self, **changes: object) -> Options:
        """Return a copy with some options changed, whose values are checked already."""
        options = Options()
        vars(options).update(vars(self), **changes)
        return options

    @property
    def root_url(self) -> str:
        """The URL that the API's paths are appended to. `v4` names a generation of SDKs and is not part of the URL."""
        is_segment = self.api_version.startswith("v") and self.api_version != "v4"
        return f"{self.api_url}/{self.api_version if is_segment else 'v1'}"

    @property
    def version_header(self) -> str:
        """The date for `Clerk-API-Version`: the given one, or that of the document this package was generated from."""
        return API_VERSION if self.api_version.startswith("v") else self.api_version


def resolve_options(given: Mapping[str, object], *, is_async: bool) -> Options:
    """Check the options of a new client, and fill in the environment and the defaults.

    Raises:
        ClerkConfigurationError: An option, or the environment variable used in its place, is invalid.
        TypeError: There is no such option.
    """
    options = Options()
    for name, variable in VARIABLES.items():
        if given.get(name) is None and (found := _from_environment(name)) is not None:
            options = _with(options, name, f"the environment variable {variable}", found)
    if (http_options := given.get("http_options")) is not None:
        from ._http_options import settings_of_client

        options = options.changed(http=settings_of_client(http_options, is_async=is_async))
    return _with_given(options, given)


def change_options(options: Options, changes: Mapping[str, object]) -> Options:
    """Return a client's options with some of them changed.

    Raises:
        ClerkConfigurationError: An option is invalid, or belongs to the connections.
        TypeError: There is no such option.
    """
    if (http_options := changes.get("http_options")) is not None:
        from ._http_options import settings_of_call

        options = options.changed(http=settings_of_call(options.http, http_options))
    return _with_given(options, changes)


def _with_given(options: Options, given: Mapping[str, object]) -> Options:
    for name, value in given.items():
        if name == "http_options":
            continue
        if name not in _CHECKS:
            raise TypeError(f"there is no option {name!r}{closest(name, [*_CHECKS, 'http_options'])}")
        if value is not None or name == "deadline":
            options = _with(options, name, name, value)
    return options.changed(has_own_url=True) if given.get("api_url") is not None else options


def _with(options: Options, name: str, shown: str, value: object) -> Options:
    return options.changed(**{name: _CHECKS[name](shown, value)})


def _check_key(name: str, value: object) -> Secret:
    secret = value if isinstance(value, Secret) else Secret(value)
    if (problem := _problem_of_key(secret)) is not None:
        raise ClerkConfigurationError(f"{name} {problem}")
    return secret


def _problem_of_key(secret: Secret) -> str | None:
    # Nothing is raised here, since the key is among the local variables.
    key: object = secret.reveal()
    if not isinstance(key, str):
        return f"must be a string, not {type(key).__name__}"
    if not key.strip():
        return "is blank: pass the key that the Clerk dashboard shows"
    if any(quote in key for quote in "\"'`"):
        return "contains a quotation mark: pass the key without quotes (`docker --env-file` does not remove them)"
    if key.startswith("pk_"):
        return "is a publishable key (pk_): pass the secret key (sk_)"
    if not (key.isascii() and key.isprintable()) or " " in key:
        return "contains a space, a line break or another character that no key has: copy nothing but the key"
    return None


def _from_environment(name: str) -> object:
    text = os.environ.get(VARIABLES[name]) or None
    return Secret(text) if text is not None and name in KEYS else text


def _check_publishable_key(name: str, value: object) -> str:
    key = check_string(name, value)
    if key.startswith("sk_"):
        raise ClerkConfigurationError(f"{name} is a secret key (sk_): pass the publishable key (pk_)")
    if not re.fullmatch(_PUBLISHABLE_KEY, key) or not re.fullmatch(_HOST, _decoded(key.rpartition("_")[2])):
        raise ClerkConfigurationError(
            f"{name} is not a publishable key: copy the one (pk_) that the Clerk dashboard shows"
        )
    return key


def _decoded(text: str) -> str:
    from base64 import b64decode

    try:
        return b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except ValueError:
        return ""


def _check_jwt_key(name: str, value: object) -> str:
    key = check_string(name, value)
    if not key.strip():
        raise ClerkConfigurationError(
            f"{name} is blank: pass the JWKS public key in PEM that the Clerk dashboard shows"
        )
    if "PRIVATE KEY" in key:
        raise ClerkConfigurationError(f"{name} is a private key: pass the public one")
    return key


def _check_api_version(name: str, value: object) -> str:
    version = check_string(name, value)
    if re.fullmatch(r"v[1-9][0-9]*", version) or _is_date(version):
        return version
    raise ClerkConfigurationError(f"{name} must be 'v4', 'v1', another 'vN' or a date such as {API_VERSION!r}")


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _check_api_url(name: str, value: object) -> str:
    text = check_string(name, value)
    try:
        url = http.URL(text)
    except errors("InvalidURL"):
        url = http.URL("")
    if url.scheme not in ("http", "https") or not url.host or text != text.strip():
        raise ClerkConfigurationError(f"{name} must be a URL with scheme and host, such as https://api.clerk.com")
    if url.userinfo or "?" in text or "#" in text:
        raise ClerkConfigurationError(f"{name} must not have a user, a query or a fragment")
    text = text.rstrip("/").removesuffix("/v1").rstrip("/")
    last = text.rpartition("/")[2]
    if last.startswith("v") and last.isascii() and last[1:].isdecimal():
        raise ClerkConfigurationError(f"{name} must not end with a version: pass api_version instead")
    return text


_CHECKS = {
    "secret_key": _check_key,
    "machine_secret_key": _check_key,
    "publishable_key": _check_publishable_key,
    "jwt_key": _check_jwt_key,
    "api_version": _check_api_version,
    "api_url": _check_api_url,
    "max_retries": check_count,
    "deadline": check_seconds,
    "max_response_size": check_size,
    "strict_responses": check_boolean,
}

__all__ = [
    "Options",
    "change_options",
    "option_types",
    "resolve_options",
]
