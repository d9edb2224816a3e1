"""Keys: wrapped so that they don't show, and removed from texts that contain them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, TypeVar, cast

from ._library import http

OptionsT = TypeVar("OptionsT", bound=Mapping[str, object])

KEYS = frozenset(("secret_key", "machine_secret_key"))
"""The options that hold keys."""

_IN_PLACE = "[secret key]"
_LENGTH_OF_KEYS = 16  # characters, or more


class Secret:
    """A key that only shows when asked for by `reveal`."""

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:  # Any: what a caller passes by mistake may be a secret too
        self._value = value

    def reveal(self) -> str:
        """Return the key itself."""
        text: str = self._value
        return text

    def __repr__(self) -> str:
        return "Secret(...)"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a secret cannot be pickled")


def with_wrapped_keys(options: OptionsT) -> OptionsT:
    """Return options with their keys wrapped: done first, before anything can fail.

    Error reporting tools show the local variables of every frame that an exception passed through.
    """
    wrapped = {
        name: Secret(value) if name in KEYS and value is not None and not isinstance(value, Secret) else value
        for name, value in options.items()
    }
    return cast(OptionsT, wrapped)  # the same keys; what checks them takes a Secret for a key


class Redactor:
    """Removes keys from texts, bodies and headers, in case a server or proxy echoed the request's headers."""

    def __init__(self, secrets: Iterable[Secret | None]) -> None:
        self._secrets = [secret for secret in secrets if secret is not None]

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        patterns = [_pattern_of(secret.reveal()) for secret in self._secrets]
        return re.compile("|".join(patterns)) if patterns else None

    def text(self, text: str) -> str:
        """Return a text without the keys, however they are written there."""
        return text if self._pattern is None else self._pattern.sub(_IN_PLACE, text)

    def body(self, body: bytes) -> bytes:
        """Return a body without the keys."""
        if self._pattern is None:
            return body
        text = body.decode("latin-1")  # one character a byte, whatever it is
        return body if self._pattern.search(text) is None else self.text(text).encode("latin-1")

    def headers(self, headers: Mapping[str, str]) -> http.Headers:
        """Return an answer's headers without the keys."""
        raw: list[tuple[bytes, bytes]] = headers.raw  # type: ignore[attr-defined]  # of either library
        return http.Headers([(self.body(name), self.body(value)) for name, value in raw])


def _pattern_of(key: str) -> str:
    written = "".join(map(_pattern_of_character, key))
    if len(key) >= _LENGTH_OF_KEYS:
        return written
    if key.startswith(("sk_", "ak_")):
        return rf"(?<![A-Za-z0-9]){written}(?![A-Za-z0-9])"
    # It could be an ordinary word, so it is only removed after `Bearer`, as it was sent.
    return rf"(?:(?<=[Bb]earer )|(?<=[Bb]earer\+)|(?<=[Bb]earer%20)){written}(?![A-Za-z0-9])"


def _pattern_of_character(character: str) -> str:
    number = ord(character)
    spellings = [
        re.escape(character),
        f"%(?i:{number:02x})",
        rf"\\u(?i:{number:04x})",
        rf"\\x(?i:{number:02x})",
        f"&#0*{number};",
        f"&#[xX]0*(?i:{number:x});",
    ]
    if character == "/":
        spellings.append(r"\\/")  # as JSON may write it
    return f"(?:{'|'.join(spellings)})"


__all__ = ["KEYS", "Redactor", "Secret", "with_wrapped_keys"]
