"""What the body of a successful answer is, and how it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from .decoding import Decoder, decode_answer

if TYPE_CHECKING:
    import httpx

    from ..client import ResponseHandler

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Answer(Protocol[T_co]):
    """Reads an answer as one type."""

    def read(self, client: ResponseHandler, response: httpx.Response, /) -> T_co:
        """Return what the answer says; raise what the client says for one that cannot be read."""
        ...


class JSON(Generic[T]):
    """Reads an answer as JSON data of one type."""

    def __init__(self, decoder: Decoder[T]) -> None:
        self._decoder = decoder

    def read(self, client: ResponseHandler, response: httpx.Response) -> T:
        return decode_answer(client, response, self._decoder)


class Text:
    """Reads an answer as text."""

    def read(self, client: ResponseHandler, response: httpx.Response) -> str:  # noqa: ARG002  Answer's form
        return response.text


class Nothing:
    """Leaves an answer that has no body."""

    def read(self, client: ResponseHandler, response: httpx.Response) -> None:  # noqa: ARG002  Answer's form
        return None


__all__ = ["JSON", "Answer", "Nothing", "Text"]
