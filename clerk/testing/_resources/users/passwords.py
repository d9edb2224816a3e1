"""Passwords, one-time passwords and backup codes: how they are stored and checked."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets

from ..._answers import refusal
from ..._handling.checks import invalid, malformed
from ..._handling.request import CheckedRequest
from ..._store.tables import Record

_SHORTEST, _LONGEST = 8, 72
_COMMON = {
    "11111111",
    "12345678",
    "123456789",
    "1234567890",
    "abcd1234",
    "baseball",
    "football",
    "iloveyou",
    "password",
    "password1",
    "password123",
    "princess",
    "qwerty123",
    "qwertyuiop",
    "sunshine",
    "superman",
    "trustno1",
}
_HASHERS = {
    "argon2i",
    "argon2id",
    "awscognito",
    "bcrypt",
    "bcrypt_peppered",
    "bcrypt_sha256_django",
    "hmac_sha256_utf16_b64",
    "ldap_ssha",
    "md5",
    "md5_phpass",
    "md5_salted",
    "pbkdf2_sha1",
    "pbkdf2_sha256",
    "pbkdf2_sha256_django",
    "pbkdf2_sha512",
    "scrypt_firebase",
    "scrypt_werkzeug",
    "sha256",
    "sha256_salted",
    "sha512_symfony",
}
_STEP = 30
_MEMORY = 256 * 1024 * 1024


def password_fields(request: CheckedRequest) -> Record:
    """Return the fields of a user for the passwords and codes in a body.

    Raises:
        RefusalError: A password is not accepted.
    """
    body, fields = request.body, Record()
    if body.get("password") is not None:
        if not body.get("skip_password_checks"):
            _check_password(request, body["password"])
        fields |= {"_password": _hashed(body["password"]), "password_last_updated_at": request.state.now()}
    elif body.get("password_digest") is not None:
        fields |= {"_password": _digest(request), "password_last_updated_at": request.state.now()}
    if "totp_secret" in body:
        fields["_totp"] = _totp_secret(body["totp_secret"])
        if fields["_totp"] is not None:
            fields["mfa_enabled_at"] = request.state.now()
    if "backup_codes" in body:
        fields["_backup_codes"] = tuple(body["backup_codes"] or ())
    return fields


def is_password(kept: tuple[str, str, str], password: str) -> bool:
    """Return whether a password matches the stored one.

    Digests that `hashlib` can't check, such as bcrypt's, match no password here.
    """
    hasher, salt, digest = kept
    match hasher:
        case "salted":
            return hmac.compare_digest(_salted(password, salt), digest)
        case "md5" | "sha256":
            return hmac.compare_digest(hashlib.new(hasher, password.encode()).hexdigest(), digest.lower())
        case "pbkdf2_sha256_django":
            return _is_django(password, digest)
        case "scrypt_werkzeug":
            return _is_werkzeug(password, digest)
        case _:
            return False


def totp_code(kept: str, seconds: int) -> str:
    """Return the one-time password of RFC 6238 for a time.

    Args:
        kept: The secret, in base32.
        seconds: The time, in seconds since the Unix epoch.
    """
    key = base64.b32decode(_padded(kept))
    mac = hmac.digest(key, (seconds // _STEP).to_bytes(8, "big"), "sha1")
    start = mac[-1] & 15
    return f"{(int.from_bytes(mac[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def is_totp_code(kept: str, code: str, seconds: int) -> bool:
    """Return whether a one-time password is valid in the current, the previous or the next time step."""
    return any(hmac.compare_digest(totp_code(kept, seconds + skew), code) for skew in (-_STEP, 0, _STEP))


def _check_password(request: CheckedRequest, password: str) -> None:
    if len(password) < _SHORTEST:
        message = f"A password must have at least {_SHORTEST} characters."
        raise refusal("form_password_length_too_short", message, parameter="password")
    if len(password) > _LONGEST:
        message = f"A password may have at most {_LONGEST} characters."
        raise refusal("form_password_length_too_long", message, parameter="password")
    if request.state.settings["hibp"] and password.lower() in _COMMON:
        message = "This password is among the first that attackers try: use another one."
        raise refusal("form_password_pwned", message, parameter="password")


def _hashed(password: str) -> tuple[str, str, str]:
    # It is only in memory during a test: a slow hash would slow down the test and protect nothing.
    salt = secrets.token_hex(8)
    return "salted", salt, _salted(password, salt)


def _salted(password: str, salt: str) -> str:
    return hashlib.sha256((salt + password).encode()).hexdigest()


def _digest(request: CheckedRequest) -> tuple[str, str, str]:
    hasher, digest = request.body.get("password_hasher"), request.body["password_digest"]
    if hasher is None:
        message = "password_digest needs the parameter password_hasher."
        raise refusal("form_param_missing", message, parameter="password_hasher")
    if hasher not in _HASHERS:
        raise invalid("password_hasher", f"password_hasher must be one of {', '.join(sorted(_HASHERS))}.")
    if not digest or (hasher == "bcrypt" and not digest.startswith("$2")):
        message = f"This is not a digest made by {hasher}."
        raise refusal("form_password_digest_invalid_code", message, parameter="password_digest")
    return hasher, "", digest


def _is_django(password: str, digest: str) -> bool:
    try:
        _, rounds, salt, encoded = digest.split("$")
        made = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), int(rounds))
    except (ValueError, OverflowError):
        return False
    return hmac.compare_digest(base64.b64encode(made).decode(), encoded)


def _is_werkzeug(password: str, digest: str) -> bool:
    try:
        method, salt, made = digest.split("$")
        n, r, p = map(int, method.removeprefix("scrypt:").split(":"))
        key = hashlib.scrypt(password.encode(), salt=salt.encode(), n=n, r=r, p=p, maxmem=_MEMORY)
    except (ValueError, OverflowError):
        return False
    return hmac.compare_digest(key.hex(), made)


def _totp_secret(text: str | None) -> str | None:
    if not text:
        return None
    try:
        base64.b32decode(_padded(text))
    except binascii.Error as error:
        raise malformed("totp_secret", "text in base32") from error
    return text


def _padded(text: str) -> str:
    text = text.upper().replace(" ", "").rstrip("=")
    return text + "=" * (-len(text) % 8)
