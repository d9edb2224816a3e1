"""Checks that go beyond the document: addresses, times, metadata."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

from .._answers import JSON, RefusalError, refusal
from .request import CheckedRequest

METADATA_LIMIT = 8192
"""How many bytes of JSON one kind of metadata may have."""
_EMAIL_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_PHONE_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_FARTHEST = 10**12
_WALLET = re.compile(r"0x[0-9a-fA-F]{40}|[1-9A-HJ-NP-Za-km-z]{32,44}")


def email_address(text: str, parameter: str = "email_address") -> str:
    """Return an email address in lower case, as it is stored.

    Raises:
        RefusalError: It is not valid.
    """
    if not _EMAIL_ADDRESS.fullmatch(text) or len(text) > 254:
        raise malformed(parameter, "an email address")
    return text.lower()


def phone_number(text: str, parameter: str = "phone_number") -> str:
    """Return a phone number without spaces and punctuation.

    Raises:
        RefusalError: It is not in E.164 format.
    """
    number = re.sub(r"[\s().-]", "", text)
    if not _PHONE_NUMBER.fullmatch(number):
        raise malformed(parameter, "a phone number such as +15555550100")
    return number


def web3_wallet(text: str, parameter: str = "web3_wallet") -> str:
    """Return the address of a wallet.

    Raises:
        RefusalError: It is not valid.
    """
    if not is_web3_wallet(text):
        raise malformed(parameter, "the address of a wallet")
    return text


def is_web3_wallet(text: str) -> bool:
    """Return whether a text is the address of a wallet."""
    return _WALLET.fullmatch(text) is not None


def username(text: str | None) -> str | None:
    """Return a username, or None for an empty one.

    Raises:
        RefusalError: It is too short or too long, or has characters other than letters, digits, `-` and `_`.
    """
    if not text:
        return None
    if not re.fullmatch(r"[\w-]{4,64}", text, re.ASCII):
        raise malformed("username", "4 to 64 letters, digits, hyphens and underscores")
    return text


def locale(text: str | None) -> str | None:
    """Return a language tag, or None for an empty one.

    Raises:
        RefusalError: It is not valid.
    """
    if text and not _LOCALE.fullmatch(text):
        raise malformed("locale", "a language tag such as en-US")
    return text or None


def slug(text: str) -> str:
    """Return a slug.

    Raises:
        RefusalError: It has characters other than lower-case letters, digits and single hyphens.
    """
    if not _SLUG.fullmatch(text):
        raise malformed("slug", "lower-case letters, digits and single hyphens")
    return text


def domain(text: str, parameter: str = "name") -> str:
    """Return a domain name in lower case.

    Raises:
        RefusalError: It is not valid.
    """
    if not _DOMAIN.fullmatch(text.lower()):
        raise malformed(parameter, "a domain name such as example.com")
    return text.lower()


def moment(text: str | None, parameter: str) -> int | None:
    """Return a time as milliseconds since the Unix epoch.

    Args:
        text: The time as in RFC 3339, or None.
        parameter: The parameter that it was given for.

    Raises:
        RefusalError: It is not a time.
    """
    if text is None:
        return None
    try:
        parsed = datetime.fromisoformat(text)
        return int((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError) as error:
        raise refusal(
            "form_param_invalid_time", f"{parameter} must be a time as in RFC 3339.", parameter=parameter
        ) from error


def expiration(now: int, seconds: float | None) -> int | None:
    """Return the time that is `seconds_until_expiration` ahead, in milliseconds, or None if nothing expires.

    Args:
        now: The time in milliseconds.
        seconds: The value that was given.

    Raises:
        RefusalError: It is too far ahead.
    """
    if seconds is None:
        return None
    if seconds > _FARTHEST:
        message = f"seconds_until_expiration may be at most {_FARTHEST}."
        raise refusal("form_param_value_too_large", message, parameter="seconds_until_expiration")
    return now + int(seconds * 1000)


def metadata(request: CheckedRequest, *names: str) -> dict[str, JSON]:
    """Return the metadata in a body, by kind; null becomes empty metadata.

    Raises:
        RefusalError: It is too large.
    """
    bags = {name: request.body[name] or {} for name in names if name in request.body}
    for name, bag in bags.items():
        check_metadata_size(name, bag)
    return bags


def check_metadata_size(name: str, bag: JSON) -> None:
    """Check the size of metadata.

    Raises:
        RefusalError: It is too large.
    """
    if len(json.dumps(bag, ensure_ascii=False, separators=(",", ":")).encode()) > METADATA_LIMIT:
        message = f"{name} may have at most {METADATA_LIMIT} bytes of JSON."
        raise refusal("form_param_exceeds_allowed_size", message, parameter=name)


def merged(bag: JSON, changes: JSON) -> JSON:
    """Return metadata with changes merged in at every level; null removes a key."""
    if not isinstance(changes, dict):
        return changes
    result = dict(bag) if isinstance(bag, dict) else {}
    for name, value in changes.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


def malformed(parameter: str, expected: str) -> RefusalError:
    """Return the exception for a parameter in the wrong format."""
    return refusal("form_param_format_invalid", f"{parameter} must be {expected}.", parameter=parameter)


def taken(parameter: str) -> RefusalError:
    """Return the exception for an identifier that is taken."""
    return refusal("form_identifier_exists", f"This {parameter} is taken; use another one.", parameter=parameter)


def invalid(parameter: str, message: str) -> RefusalError:
    """Return the exception for a value that is not accepted."""
    return refusal("form_param_value_invalid", message, parameter=parameter)
