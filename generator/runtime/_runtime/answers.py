"""Readers for the body of a successful response: JSON, text, bytes or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from .decoding import Decoder, decode_answer

if TYPE_CHECKING:
    import httpx

    from ..client import ResponseHandler

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Answer(Protocol[T_co]):
    """Reads a response as one type."""

    @property
    def accept(self) -> str:
        """The media types that this reader accepts."""
        ...

    def read(self, client: ResponseHandler, response: httpx.Response, /) -> T_co:
        """Return the decoded response; raise the client's error if it can't be decoded."""
        ...


class JSON(Generic[T]):
    """Reads a response as JSON data of one type."""

    accept = "application/json"

    def __init__(self, decoder: Decoder[T]) -> None:
        self._decoder = decoder

    def read(self, client: ResponseHandler, response: httpx.Response) -> T:
        return decode_answer(client, response, self._decoder)


class Text:
    """Reads a response as text.

    Args:
        accept: The media types of the text.
    """

    def __init__(self, accept: str = "text/html, text/plain") -> None:
        self.accept = accept

    def read(self, client: ResponseHandler, response: httpx.Response) -> str:  # noqa: ARG002  as in `Answer`
        return response.text


class Bytes:
    """Returns the body of a response as bytes."""

    accept = "application/octet-stream"

    def read(self, client: ResponseHandler, response: httpx.Response) -> bytes:  # noqa: ARG002  as in `Answer`
        return response.content


class ByStatus(Generic[T]):
    """Reads a response according to its status.

    Args:
        answers: The reader for each status; `2XX` stands for any other status.
    """

    def __init__(self, answers: Mapping[str, Answer[T]]) -> None:
        self._answers = answers
        self._other = answers.get("2XX") or next(iter(answers.values()))
        self.accept = ", ".join(dict.fromkeys(answer.accept for answer in answers.values()))

    def read(self, client: ResponseHandler, response: httpx.Response) -> T:
        return self._answers.get(str(response.status_code), self._other).read(client, response)


class Nothing:
    """Ignores the body of a response, which should be empty."""

    accept = "application/json"

    def read(self, client: ResponseHandler, response: httpx.Response) -> None:  # noqa: ARG002  as in `Answer`
        return None


__all__ = ["JSON", "Answer", "ByStatus", "Bytes", "Nothing", "Text"]
