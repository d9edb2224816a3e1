"""Whatever a stranger sends ends in a state or in one error, and takes time in proportion to its length."""

from __future__ import annotations

import json
import sys
from typing import Any, Self

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from clerk import ClerkClient, TokenVerificationError
from clerk.auth import RequestState
from clerk.auth._key_ring import KeyRing

from .tokens import HOST, NOW, claims, encoded, header, jwk, pem, publishable_key, session_token, sign

ANY_TEXT = st.text(st.characters(codec=None), max_size=60)  # half surrogate pairs too
NUMBERS = st.one_of(st.integers(), st.floats(), st.integers(min_value=10**20), st.booleans(), st.none())
ANY_JSON = st.recursive(
    st.one_of(NUMBERS, ANY_TEXT),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(ANY_TEXT, inner)),
    max_leaves=8,
)
CLAIM_NAMES = [
    "sub",
    "exp",
    "nbf",
    "iat",
    "iss",
    "azp",
    "aud",
    "sid",
    "sts",
    "v",
    "o",
    "fea",
    "pla",
    "fva",
    "act",
    "jti",
]
CLAIM_NAMES += ["org_id", "org_role", "org_permissions", "scopes", "scope", "scp", "client_id", "handshake"]
CLAIMS = st.dictionaries(st.sampled_from(CLAIM_NAMES), ANY_JSON)
HEADER_PARTS = st.dictionaries(st.sampled_from(["alg", "typ", "kid", "cat", "crit", "x5u"]), ANY_JSON)
NAMES = [
    *("authorization", "cookie", "host", "accept", "sec-fetch-dest", "referer", "origin"),
    *("x-forwarded-host", "x-forwarded-proto"),
]
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=150)

KEY = publishable_key()
DEVELOPMENT_KEY = publishable_key(HOST, "test")


def client(**options: Any) -> ClerkClient:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"keys": [jwk()]} if request.url.path.endswith("/jwks") else {"x": []})

    http_options: Any = {"transport": httpx.MockTransport(answer)}
    made = ClerkClient(secret_key="sk_test_x", http_options=http_options, **options)
    made._state().key_ring = KeyRing(lambda: NOW)
    return made


WITH_KEY = client(jwt_key=pem(), publishable_key=KEY)
CLIENTS = [client(), WITH_KEY, client(publishable_key=DEVELOPMENT_KEY, jwt_key=pem())]
OPTIONS: list[dict[str, Any]] = [
    {},
    {"authorized_parties": ["https://app.example.com"], "audience": "api", "issuer": "https://clerk.example.com"},
    {"accepts_token": "any"},
    {"accepts_token": ["oauth_token", "session_token"], "audience": ["api"], "treat_pending_as_signed_out": False},
    {"accepts_token": "m2m_token"},
]


def check_token(token: Any) -> None:
    for one in CLIENTS:
        try:
            said: list[object] = [one.verify_token(token)]
        except TokenVerificationError as error:
            said = [error.reason, str(error).encode()]
        assert all(said)


def check_request(request: Any) -> None:
    for one in CLIENTS:
        for options in OPTIONS:
            try:
                state = one.authenticate_request(request, **options)
            except TokenVerificationError:
                assert one is CLIENTS[2]  # a handshake in development
                continue
            check_state(state)


def check_state(state: RequestState[Any]) -> None:
    assert state.status in ("signed-in", "signed-out", "handshake")
    assert state.is_authenticated is state.auth.is_authenticated
    assert state.is_authenticated <= (state.status == "signed-in")
    for asked in (
        {"role": "admin"},
        {"permission": "org:a:b"},
        {"feature": "a"},
        {"plan": "b"},
        {"reverification": "lax"},
    ):
        assert isinstance(state.auth.has(**asked), bool)
    for name, value in state.headers:
        assert name.isascii()
        assert value.encode("ascii")
        assert value.isprintable()
    repr(state)


@SLOW
@given(st.one_of(ANY_TEXT, st.binary(max_size=60), st.none(), st.integers()))
@example("." * 10_000)
@example("\udcff.\udcff.\udcff")
def test_anything_as_a_token(token: Any) -> None:
    check_token(token)
    if isinstance(token, str):
        check_request({"authorization": token})
        check_request({"authorization": f"Bearer {token}"})
        check_request({"cookie": f"__session={token}; __client_uat=1; __clerk_db_jwt=x"})


