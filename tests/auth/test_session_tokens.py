"""Session tokens: what is believed, what isn't, and why."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import httpx
import pytest

import clerk
from clerk import ClerkConfigurationError, ClerkError, TokenVerificationError

from .conftest import Checker, MakeChecker, with_secret_key
from .tokens import KID, NOW, claims, encoded, header, jwk, pem, private_key, session_token, sign


@pytest.fixture
def trusting(checker: MakeChecker) -> Checker:
    """A client with the public key at hand."""
    return checker(jwt_key=pem())


def reason(checker: Checker, token: Any, **options: Any) -> str:
    with pytest.raises(TokenVerificationError) as caught:
        checker.verify_token(token, **options)
    assert isinstance(caught.value, ClerkError)
    assert not isinstance(token, str) or len(token) < 20 or token not in str(caught.value)
    return caught.value.reason


def test_claims_come_as_they_are(trusting: Checker) -> None:
    assert trusting.verify_token(session_token(team="blue")) == claims(team="blue")
    assert trusting.requests == []


NO_TOKENS: dict[str, Callable[[], Any]] = {
    "nothing": lambda: "",
    "a letter": lambda: "x",
    "two parts": lambda: "a.b",
    "three letters": lambda: "a.b.c",
    "four parts": lambda: "a.b.c.d",
    "dots": lambda: "..",
    "None": lambda: None,
    "bytes": lambda: b"a.b.c",
    "a number": lambda: 42,
    "other letters": lambda: "é.é.é",
    "padding": lambda: session_token() + "=",
    "a space": lambda: session_token().replace(".", " .", 1),
    "the other base 64": lambda: session_token().replace(".", "+."),
    "a header of other bytes": lambda: sign(b"\xff", claims()),
    "a header that is a list": lambda: sign("[]", claims()),
    "claims that are a list": lambda: sign(header(), "[]"),
    "NaN": lambda: sign(header(), '{"sub": NaN}'),
    "very deep": lambda: sign(header(), '{"sub": ' + "[" * 100_000 + "]" * 100_000 + "}"),
    "very many digits": lambda: sign(header(), '{"exp": ' + "9" * 5000 + "}"),
    "a byte order mark": lambda: sign(header(), '\ufeff{"sub": "user_1"}'),
    "another encoding": lambda: sign(header(), '{"sub": "user_1"}'.encode("utf-16")),
}


@pytest.mark.parametrize("name", NO_TOKENS)
def test_what_is_no_token_is_refused(trusting: Checker, name: str) -> None:
    token = NO_TOKENS[name]()

    assert reason(trusting, token) == "token-invalid"
    state = trusting.authenticate_request({"authorization": f"Bearer {token}"})
    assert (state.status, state.is_authenticated) == ("signed-out", False)


def test_a_second_spelling_of_the_same_bytes_is_refused(trusting: Checker) -> None:
    signed, _, signature = session_token().rpartition(".")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = alphabet[alphabet.index(signature[-1]) + 1]

    assert len(signature) % 4 == 2
    assert reason(trusting, f"{signed}.{signature[:-1]}{other}") == "token-invalid"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"typ": "at+jwt"}, "token-invalid"),
        ({"typ": None}, "token-invalid"),
        ({"typ": "jwt"}, "token-invalid"),
        ({"crit": []}, "token-invalid"),
        ({"crit": ["exp"]}, "token-invalid"),
        ({"cat": "cl_B7d4PD333AAA"}, "token-invalid"),
        ({"alg": "none"}, "token-invalid-algorithm"),
        ({"alg": "HS256"}, "token-invalid-algorithm"),
        ({"alg": "PS256"}, "token-invalid-algorithm"),
        ({"alg": ["RS256"]}, "token-invalid-algorithm"),
        ({"alg": None}, "token-invalid-algorithm"),
        ({"alg": ...}, "token-invalid-algorithm"),
    ],
)
def test_headers_that_are_refused(checker: MakeChecker, changes: dict[str, Any], expected: str) -> None:
    token = sign(header(**changes), claims())

    assert reason(checker(jwt_key=pem()), token) == expected
    assert reason(checker(**with_secret_key()), token) == expected  # without a request


@pytest.mark.parametrize(
    "changes", [{"typ": ...}, {"cat": ...}, {"cat": "cl_B7d4PD222AAA"}, {"kid": ...}, {"x5u": "https://a"}]
)
def test_headers_that_are_taken(trusting: Checker, changes: dict[str, Any]) -> None:
    assert trusting.verify_token(sign(header(**changes), claims())) == claims()


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512"])
@pytest.mark.parametrize("bits", [2048, 3072])
def test_any_rsa_key_will_do(checker: MakeChecker, algorithm: str, bits: int) -> None:
    token = sign(header(alg=algorithm), claims(), f"of {bits}", bits=bits)

    assert checker(jwt_key=pem(f"of {bits}", bits)).verify_token(token) == claims()


def test_a_forged_signature_is_refused(trusting: Checker) -> None:
    signed, _, signature = session_token().rpartition(".")

    assert reason(trusting, sign(header(), claims(), "stranger")) == "token-invalid-signature"
    assert reason(trusting, f"{signed}.") == "token-invalid-signature"
    assert reason(trusting, f"{signed}.{encoded(bytes(256))}") == "token-invalid-signature"
    assert (
        reason(trusting, f"{session_token(sub='user_2').rpartition('.')[0]}.{signature}") == "token-invalid-signature"
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sub": ...}, "token-verification-failed"),
        ({"sub": ""}, "token-verification-failed"),
        ({"sub": 5}, "token-verification-failed"),
        ({"exp": ...}, "token-verification-failed"),
        ({"exp": None}, "token-verification-failed"),
        ({"exp": True}, "token-verification-failed"),
        ({"exp": str(NOW + 60)}, "token-verification-failed"),
        ({"exp": NOW - 5}, "token-expired"),
        ({"exp": NOW - 4.999}, None),
        ({"exp": 10**400}, None),
        ({"exp": -(10**400)}, "token-expired"),
        ({"nbf": None}, "token-verification-failed"),
        ({"nbf": NOW + 5}, None),
        ({"nbf": NOW + 5.001}, "token-not-active-yet"),
        ({"nbf": ...}, None),
        ({"iat": False}, "token-verification-failed"),
        ({"iat": NOW + 5}, None),
        ({"iat": NOW + 6}, "token-iat-in-the-future"),
        ({"iat": ...}, None),
    ],
)
def test_claims_about_time_and_subject(trusting: Checker, changes: dict[str, Any], expected: str | None) -> None:
    token = session_token(**changes)

    if expected is None:
        assert trusting.verify_token(token) == claims(**changes)
    else:
        assert reason(trusting, token) == expected


def test_a_number_beyond_all_floats_is_none(trusting: Checker) -> None:
    content = '{"sub": "user_1", "exp": 1e999}'

    assert reason(trusting, sign(header(), content)) == "token-verification-failed"


def test_the_skew_is_the_callers(trusting: Checker) -> None:
    token = session_token(exp=NOW - 20)

    assert reason(trusting, token) == "token-expired"
    assert reason(trusting, token, clock_skew=20) == "token-expired"
    assert trusting.verify_token(token, clock_skew=20.001)["sub"] == "user_1"
    assert reason(trusting, session_token(exp=NOW), clock_skew=0) == "token-expired"


@pytest.mark.parametrize(
    ("options", "changes", "expected"),
    [
        ({"authorized_parties": ["https://app.example.com"]}, {}, None),
        ({"authorized_parties": []}, {"azp": ...}, None),
        ({"authorized_parties": ["https://app.example.co"]}, {}, "token-invalid-authorized-parties"),
        ({"authorized_parties": ["https://app.example.com.evil"]}, {}, "token-invalid-authorized-parties"),
        ({"authorized_parties": ["https://app.example.com"]}, {"azp": ...}, "token-invalid-authorized-parties"),
        ({"authorized_parties": ["https://a"]}, {"azp": ["https://a"]}, "token-invalid-authorized-parties"),
        ({"authorized_parties": [""]}, {"azp": ""}, "token-invalid-authorized-parties"),
        ({"audience": "api"}, {}, None),
        ({"audience": "api"}, {"aud": []}, None),
        ({"audience": "api"}, {"aud": ""}, None),
        ({"audience": ""}, {"aud": "web"}, None),
        ({"audience": "api"}, {"aud": "api"}, None),
        ({"audience": ["web", "api"]}, {"aud": ["x", "api"]}, None),
        ({"audience": "api"}, {"aud": "web"}, "token-verification-failed"),
        ({"audience": "api"}, {"aud": ["web"]}, "token-verification-failed"),
        ({"audience": "api"}, {"aud": [5, "api"]}, "token-verification-failed"),
        ({"audience": "api"}, {"aud": {"api": True}}, "token-verification-failed"),
        ({}, {"aud": "web"}, None),
        ({"issuer": "https://clerk.example.com"}, {}, None),
        ({"issuer": ["https://a", "https://clerk.example.com"]}, {}, None),
        ({"issuer": "https://clerk.example"}, {}, "token-invalid-issuer"),
        ({"issuer": "https://clerk.example.com"}, {"iss": ...}, "token-invalid-issuer"),
    ],
)
def test_what_a_caller_demands(
    trusting: Checker, options: dict[str, Any], changes: dict[str, Any], expected: str | None
) -> None:
    token = session_token(**changes)

    if expected is None:
        assert trusting.verify_token(token, **options) == claims(**changes)
    else:
        assert reason(trusting, token, **options) == expected


@pytest.mark.parametrize(
    "options",
    [
        {"authorized_parties": "https://app.example.com"},
        {"authorized_parties": [1]},
        {"audience": 5},
        {"issuer": b"x"},
        {"clock_skew": -1},
        {"clock_skew": float("nan")},
        {"clock_skew": True},
        {"clock_skew": "5"},
        {"jwt_key": 5},
        {"jwt_key": "no key"},
    ],
)
def test_options_that_cannot_be_used(trusting: Checker, options: dict[str, Any]) -> None:
    with pytest.raises(ClerkConfigurationError):
        trusting.verify_token(session_token(), **options)


@pytest.mark.parametrize(
    "shape",
    [
        lambda key: key,
        lambda key: key.replace("\n", "\r\n"),
        lambda key: key.replace("\n", "\\n"),
        lambda key: key.replace("\n", ""),
        lambda key: f"\n\n  {key}  ",
        lambda key: "".join(key.splitlines()[1:-1]),
    ],
)
def test_a_key_in_any_dress(checker: MakeChecker, monkeypatch: pytest.MonkeyPatch, shape: Any) -> None:
    assert checker(jwt_key=shape(pem())).verify_token(session_token())["sub"] == "user_1"
    monkeypatch.setenv("CLERK_JWT_KEY", shape(pem()))
    assert checker().verify_token(session_token())["sub"] == "user_1"
    assert checker(jwt_key=pem("stranger")).verify_token(session_token(), jwt_key=shape(pem()))["sub"] == "user_1"


def test_without_any_key(checker: MakeChecker) -> None:
    assert reason(checker(), session_token()) == "jwk-failed-to-resolve"
    assert checker().authenticate_request([("Authorization", f"Bearer {session_token()}")]).reason == (
        "jwk-failed-to-resolve"
    )


def test_keys_that_the_instance_publishes(checker: MakeChecker) -> None:
    client = checker(lambda _: httpx.Response(200, json={"keys": [jwk()]}), **with_secret_key())

    assert client.verify_token(session_token()) == claims()
    assert client.authenticate_request({"AUTHORIZATION": f"bearer   {session_token()}"}).auth.user_id == "user_1"
    assert [str(request.url) for request in client.requests] == ["https://api.clerk.com/v1/jwks"]


def test_the_default_clients_have_both_methods(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLERK_JWT_KEY", pem())

    assert clerk.clerk_client.verify_token(session_token(exp=10**11)) == claims(exp=10**11)
    assert clerk.async_clerk_client.verify_token.__doc__
    assert clerk.clerk_client.authenticate_request({}).status == "signed-out"


def test_no_error_shows_or_carries_the_token(trusting: Checker) -> None:
    token = session_token(exp=NOW - 60)
    with pytest.raises(TokenVerificationError) as caught:
        trusting.verify_token(token)

    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    ours = [frame for frame in frames if "/clerk/" in frame.f_code.co_filename]
    assert ours
    assert token not in str([frame.f_locals for frame in ours])


def test_a_closed_client_checks_nothing(trusting: Checker) -> None:
    trusting.close()
    if trusting._loop is None:
        with pytest.raises(ClerkError, match="closed"):
            trusting.verify_token(session_token())


def test_key_ids_of_strangers_are_not_told(checker: MakeChecker) -> None:
    client = checker(lambda _: httpx.Response(200, json={"keys": [jwk(kid="ins_secret")]}), **with_secret_key())
    with pytest.raises(TokenVerificationError) as caught:
        client.verify_token(session_token())

    assert caught.value.reason == "jwk-kid-mismatch"
    assert "ins_secret" not in str(caught.value)
    assert KID not in str(caught.value)
    assert private_key() is private_key()
