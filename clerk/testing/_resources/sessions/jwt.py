"""JSON Web Tokens: signed with the instance's key, and decoded again."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..._answers import JSON, refusal
from ..._store.state import ISSUER, State
from .development_key import PRIVATE_KEY

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

SESSION_TOKEN, TEMPLATE_TOKEN, MACHINE_TOKEN = "cl_B7d4PD111AAA", "cl_B7d4PD222AAA", "cl_B7d4PD333AAA"
"""The value of a token's header `cat`."""
_SKEW = 10


@dataclass(frozen=True)
class Signing:
    """How a token is signed.

    Attributes:
        category: Its header `cat`.
        algorithm: The algorithm of RFC 7518.
        key: The key, or None for the instance's.
        type: Its header `typ`.
    """

    category: str | None
    algorithm: str = "RS256"
    key: str | None = None
    type: str = "JWT"


def sign(state: State, claims: dict[str, JSON], signing: Signing) -> str:
    """Return a token.

    Raises:
        RefusalError: The key does not fit the algorithm.
    """
    import jwt

    headers = {"kid": key_id(state), "typ": signing.type}
    if signing.category is not None:
        headers["cat"] = signing.category
    key = private_key(state.signing_key) if signing.key is None else signing.key
    try:
        return jwt.encode(claims, key, algorithm=signing.algorithm, headers=headers)
    except (jwt.PyJWTError, NotImplementedError, ValueError, TypeError) as error:
        message = f"signing_key is not a key for {signing.algorithm}: {error}"
        raise refusal("form_param_value_invalid", message, parameter="signing_key") from error


def read(state: State, token: str, *, expired: bool = False) -> dict[str, JSON] | None:
    """Return the claims of a token that the instance's key signed, or None.

    Args:
        state: The state.
        token: The token.
        expired: Whether it may have expired.
    """
    import jwt

    options: Any = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False}  # a TypedDict
    try:
        claims: dict[str, JSON] = jwt.decode(
            token, private_key(state.signing_key).public_key(), algorithms=["RS256"], issuer=ISSUER, options=options
        )
    except jwt.PyJWTError:
        return None
    # By the service's clock, which tests can move.
    return claims if expired or claims.get("exp", 0) > state.now() // 1000 else None


def times(state: State, lifetime: int, skew: int = _SKEW) -> dict[str, JSON]:
    """Return the claims about time.

    Args:
        state: The state.
        lifetime: How many seconds the token is valid.
        skew: How many seconds before now it becomes valid.
    """
    now = state.now() // 1000
    return {"iat": now, "nbf": now - skew, "exp": now + lifetime}


def key_set(state: State) -> JSON:
    """Return the public keys to check tokens with."""
    numbers = private_key(state.signing_key).public_key().public_numbers()
    key = {"use": "sig", "kty": "RSA", "kid": key_id(state), "alg": "RS256"}
    return {"keys": [{**key, "n": _base64(numbers.n), "e": _base64(numbers.e)}]}


def key_id(state: State) -> str:
    """Return the id of the key that the instance signs with."""
    return state.key_id or state.instance_id


def public_key(state: State) -> str:
    """Return the public key to check tokens with, in PEM."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = private_key(state.signing_key).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def rotate_key(state: State, *, keep_id: bool) -> None:
    """Make the instance sign with another key from now on.

    Args:
        state: The state.
        keep_id: Whether it keeps the id of the previous one.
    """
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = generate_private_key(public_exponent=65537, key_size=2048)
    state.signing_key = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    if not keep_id:
        state.key_id = state.new_id("ins")


def _base64(number: int) -> str:
    content = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return urlsafe_b64encode(content).rstrip(b"=").decode()


@lru_cache(maxsize=8)
def private_key(pem: str | None) -> RSAPrivateKey:
    """Return the key in PEM, or the one that every instance starts with."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = load_pem_private_key((pem or PRIVATE_KEY).encode(), password=None)
    assert isinstance(key, RSAPrivateKey)
    return key
