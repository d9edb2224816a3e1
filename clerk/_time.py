"""Points in time as the API gives them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_datetime(milliseconds: int) -> datetime:
    """Turn a timestamp of the API into an aware datetime.

    Args:
        milliseconds: Milliseconds since the Unix epoch, as in `created_at`.

    Returns:
        The same point in time in UTC, exact to the millisecond.

    Raises:
        TypeError: The timestamp is not an int.
        OverflowError: It is outside the years 1 to 9999.
    """
    if not isinstance(milliseconds, int) or isinstance(milliseconds, bool):
        raise TypeError(f"milliseconds must be an int, not {type(milliseconds).__name__}")
    return _EPOCH + timedelta(milliseconds=milliseconds)


__all__ = ["to_datetime"]
