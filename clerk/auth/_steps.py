"""Checks as plans, which the sync and the async client share.

A plan is a generator. It yields what has to be waited for, a request to the service or another thread's fetch of the
keys, and is sent the outcome.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from types import GeneratorType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar, cast

from clerk_generated.client import Request

from .._errors import TokenVerificationError

if TYPE_CHECKING:
    from .._base import BaseClient
    from ._flight import Flight

PATIENCE = 10.0
"""How many seconds the fetch of keys may take, including retries and waits."""

T = TypeVar("T")
ClientT = TypeVar("ClientT", bound="BaseClient[Any]")


class KeysRequest(Request):
    """The request for the keys of an instance."""


class Wait(NamedTuple):
    """A wait for keys that another thread or task is fetching.

    Attributes:
        flight: The fetch.
        seconds: How long to wait at most.
    """

    flight: Flight
    seconds: float


Step = Request | Wait
Plan = Generator[Step, Any, T]  # Any: each kind of step has its own kind of outcome
Outcome: TypeAlias = "T | TokenVerificationError | Plan[T | TokenVerificationError]"
"""The result, or the error to raise; or a plan that ends with either."""


def sender(client: ClientT, request: Request) -> ClientT:
    """Return the client to send a request with: for keys, which others wait for, one with a shorter deadline."""
    if not isinstance(request, KeysRequest):
        return client
    deadline = client._open_state().options.deadline  # noqa: SLF001  the same package
    return client.with_options(deadline=PATIENCE if deadline is None else min(deadline, PATIENCE))


def carry_out(plan: Outcome[T], take: Callable[[Step], object]) -> T | TokenVerificationError:
    """Carry out a plan.

    Args:
        plan: The plan, or its result if no plan was needed.
        take: Takes a step, and returns its outcome.
    """
    if not isinstance(plan, GeneratorType):
        return cast("T | TokenVerificationError", plan)  # neither is a generator
    try:
        step = next(plan)
        while True:
            try:
                outcome = take(step)
            except BaseException as error:  # noqa: BLE001  the plan handles it, even a cancellation
                step = plan.throw(error)
            else:
                step = plan.send(outcome)
    except StopIteration as end:
        result: T | TokenVerificationError = end.value
        return result


async def carry_out_async(plan: Outcome[T], take: Callable[[Step], Awaitable[object]]) -> T | TokenVerificationError:
    """Carry out a plan in an event loop.

    Args:
        plan: The plan, or its result if no plan was needed.
        take: Takes a step, and returns its outcome.
    """
    if not isinstance(plan, GeneratorType):
        return cast("T | TokenVerificationError", plan)  # neither is a generator
    try:
        step = next(plan)
        while True:
            try:
                outcome = await take(step)
            except BaseException as error:  # noqa: BLE001  the plan handles it, even a cancellation
                step = plan.throw(error)
            else:
                step = plan.send(outcome)
    except StopIteration as end:
        result: T | TokenVerificationError = end.value
        return result


__all__ = ["PATIENCE", "KeysRequest", "Plan", "Step", "Wait", "carry_out", "carry_out_async", "sender"]
