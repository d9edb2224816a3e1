"""The options of a client as the type checker knows them; editors show the text below an option where it is given."""

from __future__ import annotations

from typing import TypedDict

from ._http_options import AsyncHTTPOptions, CallHTTPOptions, HTTPOptions


class _SharedOptions(TypedDict, total=False):
    secret_key: str | None
    """The instance's secret key (`sk_...`); else `CLERK_SECRET_KEY`. Without one, the first call that needs it fails.
    """
    machine_secret_key: str | None
    """A machine's secret key (`ak_...`), for the sub-API `m2m`, which takes the secret key otherwise; else
    `CLERK_MACHINE_SECRET_KEY`.
    """
    publishable_key: str | None
    """The instance's publishable key (`pk_...`), which tells how its cookies are named; else `CLERK_PUBLISHABLE_KEY`.
    Needed to authenticate requests by their cookies.
    """
    jwt_key: str | None
    """The instance's public key in PEM; else `CLERK_JWT_KEY`. With it, session tokens are checked without a request to
    the service.
    """
    api_version: str | None
    """`v4` (the default) or `v1` for the version of the API that this package was made for, or the date of another, or
    another `vN` for another root of its URLs; else `CLERK_API_VERSION`.
    """
    api_url: str | None
    """The service's URL; else `CLERK_API_URL`, else `https://api.clerk.com`."""
    max_retries: int | None
    """How often a request is sent again at most where that can do no harm; 2 by default."""
    deadline: float | None
    """The seconds that a call may take, repeats and waits included; 120 by default, None for any time."""
    max_response_size: int | None
    """The bytes that the body of an answer may grow to, decompressed; 64 MiB by default. A larger one raises
    `ClerkDecodeError`.
    """
    strict_responses: bool | None
    """Whether an answer that breaks the API's document raises `ClerkDecodeError`; by default it is decoded as far as it
    goes and reported on the logger `clerk.drift`.
    """


class ClerkOptions(_SharedOptions, total=False):
    """The keyword options of `ClerkClient`; its docstring explains them."""

    http_options: HTTPOptions | None
    """What goes through to the HTTP library, see `HTTPOptions`."""


class AsyncClerkOptions(_SharedOptions, total=False):
    """The keyword options of `AsyncClerkClient`; its docstring explains them."""

    http_options: AsyncHTTPOptions | None
    """What goes through to the HTTP library, see `AsyncHTTPOptions`."""


class ChangedOptions(_SharedOptions, total=False):
    """The keyword options of `with_options`."""

    http_options: CallHTTPOptions | None
    """The timeout and the headers of these calls, see `CallHTTPOptions`."""


__all__ = ["AsyncClerkOptions", "ChangedOptions", "ClerkOptions"]
