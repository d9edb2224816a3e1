"""PyJWT and joserfc read the same standards: what they agree on, we agree with."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import joserfc.errors
import jwt
import pytest
from joserfc import jws
from joserfc import jwt as jose
from joserfc.jwk import RSAKey

from clerk import ClerkClient, TokenVerificationError
from clerk.auth._key_ring import KeyRing

from .tokens import NOW, claims, encoded, header, pem, session_token, sign

PARTY = "https://app.example.com"


@pytest.fixture(scope="module")
def ours() -> Callable[[str], bool]:
    client = ClerkClient(jwt_key=pem())
    client._state().key_ring = KeyRing(lambda: NOW)

    def believes(token: str) -> bool:
        try:
            client.verify_token(token, clock_skew=0)
        except TokenVerificationError:
            return False
        return True

    return believes


def pyjwt(token: str) -> bool:
    options: Any = {
        "verify_exp": False,
        "verify_nbf": False,
        "verify_iat": False,
        "verify_aud": False,
    }  # the clock is ours
    try:
        found = jwt.decode(token, pem(), algorithms=["RS256", "RS384", "RS512"], options=options)
    except jwt.PyJWTError:
        return False
    return _is_timely(found)


def joserfc_(token: str) -> bool:
    key = RSAKey.import_key(pem())
    try:
        lenient = jws.JWSRegistry(strict_check_header=False, algorithms=["RS256", "RS384", "RS512"])  # for `cat`
        found = jose.decode(token, key, registry=lenient).claims
        jose.JWTClaimsRegistry(now=NOW, leeway=0, sub={"essential": True}, exp={"essential": True}).validate(found)
    except (joserfc.errors.JoseError, ValueError, TypeError):
        return False
    return _is_timely(found)


def _is_timely(found: dict[str, Any]) -> bool:
    def number(name: str) -> bool:
        return type(found[name]) in (int, float)

    if not isinstance(found.get("sub"), str) or not found["sub"] or "exp" not in found:
        return False
    if not all(number(name) for name in ("exp", "nbf", "iat") if name in found):
        return False
    return bool(found["exp"] > NOW and found.get("nbf", NOW) <= NOW and found.get("iat", NOW) <= NOW)


def _tokens() -> dict[str, str]:
    head, body, signature = session_token().split(".")
    made = {
        "good": session_token(),
        "without a signature": f"{head}.{body}.",
        "with another signature": f"{head}.{body}.{encoded(bytes(256))}",
        "with a short signature": f"{head}.{body}.{signature[:-4]}",
        "of other claims": f"{head}.{session_token(sub='user_2').split('.')[1]}.{signature}",
        "of another header": f"{encoded(json.dumps(header(kid='x')).encode())}.{body}.{signature}",
        "of a stranger": sign(header(), claims(), "stranger"),
        "of two parts": f"{head}.{body}",
        "of four parts": f"{head}.{body}.{signature}.{signature}",
        "of nothing": "",
        "with claims that are a list": sign(header(), "[]"),
        "with claims that are no JSON": sign(header(), "{"),
    }
    for algorithm in ("none", "HS256", "ES256", "PS256", "RS384", "RS512", "rs256", "", None, 5, ["RS256"]):
        made[f"alg {algorithm!r}"] = sign(header(alg=algorithm), claims())
    times: list[Any] = [..., NOW - 1, NOW, NOW + 1, NOW + 0.5, NOW - 0.5, "x", [], 0, -1]
    subjects: list[Any] = [..., "user_2", 5, None, [], "é"]
    for name in ("exp", "nbf", "iat"):
        for value in times:
            made[f"{name} {'absent' if value is ... else repr(value)}"] = session_token(**{name: value})
    for value in subjects:
        made[f"sub {'absent' if value is ... else repr(value)}"] = session_token(sub=value)
    for crit in (["exp"], ["x"]):
        made[f"crit {crit}"] = sign(header(crit=crit), claims())
    return made


TOKENS = _tokens()


@pytest.mark.parametrize("name", TOKENS)
def test_all_three_say_the_same(ours: Callable[[str], bool], name: str) -> None:
    token = TOKENS[name]
    assert pyjwt(token) == joserfc_(token) == ours(token)


def test_tokens_that_they_make_are_read() -> None:
    from .tokens import private_key

    client = ClerkClient(jwt_key=pem())
    client._state().key_ring = KeyRing(lambda: NOW)
    assert client.verify_token(jwt.encode(claims(), private_key(), algorithm="RS256")) == claims()
    key = RSAKey.import_key(private_key())
    made = jws.serialize_compact({"alg": "RS512"}, json.dumps(claims()), key, algorithms=["RS512"])
    assert client.verify_token(made) == claims()
    assert claims()["azp"] == PARTY