@SLOW
@given(st.lists(st.binary(max_size=40), min_size=1, max_size=4))
def test_anything_encoded_as_a_token(parts: list[bytes]) -> None:
    token = ".".join(encoded(part) for part in parts)
    check_token(token)
    check_request({"authorization": f"Bearer {token}"})


@SLOW
@given(CLAIMS, HEADER_PARTS)
@example({"o": {"id": "x", "per": "a", "fpm": "9" * 9999}, "fea": "o:x", "v": 2}, {})
@example({"fva": [10**400, 1]}, {})
@example({"exp": 10**400, "nbf": -(10**400)}, {})
@example({"sub": "mch_\udcff", "scopes": "\ud800"}, {})
@example({"handshake": [""]}, {})
def test_anything_signed(some_claims: dict[str, Any], some_header: dict[str, Any]) -> None:
    for token in (
        sign({**header(), **some_header}, {**claims(), **some_claims}),
        sign({**header(), **some_header, "typ": "at+jwt"}, {**claims(), **some_claims}),
        sign(header(), some_claims),
    ):
        check_token(token)
        check_request({"authorization": f"Bearer {token}"})
        check_request(
            {"cookie": f"__session={token}; __client_uat={NOW - 9}; __clerk_db_jwt=x; __clerk_handshake={token}"}
        )


@SLOW
@given(st.dictionaries(st.sampled_from(NAMES), ANY_TEXT), st.sampled_from(["GET", "POST", "", "x"]), ANY_TEXT)
@example({"sec-fetch-dest": "document", "host": "a\r\nb", "cookie": "__client_uat=1"}, "GET", "http://[::1")
def test_any_headers_and_address(headers: dict[str, str], method: str, url: str) -> None:
    request = type("Request", (), {"headers": headers, "method": method, "url": url})()
    check_request(request)
    check_request({**headers, "cookie": f"__client_uat=1; {headers.get('cookie', '')}"})
    check_request([(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()])


@SLOW
@given(ANY_TEXT)
def test_any_neighbour_leaves_the_session_alone(neighbour: str) -> None:
    text = neighbour.replace(";", "")
    if text.partition("=")[0].strip(" \t").startswith("__"):
        return
    state = WITH_KEY.authenticate_request(
        {"cookie": f"{text}; __session={session_token()}; __client_uat={NOW - 9}; {text}"}
    )
    assert state.auth.user_id == "user_1"


class Steps:
    """Counts the lines of Python that run: time, without a clock."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> Self:
        self._before = sys.gettrace()
        sys.settrace(self._trace)
        return self

    def __exit__(self, *details: object) -> None:
        sys.settrace(self._before)

    def _trace(self, frame: Any, event: str, argument: Any) -> Any:
        self.count += 1
        return self._trace


LONG = {
    "dots": lambda size: {"authorization": "Bearer " + "." * size},
    "letters": lambda size: {"authorization": "Bearer " + "a" * size},
    "spaces": lambda size: {"authorization": "Bearer" + " " * size},
    "cookies": lambda size: {"cookie": "a=b;" * (size // 4)},
    "semicolons": lambda size: {"cookie": ";" * size},
    "equals": lambda size: {"cookie": "=" * size},
    "percents": lambda size: {"cookie": "__session=" + "%4" * (size // 2)},
    "a query": lambda size: {"host": "a", "x-forwarded-host": "a" * size},
}


@pytest.mark.parametrize("name", LONG)
def test_time_grows_with_length_alone(name: str) -> None:
    counts = []
    WITH_KEY.authenticate_request(LONG[name](9))
    for size in (2_000, 4_000, 8_000):
        with Steps() as steps:
            WITH_KEY.authenticate_request(LONG[name](size))
        counts.append(steps.count)
    first, second = counts[1] - counts[0], counts[2] - counts[1]
    assert second <= 2 * first + 200


def test_very_long_tokens_are_read_in_one_go() -> None:
    permissions = ",".join(f"p{number}" for number in range(3000))
    token = session_token(o={"id": "x", "per": permissions, "fpm": str(2**3000 - 1)}, fea="o:f")
    auth = WITH_KEY.authenticate_request({"authorization": f"Bearer {token}"}).auth
    assert auth.org_permissions is not None
    assert len(auth.org_permissions) == 3000
    nested = sign(header(), json.dumps(claims())[:-1] + ', "x": ' + "[" * 50_000 + "]" * 50_000 + "}")
    assert WITH_KEY.authenticate_request({"authorization": f"Bearer {nested}"}).reason == "token-invalid"
