"""Verifies a token: its category, header, signature and claims, in this order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._errors import TokenVerificationError
from ._claims import Demands, check_claims
from ._classes import MACHINE_CATEGORY, PLAIN_TYPES
from ._jwt import MISSING, Header, Token
from ._keys import ALGORITHMS, key_of_pem
from ._types import Claims

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._key_ring import KeyCache, KeySet
    from ._signature import Key
    from ._steps import Plan


class Verifier:
    """Verifies tokens with a client's keys.

    Args:
        jwt_key: The public key of the instance in PEM, or None.
        clock: Returns the time in seconds.

    Attributes:
        cache: The keys that the instance publishes, or None if there is no secret key to fetch them with.
    """

    def __init__(self, jwt_key: str | None, clock: Callable[[], float]) -> None:
        self.cache: KeyCache | None = None
        self._jwt_key = jwt_key
        self._own_key: Key | None = None
        self._clock = clock

    def now(self) -> int:
        """Return the time in milliseconds."""
        return int(self._clock() * 1000)

    def verify_session_token(self, token: Token, demands: Demands, jwt_key: str | None) -> Plan[Claims]:
        """Verify a session token, or one made from a JWT template.

        Args:
            token: The token.
            demands: The requirements that its claims must meet.
            jwt_key: The public key in PEM, or None for the client's.

        Returns:
            Its claims.

        Raises:
            TokenVerificationError: The token is not valid.
        """
        claims = self.verify_at_once(token, demands, jwt_key)
        if claims is not None:
            return claims
        yield from self._check_with_fetched_keys(token)
        check_claims(token.claims, demands, self.now())
        return token.claims

    def verify_at_once(self, token: Token, demands: Demands, jwt_key: str | None) -> Claims | None:
        """Do the same without a plan if the key is already known; return None if it has to be fetched."""
        if token.header.cat == MACHINE_CATEGORY:
            raise _invalid("this is a machine token, not a session token")
        if not self._is_signed(token, jwt_key, PLAIN_TYPES):
            return None
        check_claims(token.claims, demands, self.now())
        return token.claims

    def check_signature(self, token: Token, jwt_key: str | None, types: tuple[object, ...] = PLAIN_TYPES) -> Plan[None]:
        """Check a token's header and signature.

        Args:
            token: The token.
            jwt_key: The public key in PEM, or None for the client's.
            types: The accepted values of its header `typ`.

        Raises:
            TokenVerificationError: It was not signed with a key of the instance.
        """
        if not self._is_signed(token, jwt_key, types):
            yield from self._check_with_fetched_keys(token)

    def _is_signed(self, token: Token, jwt_key: str | None, types: tuple[object, ...]) -> bool:
        """Return whether a known key has signed a token; False if keys have to be fetched first to tell."""
        pem = jwt_key or self._jwt_key
        if pem is None and self.cache is None:
            raise TokenVerificationError(
                "there is no key to check tokens with",
                reason="jwk-failed-to-resolve",
                action="set CLERK_JWT_KEY or CLERK_SECRET_KEY, or pass jwt_key or secret_key",
            )
        algorithm = _checked_algorithm(token.header, types)
        if pem is not None:
            key = self._own_key if jwt_key is None else key_of_pem(jwt_key)
            if key is None:
                key = self._own_key = key_of_pem(pem)
            if not _has_signed(key, token, algorithm):
                raise _bad_signature()
            return True
        assert self.cache is not None
        if not isinstance(token.header.kid, str):
            raise _unknown_key()
        known = self.cache.current()
        published = None if known is None else known.keys.get(token.header.kid)
        return published is not None and _has_signed(published, token, algorithm)

    def _check_with_fetched_keys(self, token: Token) -> Plan[None]:
        assert self.cache is not None
        kid, algorithm = str(token.header.kid), str(token.header.alg)  # both were checked to be strings
        known, is_new = self.cache.current(), False
        if known is None:
            known, is_new = (yield from self.cache.load()), True
        key = known.keys.get(kid)
        if key is None or not _has_signed(key, token, algorithm):
            yield from self._try_newer_key(self.cache, known, token, algorithm, is_new=is_new)

    def _try_newer_key(
        self, cache: KeyCache, known: KeySet, token: Token, algorithm: str, *, is_new: bool
    ) -> Plan[None]:
        kid = str(token.header.kid)
        newer = known
        if is_new:
            cache.note_that_newest_were_seen()
        else:
            try:
                newer = yield from cache.load_newer(known)
            except TokenVerificationError:
                if kid not in known.keys:
                    raise
        key = newer.keys.get(kid)
        if key is None:
            raise _unknown_key() if kid not in known.keys else _bad_signature()
        if newer is known or not _has_signed(key, token, algorithm):
            raise _bad_signature()


def _checked_algorithm(header: Header, types: tuple[object, ...]) -> str:
    if header.typ not in types:
        raise _invalid("its typ header belongs to another kind of token")
    if header.crit is not MISSING:
        raise _invalid("it has a crit header, which Clerk's tokens never have")
    if not isinstance(header.alg, str) or header.alg not in ALGORITHMS:
        raise _wrong_algorithm()
    return header.alg


def _has_signed(key: Key, token: Token, algorithm: str) -> bool:
    if key.algorithm is not None and key.algorithm != algorithm:
        raise _wrong_algorithm()
    return key.has_signed(token.signed, token.signature, algorithm)


def _invalid(message: str) -> TokenVerificationError:
    return TokenVerificationError(message, reason="token-invalid")


def _wrong_algorithm() -> TokenVerificationError:
    return TokenVerificationError(
        "the token is signed with an algorithm that does not belong to its key", reason="token-invalid-algorithm"
    )


def _bad_signature() -> TokenVerificationError:
    return TokenVerificationError(
        "the signature was not made with this instance's key",
        reason="token-invalid-signature",
        action="check that the keys configured here belong to the instance that the frontend uses",
    )


def _unknown_key() -> TokenVerificationError:
    return TokenVerificationError(
        "the token names a key that this instance does not publish",
        reason="jwk-kid-mismatch",
        action="check that the secret key configured here belongs to the instance that the frontend uses",
    )


__all__ = ["Verifier"]
