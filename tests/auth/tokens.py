"""Tokens of every shape, signed with a key that opens nothing."""

from __future__ import annotations

import base64
import json
from functools import cache
from typing import Any, cast

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from clerk.testing._resources.sessions.development_key import PRIVATE_KEY

NOW = 1_700_000_000
"""The time of all tests, in seconds."""
KID = "ins_2GIoQhbUpy0hX7B2cVkuTMinXoD"
HOST = "clerk.example.com"
DEVELOPMENT_HOST = "meek-hound-12.clerk.accounts.dev"
SESSION, TEMPLATE, MACHINE, NOTHING = "cl_B7d4PD111AAA", "cl_B7d4PD222AAA", "cl_B7d4PD333AAA", "cl_I7d4PD111III"
HASHES: dict[str, hashes.HashAlgorithm] = {
    "RS256": hashes.SHA256(),
    "RS384": hashes.SHA384(),
    "RS512": hashes.SHA512(),
}


@cache
def private_key(name: str = "instance", bits: int = 2048) -> RSAPrivateKey:
    """Return the private key of a name: the instance's is always the same, others are within a process."""
    if name == "instance":
        return cast("RSAPrivateKey", load_pem_private_key(PRIVATE_KEY.encode(), None))  # it is one
    return generate_private_key(public_exponent=65537, key_size=bits)


def pem(name: str = "instance", bits: int = 2048) -> str:
    """Return the public key of a name in PEM."""
    public = private_key(name, bits).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def jwk(name: str = "instance", kid: str = KID, **changes: Any) -> dict[str, Any]:
    """Return the public key of a name as JSON of RFC 7517."""
    numbers = private_key(name).public_key().public_numbers()
    modulus = encoded(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big"))
    return {"kid": kid, "kty": "RSA", "alg": "RS256", "use": "sig", "n": modulus, "e": "AQAB", **changes}


def encoded(content: bytes) -> str:
    """Return bytes in base64url."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def claims(**changes: Any) -> dict[str, Any]:
    """Return the claims of a good session token; a change to `...` takes one away."""
    usual = {
        "azp": "https://app.example.com",
        "exp": NOW + 60,
        "iat": NOW,
        "iss": f"https://{HOST}",
        "nbf": NOW - 10,
        "sid": "sess_1",
        "sts": "active",
        "sub": "user_1",
        "v": 2,
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not ...}


def header(**changes: Any) -> dict[str, Any]:
    """Return the header of a good session token; a change to `...` takes a part away."""
    usual = {"alg": "RS256", "cat": SESSION, "kid": KID, "typ": "JWT"}
    return {name: value for name, value in {**usual, **changes}.items() if value is not ...}


def sign(
    header: object, claims: object, key: str = "instance", *, bits: int = 2048, algorithm: str | None = None
) -> str:
    """Return a token of any header and claims; text and bytes stand for themselves.

    Args:
        header: The header.
        claims: The claims.
        key: The name of the key that signs.
        bits: The size of the key.
        algorithm: The algorithm, or None for what the header says, as far as it is one of RSA.
    """
    said = header.get("alg") if isinstance(header, dict) else None
    chosen = algorithm or (said if isinstance(said, str) and said in HASHES else "RS256")
    signed = ".".join(encoded(_content(part)) for part in (header, claims))
    signature = private_key(key, bits).sign(signed.encode(), PKCS1v15(), HASHES[chosen])
    return f"{signed}.{encoded(signature)}"


def _content(part: object) -> bytes:
    if isinstance(part, bytes):
        return part
    return part.encode() if isinstance(part, str) else json.dumps(part).encode()


def session_token(**changes: Any) -> str:
    """Return a session token that is good but for changes to its claims."""
    return sign(header(), claims(**changes))


def publishable_key(host: str = HOST, kind: str = "live") -> str:
    """Return the publishable key of an instance."""
    return f"pk_{kind}_{base64.b64encode(f'{host}$'.encode()).decode()}"
