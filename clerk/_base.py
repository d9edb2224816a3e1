"""What the sync and the async client have in common: everything except waiting for the network."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Generic, Self, TypeVar, Unpack
from urllib.parse import urlsplit

from clerk_generated.types import UNSET

from ._attempts import IDEMPOTENT, Attempts
from ._bodies import KEPT_OF_ERRORS, Body
from ._errors import ClerkConfigurationError, ClerkDecodeError, one_line, trace_id_of
from ._library import http
from ._logging import turn_on_if_asked
from ._options import Options, change_options, option_types
from ._redirect import state_for_call
from ._responses import closed_error, path_of, response_error, without_frames
from ._secrets import Redactor, Secret, with_wrapped_keys
from ._version import __version__

if TYPE_CHECKING:
    from clerk_generated.client import Credential, Drift, Request

    from ._async_pool import AsyncPool
    from ._drift import Logged
    from ._http_settings import Timeouts
    from ._logging import TryLog
    from ._pool import Pool
    from .auth._key_ring import KeyRing
    from .auth._verify import Verifier

PoolT = TypeVar("PoolT", bound="Pool | AsyncPool")

FormPart = tuple[str | None, bytes] | tuple[str | None, bytes, str]

USER_AGENT = f"clerk-client/{__version__} python/{sys.version_info.major}.{sys.version_info.minor}"


class ClientState(Generic[PoolT]):
    """The state of a client.

    Attributes:
        options: Its options.
        pool: Its connections.
        owns_pool: Whether the connections are closed with the client.
        drifts: The places where a mismatch between a response and the document was logged already.
        redactor: Removes the client's keys from messages.
        root_url: The URL that the API's paths are appended to.
        closed: Whether the client was closed.
        key_ring: Holds the keys that tokens are checked with; None until they are first needed.
        make_key_ring: Makes the key ring where a `LocalClerk` has one of its own; None elsewhere.
        verifier: Checks tokens; None until it is first needed.
    """

    def __init__(
        self,
        options: Options,
        pool: PoolT,
        *,
        owns_pool: bool = True,
        drifts: Logged | None = None,
        key_ring: KeyRing | None = None,
        make_key_ring: Callable[[], KeyRing] | None = None,
    ) -> None:
        turn_on_if_asked()
        self.options = options
        self.pool = pool
        self.owns_pool = owns_pool
        self.drifts: Logged = {} if drifts is None else drifts
        self.closed = False
        self.key_ring = key_ring
        self.make_key_ring = make_key_ring
        self.verifier: Verifier | None = None
        self.redactor = Redactor((options.secret_key, options.machine_secret_key))
        self.root_url = options.root_url
        self._root_path = urlsplit(options.root_url).path
        self._headers: dict[tuple[Credential, str, bool], http.Headers] = {}

    def changed(self, options: Options) -> ClientState[PoolT]:
        """Return the state of a client with other options on the same connections."""
        return ClientState(
            options,
            self.pool,
            owns_pool=False,
            drifts=self.drifts,
            key_ring=self.key_ring,
            make_key_ring=self.make_key_ring,
        )

    def moved(self, options: Options) -> ClientState[PoolT]:
        """Return the state of a client with other options, on connections of its own."""
        return ClientState(options, type(self.pool)(options.http.pool), drifts=self.drifts)

    def close(self) -> None:
        """Refuse further calls; the connections are closed elsewhere."""
        self.closed = True
        if self.verifier is not None and self.key_ring is not None:
            self.key_ring.release(self.verifier)
        self.verifier = None

    def where(self, request: Request) -> str:
        """Return a request's method and path, for messages."""
        return f"{request.method} {self._root_path}{request.path}"

    def begin(self, request: Request) -> Attempts:
        """Begin a call."""
        is_safe_to_repeat = request.method in IDEMPOTENT or _has_key_for_repeats(request)
        return Attempts(
            self.where(request), self.options.max_retries, self.options.deadline, is_idempotent=is_safe_to_repeat
        )

    def build(self, client: http.Client | http.AsyncClient, request: Request, timeouts: Timeouts) -> http.Request:
        """Turn a request into one of the HTTP library's, with URL, key and versions.

        Raises:
            ClerkConfigurationError: The request needs a key, and there is none.
            httpx.InvalidURL: The URL is longer than httpx accepts.
        """
        content = None if request.json is UNSET else _dump_json(request.json)
        headers = self._headers_for(client, request, has_json=content is not None)
        if request.headers:
            headers = headers.copy()
            headers.update(request.headers)
        data, parts = _form_of(request)
        # `client.build_request` would merge the headers again for each request.
        return self.pool.request_class(
            request.method,
            self.root_url + request.path,
            params=request.query or None,
            headers=headers,
            content=content,
            data=data,
            files=parts,
            extensions={"timeout": {**timeouts}},
        )

    def _headers_for(self, client: http.Client | http.AsyncClient, request: Request, *, has_json: bool) -> http.Headers:
        credential, accept = request.credential, request.accept
        headers = self._headers.get((credential, accept, has_json))
        if headers is None:
            headers = client.headers.copy()
            headers.update(
                {
                    "accept": accept,
                    "accept-encoding": "gzip, deflate",  # the ones that this package decompresses itself, up to a limit
                    "user-agent": f"{USER_AGENT} {self.pool.library}",
                }
            )
            headers.update(self.options.http.headers)
            headers["clerk-api-version"] = self.options.version_header
            if has_json:
                headers["content-type"] = "application/json"
            if credential != "none":
                headers["authorization"] = f"Bearer {self._key_for(credential).reveal()}"
            self._headers[credential, accept, has_json] = headers
        return headers

    def _key_for(self, credential: Credential) -> Secret:
        key, ways = self.options.secret_key, "set CLERK_SECRET_KEY in the environment or pass secret_key"
        if credential == "machine_secret_key":
            key = self.options.machine_secret_key or key
            ways += ", or CLERK_MACHINE_SECRET_KEY or machine_secret_key"
        if key is None:
            raise ClerkConfigurationError(f"this call needs a key, and there is none: {ways}")
        return key


