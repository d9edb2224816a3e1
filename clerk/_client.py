"""The sync client."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, Unpack

from clerk_generated.client import Request
from clerk_generated.sub_apis.attributes import SubApis
from clerk_generated.types import UNSET

from ._authentication import Authentication
from ._base import ClientState
from ._bodies import KEPT_OF_ERRORS, Body
from ._errors import ClerkAPIResponseError, ClerkConnectionError
from ._option_types import ClerkOptions
from ._options import resolve_options
from ._pool import Pool
from ._raw_request import raw_request
from ._responses import Try, connection_failures, response_error
from ._secrets import with_wrapped_keys

if TYPE_CHECKING:
    from ._attempts import Attempts
    from ._library import http


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
        http_options: What goes through to the HTTP library, see `HTTPOptions`.
        max_retries: How often a request is sent again at most where that can do no harm; 2 by default.
        deadline: The seconds that a call may take, repeats and waits included; 120 by default, None for any time.
        max_response_size: The bytes that the body of an answer may grow to, decompressed; 64 MiB by default. A larger
            one raises `ClerkDecodeError`.
        strict_responses: Whether an answer that breaks the API's document raises `ClerkDecodeError`; by default it is
            decoded as far as it goes and reported on the logger `clerk.drift`.

    Raises:
        ClerkConfigurationError: An option, or the environment variable in its place, cannot be used.
    """

    def __init__(self, **options: Unpack[ClerkOptions]) -> None:
        options = with_wrapped_keys(options)
        state = state_of(options)
        super().__init__(lambda: state)

    def _send(self, request: Request, /) -> http.Response:
        """Send a request; for the modules of `clerk_generated`.

        Returns:
            A successful answer with its body read.

        Raises:
            ClerkAPIResponseError: The answer has another status than 200 to 299.
            ClerkConnectionError: No complete answer came.
            ClerkConfigurationError: There is no key, and the request needs one.
            ClerkError: The client is closed.
        """
        state = self._state_of_call()
        attempts = state.begin(request)
        while True:
            try:
                return self._try(state, request, attempts)
            except (ClerkAPIResponseError, ClerkConnectionError) as error:
                error.attempts = attempts.number
                wait = attempts.next_wait(error)
                if wait is None:
                    raise
            state.pool.wait(wait)

    def _try(self, state: ClientState[Pool], request: Request, attempts: Attempts) -> http.Response:
        timeouts = attempts.timeouts(state.options.http.timeout)
        lease = state.pool.lease(state.root_url, timeouts.pool, attempts.deadline)
        with Try(state.pool, attempts, state.redactor) as log, lease as client:
            response = client.send(state.build(client, request, timeouts), stream=True)
            response.extensions.pop("reason_phrase", None)  # it may say anything, and shows in its repr
            try:
                body = Body(response, state.options.max_response_size if response.is_success else KEPT_OF_ERRORS)
                if response.is_success:
                    log.answered(response)
                    _read(response, body, attempts)
                else:
                    _read_start(response, body, attempts)
            finally:
                response.close()
        if not response.is_success:
            content = state.redactor.body(body.content[:KEPT_OF_ERRORS])
            raise log.refused(response_error(response, content, attempts, state.redactor))
        if body.is_full:
            raise self._too_large(response, body)
        body.finish()
        return response

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
        request = raw_request(method, path, params, json)
        return self._load_any(self._send(request))

    def close(self) -> None:
        """Close the client and its connections; a call after that raises `ClerkError`. Once more does nothing."""
        state = self._state()
        state.close()
        if state.owns_pool:
            state.pool.close()

    def __enter__(self) -> Self:
        self._open_state()
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _read(response: http.Response, body: Body, attempts: Attempts) -> None:
    if response.is_stream_consumed:  # by a hook
        body.take(response.content)
        return
    for chunk in response.iter_raw() if body.is_decompressed_here else response.iter_bytes():
        for _ in body.add(chunk):
            attempts.check()
        if body.is_full:
            return


def _read_start(response: http.Response, body: Body, attempts: Attempts) -> None:
    try:
        _read(response, body, attempts)
    except connection_failures():
        attempts.check()  # else the status says more than that its body broke off


def state_of(given: ClerkOptions) -> ClientState[Pool]:
    """Return what a client with these options works with."""
    options = resolve_options(given, is_async=False)
    return ClientState(options, Pool(options.http.pool))


def create_clerk_client(**options: Unpack[ClerkOptions]) -> ClerkClient:
    """Make a client of your own.

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
        http_options: What goes through to the HTTP library, see `HTTPOptions`.
        max_retries: How often a request is sent again at most where that can do no harm; 2 by default.
        deadline: The seconds that a call may take, repeats and waits included; 120 by default, None for any time.
        max_response_size: The bytes that the body of an answer may grow to, decompressed; 64 MiB by default. A larger
            one raises `ClerkDecodeError`.
        strict_responses: Whether an answer that breaks the API's document raises `ClerkDecodeError`; by default it is
            decoded as far as it goes and reported on the logger `clerk.drift`.

    Raises:
        ClerkConfigurationError: An option, or the environment variable in its place, cannot be used.
    """
    options = with_wrapped_keys(options)
    return ClerkClient(**options)


__all__ = ["ClerkClient", "create_clerk_client", "state_of"]
