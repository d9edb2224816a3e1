"""The bodies of responses: decompressed chunk by chunk and counted, so that none exceeds its limit.

The HTTP library decompresses whatever it has received in one go, which can turn a few bytes into gigabytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ._library import DEFAULT, library_called, library_of

if TYPE_CHECKING:
    from ._library import Library, http

KEPT_OF_ERRORS = 65_536
"""How many bytes of an unsuccessful response's body are read and kept."""

_PIECE = 262_144  # bytes: a millisecond's work
_MOST_CODINGS = 4


class Body:
    """The part of a body that has been read so far.

    Attributes:
        content: What has been read so far, decompressed.

    Args:
        response: The response.
        most: How many bytes to accept; beyond that, the body need not be read any further.
    """

    def __init__(self, response: http.Response, most: int) -> None:
        self._response = response
        self._most = most
        self._pieces: list[bytes] = []
        self._size = 0
        self._decompressors = _decompressors_of(response.headers.get("content-encoding", ""))

    @property
    def is_decompressed_here(self) -> bool:
        """Whether `add` takes the bytes as they came over the network, not as the HTTP library decompresses them."""
        return self._decompressors is not None

    @property
    def is_full(self) -> bool:
        """Whether the body exceeds its limit."""
        return self._size > self._most

    @property
    def content(self) -> bytes:
        """What has been read so far."""
        return b"".join(self._pieces)

    def add(self, received: bytes) -> Iterator[None]:
        """Add received bytes, chunk by chunk; the caller can do other things between two chunks.

        Raises:
            httpx.DecodingError: The bytes cannot be decompressed.
        """
        pieces: Iterable[bytes] = (received,)
        for decompressor in self._decompressors or ():
            pieces = decompressor.decompress(pieces)
        try:
            for piece in pieces:
                self.take(piece)
                yield
                if self.is_full:
                    return
        except zlib.error as error:
            raise self._library.DecodingError(str(error), request=self._response.request) from None

    def take(self, content: bytes) -> None:
        """Add bytes that were read and decompressed elsewhere."""
        self._pieces.append(content)
        self._size += len(content)

    def finish(self) -> None:
        """Put the body into the response."""
        # httpx has no public way to give a response decompressed bytes.
        content = self._response._content = self.content  # noqa: SLF001
        # The stream that was read refers to the response, which would keep both until the garbage collector comes.
        self._response.stream = self._library.ByteStream(content)

    @property
    def _library(self) -> Library:
        return library_called(library_of(self._response) or DEFAULT)


class _Decompressor:
    def __init__(self, window_bits: int) -> None:
        self._inner = zlib.decompressobj(window_bits)
        self._may_be_raw = window_bits == zlib.MAX_WBITS

    def decompress(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            rest = piece
            while True:
                found = self._some(rest)
                rest = self._inner.unconsumed_tail
                if found:
                    yield found
                if not rest and len(found) < _PIECE:
                    break

    def _some(self, data: bytes) -> bytes:
        try:
            return self._inner.decompress(data, _PIECE)
        except zlib.error:
            if not self._may_be_raw:
                raise
            # Some servers send "deflate" without the zlib header.
            self._inner = zlib.decompressobj(-zlib.MAX_WBITS)
            return self._inner.decompress(data, _PIECE)
        finally:
            self._may_be_raw = False


_WINDOW_BITS = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}


def _decompressors_of(codings: str) -> list[_Decompressor] | None:
    names = [name for coding in codings.split(",") if (name := coding.strip().lower()) not in ("", "identity")]
    if len(names) > _MOST_CODINGS or not all(name in _WINDOW_BITS for name in names):
        return None
    return [_Decompressor(_WINDOW_BITS[name]) for name in reversed(names)]


__all__ = ["KEPT_OF_ERRORS", "Body"]
