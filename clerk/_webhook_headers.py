"""The three headers of a webhook: message id, time of sending, and signatures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol

from ._errors import WebhookVerificationError

_NAMES = ("id", "timestamp", "signature")
_PREFIXES = ("svix-", "webhook-")


class HeaderMapping(Protocol):
    """A mapping of header names to values: a dict, or a framework's own class."""

    def items(self) -> Iterable[tuple[Any, Any]]:
        """Return the headers as pairs."""
        ...


Headers = HeaderMapping | Iterable[tuple[str | bytes, str | bytes]]


class SignedHeaders(NamedTuple):
    """The headers of a message, stripped, as the bytes that were signed."""

    message_id: bytes
    timestamp: bytes
    signatures: list[bytes]


def read_headers(headers: Headers) -> SignedHeaders:
    """Find the three headers, in any case, under their Svix names or else those of Standard Webhooks.

    Args:
        headers: All headers of the request.

    Raises:
        WebhookVerificationError: One is missing, blank, or there more than once.
        TypeError: `headers` is neither a mapping nor pairs.
    """
    found = _find(headers)
    prefix = next((prefix for prefix in _PREFIXES if any(f"{prefix}{name}" in found for name in _NAMES)), _PREFIXES[0])
    message_id, timestamp, signature = (_single(f"{prefix}{name}", found) for name in _NAMES)
    return SignedHeaders(message_id, timestamp, signature.split())


def _find(headers: Headers) -> dict[str, list[object]]:
    """Return the values of the relevant headers, by their names in lower case."""
    wanted = {f"{prefix}{name}" for prefix in _PREFIXES for name in _NAMES}
    found: dict[str, list[object]] = {}
    for name, value in _pairs(headers):
        header = _header_name(name)
        if header in wanted and value is not None:
            found.setdefault(header, []).extend(value if isinstance(value, (list, tuple)) else [value])
    return found


def _pairs(headers: Headers) -> list[tuple[object, object]]:
    items = getattr(headers, "items", None)
    try:
        return [(name, value) for name, value in (headers if items is None else items())]  # type: ignore[union-attr]  # it may be anything, hence the except
    except (TypeError, ValueError):
        pass
    raise TypeError(f"headers must be a mapping or a list of pairs, not {type(headers).__name__}")


def _header_name(name: object) -> str:
    text = name.decode("latin-1") if isinstance(name, bytes) else str(name)
    # The form of header names in WSGI and CGI.
    return text.removeprefix("HTTP_").replace("_", "-").lower() if text.startswith("HTTP_") else text.lower()


def _single(name: str, found: dict[str, list[object]]) -> bytes:
    values = found.get(name, [])
    if len(values) > 1:
        raise WebhookVerificationError(f"the header {name} is there more than once", reason="header-repeated")
    value = values[0] if values else b""
    if isinstance(value, str):
        value = value.encode(errors="surrogatepass")
    if not isinstance(value, bytes) or not value.strip():
        raise WebhookVerificationError(f"the header {name} is missing or blank", reason="header-missing")
    return value.strip()


__all__ = ["HeaderMapping", "Headers", "SignedHeaders", "read_headers"]