def _form_of(request: Request) -> tuple[dict[str, str | list[str]] | None, list[tuple[str, FormPart]] | None]:
    """Return the fields of a form, and its parts if it is multipart: it stays so where all that is given is text."""
    if request.files is None:
        return request.form, None
    parts: list[tuple[str, FormPart]] = [
        (name, part)
        for name, given in request.files.items()
        for part in (given if isinstance(given, list) else [given])
    ]
    if parts:
        return request.form, parts
    fields = [
        (name, text)
        for name, given in (request.form or {}).items()
        for text in (given if isinstance(given, list) else [given])
    ]
    return None, [(name, (None, text.encode())) for name, text in fields]


def _has_key_for_repeats(request: Request) -> bool:
    """Return whether the service acts on a request only once, however often it arrives."""
    return any(name.lower() == "idempotency-key" for name in request.headers or ())


def _dump_json(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # Only a lone surrogate has no UTF-8 encoding; it is sent as a JSON escape.
    return text.encode(errors="backslashreplace")


class BaseClient(Generic[PoolT]):
    """The common base of `ClerkClient` and `AsyncClerkClient`."""

    def __init__(self, state: Callable[[], ClientState[PoolT]]) -> None:
        self._state = state

    def with_options(self, **changes: Unpack[option_types.ChangedOptions]) -> Self:
        """Return a client with some options changed, on the same connections.

        Closing it leaves this client open; closing this client closes both. Headers are added to this client's.

        Args:
            **changes: Options of this client's class; of `http_options`, only `timeout` and `headers`.

        Raises:
            ClerkConfigurationError: An option is invalid, or belongs to the connections.
        """
        changes = with_wrapped_keys(changes)
        state = self._open_state()
        changed = state.changed(change_options(state.options, changes))
        client = type(self).__new__(type(self))
        BaseClient.__init__(client, lambda: changed)
        return client

    def _load_json(self, response: http.Response, /) -> object:
        """Read a response's body as JSON; for the modules of `clerk_generated`.

        Raises:
            ClerkDecodeError: The body is not JSON.
        """
        from ._json import loads

        try:
            return loads(response.content)
        except (ValueError, RecursionError) as error:
            _blank_content(error)
            # Python's own message about deep nesting differs between versions.
            problem = "it is nested too deeply" if isinstance(error, RecursionError) else error
            failure = self._decode_error(None, "", f"the body is not JSON: {problem}", response)
            raise failure from without_frames(error, self._state().redactor)

    def _load_any(self, response: http.Response, /) -> object:
        """Read a response's body as JSON, or return None if there is none."""
        return self._load_json(response) if response.content else None

    def _report_drift(self, drifts: Sequence[Drift], response: http.Response, /) -> None:
        """Log where a response doesn't match the API's document; for the modules of `clerk_generated`.

        Raises:
            ClerkDecodeError: The client's option `strict_responses` is set.
        """
        from ._drift import log_once

        state = self._state()
        for drift in drifts:
            if state.options.strict_responses:
                raise self._decode_error(drift.model, drift.path, drift.problem, response, drift.item)
            log_once(drift, _where(response), state.drifts)

    def _decode_error(
        self,
        model: str | None,
        path: str,
        problem: str,
        response: http.Response,
        item: str = "",
        /,
        *,
        body: bytes | None = None,
    ) -> ClerkDecodeError:
        from ._drift import place_of

        redactor = self._state().redactor
        headers = redactor.headers(response.headers)
        place = place_of(model, path, item)
        where = f"{response.status_code} {_where(response)}"
        trace_id = trace_id_of(headers)
        note = f" [trace id {trace_id}]" if trace_id else ""
        return ClerkDecodeError(
            one_line(redactor.text(": ".join(filter(None, [where, place, problem])) + note)),
            model=model,
            path=path,
            item=item,
            body=redactor.body(response.content if body is None else body),
            status_code=response.status_code,
            headers=headers,
        )

    def _complete(
        self, state: ClientState[PoolT], response: http.Response, body: Body, attempts: Attempts, log: TryLog
    ) -> None:
        """Put the body that was read into a response, or raise if the response is an error or too large.

        Raises:
            ClerkAPIResponseError: The response's status is not 200 to 299.
            ClerkDecodeError: The body is larger than `max_response_size`.
        """
        if not response.is_success:
            content = state.redactor.body(body.content[:KEPT_OF_ERRORS])
            raise log.refused(response_error(response, content, attempts, state.redactor))
        if body.is_full:
            problem = f"the body is larger than max_response_size, {state.options.max_response_size} bytes"
            raise self._decode_error(None, "", problem, response, body=body.content[:KEPT_OF_ERRORS])
        body.finish()

    def _open_state(self) -> ClientState[PoolT]:
        state = self._state()
        if state.closed:
            raise closed_error()
        return state

    def _state_of_call(self) -> ClientState[PoolT]:
        return state_for_call(self._open_state())

    def __reduce__(self) -> tuple[object, ...]:
        name = type(self).__name__
        raise TypeError(
            f"a {name} cannot be pickled or copied, since it holds a key and connections: create one where it is used"
        )


def _blank_content(error: Exception) -> None:
    """Blank out the body in the standard library's error, which is chained to ours; its message stays the same."""
    if isinstance(error, json.JSONDecodeError):
        # Blanks, with line breaks placed so that line and column stay the same.
        lines_end = error.pos - error.colno + 1
        error.doc = ("\n" * (error.lineno - 1)).rjust(lines_end) + " " * (error.colno - 1)
    elif isinstance(error, UnicodeDecodeError):
        encoding, content, start, end, reason = error.args
        error.object = content[start:end].rjust(end).ljust(len(content))
        error.args = (encoding, error.object, start, end, reason)


def _where(response: http.Response) -> str:
    return f"{response.request.method} {path_of(response.request)}"


__all__ = ["USER_AGENT", "BaseClient", "ClientState"]
