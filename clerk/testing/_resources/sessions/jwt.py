"""JSON web tokens: signed by the instance's key, and read again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from ..._answers import JSON, refusal
from ..._store.state import State
from .development_key import EXPONENT, MODULUS, PRIVATE_KEY

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

SESSION_TOKEN, TEMPLATE_TOKEN, MACHINE_TOKEN = "cl_B7d4PD111AAA", "cl_B7d4PD222AAA", "cl_B7d4PD333AAA"
"""What the header `cat` of a token says it is."""
ISSUER = "https://local-clerk.clerk.accounts.dev"
AUTHORIZED_PARTY = "http://localhost:3000"
_SKEW = 10


@dataclass(frozen=True)
class Signing:
    """How a token is signed.

    Attributes:
        category: What its header `cat` says it is.
        algorithm: The algorithm of RFC 7518.
        key: The key, or None for the instance's.
    """

    category: str
    algorithm: str = "RS256"
    key: str | None = None


def sign(state: State, claims: dict[str, JSON], signing: Signing) -> str:
    """Return a token.

    Raises:
        RefusalError: The key does not fit the algorithm.
    """
    import jwt

    headers = {"kid": state.instance_id, "cat": signing.category}
    key = _private_key() if signing.key is None else signing.key
    try:
        return jwt.encode(claims, key, algorithm=signing.algorithm, headers=headers)
    except (jwt.PyJWTError, NotImplementedError, ValueError, TypeError) as error:
        message = f"signing_key is no key for {signing.algorithm}: {error}"
        raise refusal("form_param_value_invalid", message, parameter="signing_key") from error


def read(state: State, token: str, *, expired: bool = False) -> dict[str, JSON] | None:
    """Return the claims of a token that the instance's key signed, or None.

    Args:
        state: The state.
        token: The token.
        expired: Whether an expired one will do.
    """
    import jwt

    options: Any = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False}  # a TypedDict
    try:
        claims: dict[str, JSON] = jwt.decode(
            token, _private_key().public_key(), algorithms=["RS256"], issuer=ISSUER, options=options
        )
    except jwt.PyJWTError:
        return None
    # By the time of the service, which tests can set.
    return claims if expired or claims.get("exp", 0) > state.now() // 1000 else None


def times(state: State, lifetime: int, skew: int = _SKEW) -> dict[str, JSON]:
    """Return the claims about time.

    Args:
        state: The state.
        lifetime: For how many seconds the token is good.
        skew: For how many seconds it was good before.
    """
    now = state.now() // 1000
    return {"iat": now, "nbf": now - skew, "exp": now + lifetime}


def key_set(state: State) -> JSON:
    """Return the public keys that tokens can be checked with."""
    key = {"use": "sig", "kty": "RSA", "kid": state.instance_id, "alg": "RS256", "n": MODULUS, "e": EXPONENT}
    return {"keys": [key]}


@cache
def _private_key() -> RSAPrivateKey:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = load_pem_private_key(PRIVATE_KEY.encode(), password=None)
    assert isinstance(key, RSAPrivateKey)
    return key
