"""The sync client."""

from __future__ import annotations

import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self, Unpack, cast

import httpx

from clerk_generated.client import Request
from clerk_generated.sub_apis.attributes import SubApis
from clerk_generated.types import UNSET

from ._authentication import Authentication
from ._base import Setup
from ._errors import ClerkAPIResponseError, ClerkConnectionError
from ._free_requests import free_request
from ._options import ClerkOptions, resolve_options
from ._pool import Pool
from ._responses import BODY_LIMIT, CONNECTION_FAILURES, failures_as_clerk_errors, response_error
from ._retries import Call, DeadlineStream


class ClerkClient(Authentication, SubApis):
    """A client of the Clerk Backend API; `users`, `sessions` and the other sub-APIs are its attributes.

    One client serves any number of threads, and goes on in a forked process. Use it as a context manager, or
    `close()` it, to close its connections.

    Args:
        secret_key: The instance's secret key (`sk_...`); else `CLERK_SECRET_KEY`. Without one, the first call that
            needs it fails.
        machine_secret_key: A machine's secret key (`ak_...`), for the sub-API `m2m`, which takes the secret key
            otherwise; else `CLERK_MACHINE_SECRET_KEY`.
        publishable_key: The instance's publishable key (`pk_...`), which tells how its cookies are named; else
            `CLERK_PUBLISHABLE_KEY`. Needed to authenticate requests by their cookies.
        jwt_key: The instance's public key in PEM; else `CLERK_JWT_KEY`. With it, session tokens are checked without a
            request to the service.
        api_version: `v4` (the default) or `v1` for the version of the API that this package was made for, or the date
            of another, or another `vN` for another root of its URLs; else `CLERK_API_VERSION`.
        api_url: The service's URL; else `CLERK_API_URL`, else `https://api.clerk.com`.
        http_options: What goes through to httpx, see `HTTPOptions`.
        max_retries: How often a request is sent again at most where that can do no harm; 2 by default.
        deadline: The seconds that a call may take, repeats and waits included; 120 by default, None for any time.
        strict_responses: Whether an answer that breaks the API's document raises `ClerkDecodeError`; by default it is
            decoded as far as it goes and reported on the logger `clerk.drift`.

    Raises:
        ClerkConfigurationError: An option, or the environment variable in its place, cannot be used.
    """

    def __init__(self, **options: Unpack[ClerkOptions]) -> None:
        setup = setup_of(options)
        super().__init__(lambda: setup)

    def _send(self, request: Request, /) -> httpx.Response:
        """Send a request; for the modules of `clerk_generated`.

        Returns:
            A successful answer with its body read.

        Raises:
            ClerkAPIResponseError: The answer has another status than 200 to 299.
            ClerkConnectionError: No complete answer came.
            ClerkConfigurationError: There is no key, and the request needs one.
            ClerkError: The client is closed.
        """
        setup = self._setup_of_call()
        call = setup.begin(request)
        while True:
            try:
                return self._try(setup, request, call)
            except (ClerkAPIResponseError, ClerkConnectionError) as error:
                wait = call.next_try(error)
                if wait is None:
                    raise
            time.sleep(wait)

    def _try(self, setup: Setup[Pool], request: Request, call: Call) -> httpx.Response:
        client = setup.pool.client()
        with failures_as_clerk_errors(client, call) as log:
            timeout = call.timeout(setup.options.http.timeout)
            response = client.send(setup.build(client, request, timeout), stream=True)
            response.stream = DeadlineStream(cast(httpx.SyncByteStream, response.stream), call)  # a sync client's
            try:
                if response.is_success:
                    log.answered(response)
                    response.read()
                    return response
                body = _read_start(response)
            finally:
                response.close()
        raise log.refused(response_error(response, setup.options.redact(body)))

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, object] | None = None,
        json: object = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> Any:  # whatever JSON the endpoint answers with
        """Call an endpoint that the API's document does not have yet.

        Authentication, repeats, errors and logging are those of any other call.

        Args:
            method: The HTTP method.
            path: The path below the API's root, as in `/users`; put no query into it.
            params: Query parameters: text, numbers, booleans, or lists of them.
            json: The JSON body; null for `None`, no body if it is not given.
            headers: More headers for this call.

        Returns:
            The decoded JSON of the answer, or None if it has no body.

        Raises:
            ClerkError: The call failed, in one of the ways that its subclasses tell apart.
            TypeError: `params` or `json` holds what cannot be sent; nothing was.
            ValueError: The method or the path is none.
        """
        if headers:
            client = self.with_options(http_options={"headers": dict(headers)})
            return client.request(method, path, params=params, json=json)
        request = free_request(method, path, params, json)
        return self._load_any(self._send(request))

    def close(self) -> None:
        """Close the client and its connections; a call after that raises `ClerkError`. Once more does nothing."""
        setup = self._setup()
        setup.close()
        if setup.owns_pool:
            setup.pool.close()

    def __enter__(self) -> Self:
        self._open_setup()
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _read_start(response: httpx.Response) -> bytes:
    body = bytearray()
    try:
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) >= BODY_LIMIT:
                break
    except CONNECTION_FAILURES:
        pass  # the status says more than that its body broke off
    return bytes(body[:BODY_LIMIT])


def setup_of(given: ClerkOptions) -> Setup[Pool]:
    """Return what a client with these options works with."""
    options = resolve_options(given, is_async=False)
    return Setup(options, Pool(options.http.pool))


def create_clerk_client(**options: Unpack[ClerkOptions]) -> ClerkClient:
    """Make a client of your own; the options are those of `ClerkClient`."""
    return ClerkClient(**options)


__all__ = ["ClerkClient", "create_clerk_client", "setup_of"]
