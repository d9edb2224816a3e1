"""What the body of a successful answer is, and how it is read."""

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
    """Reads an answer as one type."""

    @property
    def accept(self) -> str:
        """The media types that it reads."""
        ...

    def read(self, client: ResponseHandler, response: httpx.Response, /) -> T_co:
        """Return what the answer says; raise what the client says for one that cannot be read."""
        ...


class JSON(Generic[T]):
    """Reads an answer as JSON data of one type."""

    accept = "application/json"

    def __init__(self, decoder: Decoder[T]) -> None:
        self._decoder = decoder

    def read(self, client: ResponseHandler, response: httpx.Response) -> T:
        return decode_answer(client, response, self._decoder)


class Text:
    """Reads an answer as text.

    Args:
        accept: The media types of the text.
    """

    def __init__(self, accept: str = "text/html, text/plain") -> None:
        self.accept = accept

    def read(self, client: ResponseHandler, response: httpx.Response) -> str:  # noqa: ARG002  Answer's form
        return response.text


class Bytes:
    """Leaves an answer as the bytes that came."""

    accept = "application/octet-stream"

    def read(self, client: ResponseHandler, response: httpx.Response) -> bytes:  # noqa: ARG002  Answer's form
        return response.content


class ByStatus(Generic[T]):
    """Reads an answer as its status says.

    Args:
        answers: What reads the answer, by status; `2XX` stands for any other one.
    """

    def __init__(self, answers: Mapping[str, Answer[T]]) -> None:
        self._answers = answers
        self._other = answers.get("2XX") or next(iter(answers.values()))
        self.accept = ", ".join(dict.fromkeys(answer.accept for answer in answers.values()))

    def read(self, client: ResponseHandler, response: httpx.Response) -> T:
        return self._answers.get(str(response.status_code), self._other).read(client, response)


class Nothing:
    """Leaves an answer that has no body."""

    accept = "application/json"

    def read(self, client: ResponseHandler, response: httpx.Response) -> None:  # noqa: ARG002  Answer's form
        return None


__all__ = ["JSON", "Answer", "ByStatus", "Bytes", "Nothing", "Text"]
