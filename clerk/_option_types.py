"""The types of a client's options; editors show the text below an option where it is passed."""

from __future__ import annotations

from typing import TypedDict

from ._http_options import AsyncHTTPOptions, CallHTTPOptions, HTTPOptions


class _SharedOptions(TypedDict, total=False):
    secret_key: str | None
    """The instance's secret key (`sk_...`); by default `CLERK_SECRET_KEY`. Without one, the first call that needs it
    fails.
    """
    machine_secret_key: str | None
    """A machine's secret key (`ak_...`) for the sub-API `m2m`, which otherwise uses the secret key; by default
    `CLERK_MACHINE_SECRET_KEY`.
    """
    publishable_key: str | None
    """The instance's publishable key (`pk_...`), which determines the names of its cookies; by default
    `CLERK_PUBLISHABLE_KEY`. Needed to authenticate requests by their cookies.
    """
    jwt_key: str | None
    """The instance's public key in PEM; by default `CLERK_JWT_KEY`. With it, session tokens are checked without calling
    the service.
    """
    api_version: str | None
    """`v4` (the default) or `v1` for the version of the API that this package was generated from; the date of another
    version; or another `vN`, for URLs that start with it. By default `CLERK_API_VERSION`.
    """
    api_url: str | None
    """The service's URL; by default `CLERK_API_URL`, or else `https://api.clerk.com`."""
    max_retries: int | None
    """How many times a request is retried at most, where a retry is safe; 2 by default."""
    deadline: float | None
    """How many seconds a call may take, including retries and the waits between them; 120 by default, None for no
    limit.
    """
    max_response_size: int | None
    """How many bytes the body of a response may have, decompressed; 64 MiB by default. A larger one raises
    `ClerkDecodeError`.
    """
    strict_responses: bool | None
    """Whether a response that doesn't match the API's document raises `ClerkDecodeError`; by default, as much of it as
    possible is decoded, and the mismatch is logged to `clerk.drift`.
    """


class ClerkOptions(_SharedOptions, total=False):
    """The keyword options of `ClerkClient`; its docstring explains them."""

    http_options: HTTPOptions | None
    """Options for the HTTP library; see `HTTPOptions`."""


class AsyncClerkOptions(_SharedOptions, total=False):
    """The keyword options of `AsyncClerkClient`; its docstring explains them."""

    http_options: AsyncHTTPOptions | None
    """Options for the HTTP library; see `AsyncHTTPOptions`."""


class ChangedOptions(_SharedOptions, total=False):
    """The keyword options of `with_options`."""

    http_options: CallHTTPOptions | None
    """The timeout and the headers of these calls; see `CallHTTPOptions`."""


__all__ = ["AsyncClerkOptions", "ChangedOptions", "ClerkOptions"]
