"""What the `*_detailed` functions return."""

from __future__ import annotations

from typing import Generic, NamedTuple, TypeVar

from .lazy import httpx

T_co = TypeVar("T_co", covariant=True)


class Response(NamedTuple, Generic[T_co]):
    """A successful response, as the `*_detailed` functions of the endpoint modules return it.

    Attributes:
        status_code: The HTTP status, 200 to 299.
        headers: The response headers; names are case-insensitive.
        content: The body as received, decompressed.
        parsed: The decoded body, of the type that the operation returns.
    """

    status_code: int
    headers: httpx.Headers
    content: bytes
    parsed: T_co


__all__ = ["Response"]
