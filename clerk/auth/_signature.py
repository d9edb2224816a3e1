"""RSA signatures and the keys to check them with; needs `cryptography`, from the extra `clerk-client[auth]`."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import load_der_public_key

_PADDING = PKCS1v15()
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "RS256": hashes.SHA256(),
    "RS384": hashes.SHA384(),
    "RS512": hashes.SHA512(),
}


class Key:
    """A public key.

    Args:
        public: The RSA key.
        algorithm: The only algorithm that it may be used with, or None for any.
    """

    __slots__ = ("_public", "algorithm")

    def __init__(self, public: RSAPublicKey, algorithm: str | None = None) -> None:
        self._public = public
        self.algorithm = algorithm

    def has_signed(self, signed: bytes, signature: bytes, algorithm: str) -> bool:
        """Return whether a signature was made with this key."""
        try:
            self._public.verify(signature, signed, _PADDING, _HASHES[algorithm])
        except InvalidSignature:
            return False
        return True


def key_of_der(content: bytes) -> Key | None:
    """Return the RSA key in DER, or None."""
    try:
        public = load_der_public_key(content)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return Key(public) if isinstance(public, RSAPublicKey) else None


def key_of_numbers(modulus: int, exponent: int, algorithm: str | None) -> Key | None:
    """Return the RSA key with these numbers, or None if they don't make one."""
    try:
        return Key(RSAPublicNumbers(exponent, modulus).public_key(), algorithm)
    except (ValueError, UnsupportedAlgorithm):
        return None


__all__ = ["Key", "key_of_der", "key_of_numbers"]
