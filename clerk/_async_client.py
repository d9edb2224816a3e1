"""The async client."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, Unpack

from clerk_generated.async_sub_apis.attributes import AsyncSubApis
from clerk_generated.client import Request
from clerk_generated.types import UNSET

from ._async_authentication import AsyncAuthentication
from ._async_pool import AsyncPool
from ._base import ClientState
from ._bodies import KEPT_OF_ERRORS, Body
from ._errors import ClerkAPIResponseError, ClerkConnectionError
from ._options import option_types, resolve_options
from ._responses import Try, connection_failures, without_frames
from ._secrets import with_wrapped_keys

if TYPE_CHECKING:
    from ._attempts import Attempts
    from ._library import http


class AsyncClerkClient(AsyncAuthentication, AsyncSubApis):
    """An async client for the Clerk Backend API; `users`, `sessions` and the other sub-APIs are its attributes.

    It has the methods of `ClerkClient`, as coroutines. It works in any asyncio event loop; each loop gets connections
    of its own. Use it as an async context manager or await `aclose()` to close the connections of the running loop;
    those of other loops are closed when their loop shuts down.

    Args:
        secret_key: The instance's secret key (`sk_...`); by default `CLERK_SECRET_KEY`. Without one, the first call
            that needs it fails.
        machine_secret_key: A machine's secret key (`ak_...`) for the sub-API `m2m`, which otherwise uses the secret
            key; by default `CLERK_MACHINE_SECRET_KEY`.
        publishable_key: The instance's publishable key (`pk_...`), which determines the names of its cookies; by
            default `CLERK_PUBLISHABLE_KEY`. Needed to authenticate requests by their cookies.
        jwt_key: The instance's public key in PEM; by default `CLERK_JWT_KEY`. With it, session tokens are checked
            without calling the service.
        api_version: `v4` (the default) or `v1` for the version of the API that this package was generated from; the
            date of another version; or another `vN`, for URLs that start with it. By default `CLERK_API_VERSION`.
        api_url: The service's URL; by default `CLERK_API_URL`, or else `https://api.clerk.com`.
        http_options: Options for the HTTP library; see `AsyncHTTPOptions`.
        max_retries: How many times a request is retried at most, where a retry is safe; 2 by default.
        deadline: How many seconds a call may take, including retries and the waits between them; 120 by default, None
            for no limit.
        max_response_size: How many bytes the body of a response may have, decompressed; 64 MiB by default. A larger
            one raises `ClerkDecodeError`.
        strict_responses: Whether a response that doesn't match the API's document raises `ClerkDecodeError`; by
            default, as much of it as possible is decoded, and the mismatch is logged to `clerk.drift`.

    Raises:
        ClerkConfigurationError: An option, or the environment variable used in its place, is invalid.
    """

    def __init__(self, **options: Unpack[option_types.AsyncClerkOptions]) -> None:
        options = with_wrapped_keys(options)
        state = async_state_of(options)
        super().__init__(lambda: state)

    async def _send(self, request: Request, /) -> http.Response:
        """Send a request; for the modules of `clerk_generated`.

        Returns:
            A successful response whose body has been read.

        Raises:
            ClerkAPIResponseError: The response's status is not 200 to 299.
            ClerkConnectionError: No complete response was received.
            ClerkConfigurationError: The request needs a key, and there is none.
            ClerkError: The client is closed.
        """
        state = self._state_of_call()
        await state.pool.connections()  # raises if no asyncio event loop is running
        attempts = state.begin(request)
        limit = asyncio.timeout(state.options.deadline)
        try:
            async with limit:
                return await self._send_until_done(state, request, attempts)
        except TimeoutError as error:
            if limit.expired():
                expired = attempts.expired()
                expired.attempts = attempts.number
                raise expired from without_frames(error, state.redactor)
            raise

    async def _send_until_done(
        self, state: ClientState[AsyncPool], request: Request, attempts: Attempts
    ) -> http.Response:
        while True:
            try:
                return await self._try(state, request, attempts)
            except (ClerkAPIResponseError, ClerkConnectionError) as error:
                error.attempts = attempts.number
                wait = attempts.next_wait(error)
                if wait is None:
                    raise
            await state.pool.wait(wait)

    async def _try(self, state: ClientState[AsyncPool], request: Request, attempts: Attempts) -> http.Response:
        timeouts = state.options.http.timeout
        lease = state.pool.lease(state.root_url, timeouts["pool"])
        with Try(state.pool, attempts, state.redactor) as log:
            async with lease as client:
                response = await client.send(state.build(client, request, timeouts), stream=True)
                response.extensions.pop("reason_phrase", None)  # free text from the server, which shows in the repr
                try:
                    body = Body(response, state.options.max_response_size if response.is_success else KEPT_OF_ERRORS)
                    if response.is_success:
                        log.answered(response)
                        await _read(response, body)
                    else:
                        await _read_start(response, body)
                finally:
                    await response.aclose()
        self._complete(state, response, body, attempts, log)
        return response

    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, object] | None = None,
        json: object = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> Any:  # whatever JSON the endpoint answers with
        """Call an endpoint that is not in the API's document yet.

        Authentication, retries, errors and logging work as for any other call.

        Args:
            method: The HTTP method.
            path: The path below the API's root, such as `/users`, without a query; use `params` for that.
            params: Query parameters: strings, numbers, booleans, or lists of them.
            json: The JSON body; `None` sends null. Leave it out to send no body.
            headers: Additional headers for this call.

        Returns:
            The decoded JSON of the response, or None if it has no body.

        Raises:
            ClerkError: The call failed; the subclass says how.
            TypeError: `params` or `json` contains something that cannot be sent. Nothing was sent.
            ValueError: `method` is not an HTTP method, or `path` is not a path below the API's root.
        """
        if headers:
            client = self.with_options(http_options={"headers": dict(headers)})
            return await client.request(method, path, params=params, json=json)
        from ._raw_request import raw_request

        request = raw_request(method, path, params, json)
        return self._load_any(await self._send(request))

    async def aclose(self) -> None:
        """Close the client and its connections; later calls raise `ClerkError`. Closing it twice does no harm."""
        state = self._state()
        state.close()
        if state.owns_pool:
            await state.pool.aclose()

    async def __aenter__(self) -> Self:
        self._open_state()
        return self

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()


async def _read(response: http.Response, body: Body) -> None:
    if response.is_stream_consumed:  # by a hook
        body.take(response.content)
        return
    async for chunk in response.aiter_raw() if body.is_decompressed_here else response.aiter_bytes():
        is_first = True
        for _ in body.add(chunk):
            if not is_first:
                await asyncio.sleep(0)  # lets other tasks run while a large body is decompressed
            is_first = False
        if body.is_full:
            return


async def _read_start(response: http.Response, body: Body) -> None:
    try:
        await _read(response, body)
    except connection_failures():
        pass  # the status tells the caller more than the truncated body


def async_state_of(given: option_types.AsyncClerkOptions) -> ClientState[AsyncPool]:
    """Return the state of a new async client with these options."""
    options = resolve_options(given, is_async=True)
    return ClientState(options, AsyncPool(options.http.pool))


def create_async_clerk_client(**options: Unpack[option_types.AsyncClerkOptions]) -> AsyncClerkClient:
    """Create an async client of your own.

    Args:
        secret_key: The instance's secret key (`sk_...`); by default `CLERK_SECRET_KEY`. Without one, the first call
            that needs it fails.
        machine_secret_key: A machine's secret key (`ak_...`) for the sub-API `m2m`, which otherwise uses the secret
            key; by default `CLERK_MACHINE_SECRET_KEY`.
        publishable_key: The instance's publishable key (`pk_...`), which determines the names of its cookies; by
            default `CLERK_PUBLISHABLE_KEY`. Needed to authenticate requests by their cookies.
        jwt_key: The instance's public key in PEM; by default `CLERK_JWT_KEY`. With it, session tokens are checked
            without calling the service.
        api_version: `v4` (the default) or `v1` for the version of the API that this package was generated from; the
            date of another version; or another `vN`, for URLs that start with it. By default `CLERK_API_VERSION`.
        api_url: The service's URL; by default `CLERK_API_URL`, or else `https://api.clerk.com`.
        http_options: Options for the HTTP library; see `AsyncHTTPOptions`.
        max_retries: How many times a request is retried at most, where a retry is safe; 2 by default.
        deadline: How many seconds a call may take, including retries and the waits between them; 120 by default, None
            for no limit.
        max_response_size: How many bytes the body of a response may have, decompressed; 64 MiB by default. A larger
            one raises `ClerkDecodeError`.
        strict_responses: Whether a response that doesn't match the API's document raises `ClerkDecodeError`; by
            default, as much of it as possible is decoded, and the mismatch is logged to `clerk.drift`.

    Raises:
        ClerkConfigurationError: An option, or the environment variable used in its place, is invalid.
    """
    options = with_wrapped_keys(options)
    return AsyncClerkClient(**options)


__all__ = ["AsyncClerkClient", "async_state_of", "create_async_clerk_client"]
