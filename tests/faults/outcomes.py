"""How a call ends: what the tests check and the table in the documentation says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from clerk import ClerkAPIResponseError, ClerkConnectionError, ClerkDecodeError, ClerkError, ClerkTimeoutError


@dataclass(frozen=True, kw_only=True)
class Returned:
    """The call returns.

    Attributes:
        shows: What it returns, for the table.
        is_right: Whether it returned that.
        drift: What is said about the answer on the logger `clerk.drift`; None for nothing.
        tries: How often the request was sent.
        waits: The seconds waited for between the tries; None for the backoff.
    """

    shows: str
    is_right: Callable[[Any], bool]  # Any: whatever an operation returns
    drift: str | None = None
    tries: int = 1
    waits: tuple[float, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Raised:
    """The call raises.

    Attributes:
        error: The exception's class.
        cause: The class of its cause; None for none.
        status_code: The status that it keeps; None where no answer came.
        body: What it keeps of the body.
        codes: The codes of its errors.
        trace_id: Its trace id.
        retry_after: When to try again.
        says: A part of its text.
        tries: How often the request was sent.
        waits: The seconds waited for between the tries; None for the backoff.
    """

    error: type[ClerkError]
    cause: type[BaseException] | None = None
    status_code: int | None = None
    body: bytes | None = None
    codes: tuple[str, ...] = ()
    trace_id: str | None = None
    retry_after: float | None = None
    says: str = ""
    tries: int = 1
    waits: tuple[float, ...] | None = None


Outcome = Returned | Raised


def backoff(tries: int) -> tuple[float, ...]:
    """The upper bounds of the random waits between so many tries, in seconds."""
    return tuple(min(8.0, 0.5 * 2**number) for number in range(tries - 1))


def waits_of(outcome: Outcome) -> tuple[float, ...]:
    """What the client waits between the tries, or at most waits."""
    return backoff(outcome.tries) if outcome.waits is None else outcome.waits


def connection_error(cause: type[httpx.HTTPError], tries: int) -> Raised:
    """No complete answer came."""
    error = ClerkTimeoutError if issubclass(cause, httpx.TimeoutException) else ClerkConnectionError
    return Raised(error=error, cause=cause, tries=tries, says=cause.__name__)


def decode_error(body: bytes, says: str, cause: type[BaseException] | None = ValueError) -> Raised:
    """A successful answer cannot be read."""
    return Raised(error=ClerkDecodeError, body=body, says=says, cause=cause)


def describe(outcome: Outcome) -> str:
    """Write an outcome for the table."""
    tries = "1 attempt" if outcome.tries == 1 else f"{outcome.tries} attempts"
    if outcome.waits:
        tries += f", {' and '.join(f'{seconds:g} s' for seconds in outcome.waits)} apart"
    if isinstance(outcome, Returned):
        return f"{tries}: {outcome.shows}"
    return f"{tries}: `{outcome.error.__name__}`"


def details(outcome: Outcome) -> str:
    """Write what an outcome holds, for the table."""
    if isinstance(outcome, Returned):
        return "a warning on `clerk.drift`" if outcome.drift else ""
    if outcome.cause is not None and issubclass(outcome.error, ClerkConnectionError):
        return f"`__cause__` is `httpx.{outcome.cause.__name__}`"
    if issubclass(outcome.error, ClerkAPIResponseError):
        return ", ".join(_kept(outcome))
    return outcome.says


def _kept(outcome: Raised) -> list[str]:
    kept = [f"status {outcome.status_code}"]
    if outcome.codes:
        kept.append("`errors`")
    if outcome.retry_after is not None:
        kept.append(f"`retry_after` {outcome.retry_after:g}")
    if outcome.body is not None:
        kept.append("an empty `body`" if not outcome.body else "`body`")
    return kept


__all__ = ["Outcome", "Raised", "Returned", "connection_error", "decode_error", "describe", "details", "waits_of"]
