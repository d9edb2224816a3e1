"""Browsers on their way back from a handshake, and sessions that are refreshed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.auth.tokens import (
    DEVELOPMENT_HOST,
    MACHINE,
    NOTHING,
    NOW,
    TEMPLATE,
    claims,
    header,
    pem,
    session_token,
    sign,
)

from .cases import DEVELOPMENT, KEYS, ORIGIN, Answers, Case, authenticates, client_options, page, request
from .request_cases import cookies, suffix

PAYLOAD = "GET /clients/handshake_payload"
REFRESH = "POST /sessions/sess_1/refresh"


def cases() -> Iterator[Case]:
    """Return the cases."""
    yield from _nonces()
    yield from _tokens()
    yield from _refreshes()


def directives(token: str | None = None) -> list[str]:
    """Return what a handshake brings."""
    found = [f"__client_uat={NOW - 1}; Path=/; Domain=example.com", "__refresh=rt_1; HttpOnly"]
    return found if token is None else [*found, f"__session={token}; Path=/; Secure", f"__session{suffix()}={token}"]


def _with_payload(answer: list[Any] | None) -> Answers:
    return {**KEYS} if answer is None else {**KEYS, PAYLOAD: answer}


def _nonces() -> Iterator[Case]:
    good, other = session_token(), session_token(sub="user_2")
    for name, answer, why in (
        ("good", [200, {"directives": directives(good)}], ""),
        ("without a session", [200, {"directives": directives()}], ""),
        ("with an empty session", [200, {"directives": [*directives(good), "__session=; Max-Age=0"]}], ""),
        ("with two sessions", [200, {"directives": [f"__session={other}", f"__session={good}"]}], ""),
        ("with nothing", [200, {"directives": []}], ""),
        ("with an expired session", [200, {"directives": directives(session_token(exp=NOW - 60))}], ""),
        ("with a session of the future", [200, {"directives": directives(session_token(iat=NOW + 60))}], ""),
        ("with a forged session", [200, {"directives": directives(sign(header(), claims(), "stranger"))}], ""),
        ("with rubbish", [200, {"directives": ["__session=rubbish"]}], ""),
        ("unknown", [404, {"errors": [{"code": "resource_not_found", "message": "m"}]}], ""),
        ("refused", [401, {"errors": [{"code": "clerk_key_invalid", "message": "m"}]}], ""),
        ("while the service is down", [503, "x", "text/plain"], ""),
        ("without a connection", None, ""),
    ):
        sent = {"cookie": "__clerk_handshake_nonce=n1"}
        answers = _with_payload(answer)
        yield authenticates(f"a nonce as a cookie, {name}", page(sent), why, answers=answers)
        client = client_options(**DEVELOPMENT)
        yield authenticates(
            f"a nonce as a cookie, in development, {name}", page(sent), why, answers=answers, client=client
        )
        url = f"{ORIGIN}/page?a=1&__clerk_handshake_nonce=n1&__clerk_help=1&__clerk_db_jwt=dvb_1"
        client = client_options(**DEVELOPMENT)
        yield authenticates(
            f"a nonce in the query, in development, {name}", page({}, url=url), why, answers=answers, client=client
        )
    signed_in = cookies(session=good, uat=NOW - 9)
    url = f"{ORIGIN}/page?__clerk_handshake_nonce=n1"
    answers = _with_payload([200, {"directives": directives(other)}])
    yield authenticates(
        "a nonce in the query, in production", page({}, url=url), "handshake in the query", answers=answers
    )
    yield authenticates(
        "a nonce in the query, in production, signed in",
        page(signed_in, url=url),
        "handshake in the query",
        answers=answers,
    )
    both = {"cookie": f"{signed_in['cookie']}; __clerk_handshake_nonce=n1"}
    yield authenticates("a nonce beside a session", page(both), answers=answers)
    yield authenticates("a nonce of a POST", request(both, method="POST"), answers=answers)
    yield authenticates(
        "a nonce beside a header token", page({**both, "authorization": f"Bearer {good}"}), answers=answers
    )
    expired = {"cookie": f"__session={session_token(exp=NOW - 9)}; __client_uat={NOW - 90}; __clerk_handshake_nonce=n1"}
    failed = _with_payload([200, {"directives": directives("rubbish")}])
    yield authenticates("a failed handshake beside an expired session", page(expired), answers=failed)
    party = ["https://other.example"]
    yield authenticates("a nonce, another party is wanted", page(both), answers=answers, authorized_parties=party)


def handshake_token(*, key: str = "instance", header_changes: dict[str, Any] | None = None, **changes: Any) -> str:
    """Return the token of a handshake."""
    return sign(header(**(header_changes or {})), {"handshake": directives(session_token()), **changes}, key)


def _tokens() -> Iterator[Case]:
    for name, token, why in (
        ("good", handshake_token(), ""),
        ("expired", handshake_token(exp=NOW - 99), ""),
        ("of the class that says nothing", handshake_token(header_changes={"cat": NOTHING}), ""),
        ("of no class", handshake_token(header_changes={"cat": ...}), ""),
        ("without a session", handshake_token(handshake=directives()), ""),
        ("with nothing", handshake_token(handshake=[]), ""),
        ("with text in place of the list", handshake_token(handshake="__session=x"), ""),
        ("with an expired session", handshake_token(handshake=directives(session_token(exp=NOW - 60))), ""),
        ("with a forged session", handshake_token(handshake=directives(sign(header(), claims(), "stranger"))), ""),
    ):
        yield from _brought(name, token, why)
    for name, token in (
        ("forged", handshake_token(key="stranger")),
        ("of a template", handshake_token(header_changes={"cat": TEMPLATE})),
        ("of a machine", handshake_token(header_changes={"cat": MACHINE})),
        ("of another type", handshake_token(header_changes={"typ": "at+jwt"})),
        ("of another algorithm", handshake_token(header_changes={"alg": "none"})),
        ("of an unknown key", handshake_token(header_changes={"kid": "ins_other"})),
        ("rubbish", "rubbish"),
    ):
        yield from _brought(name, token, "")
    url = f"{ORIGIN}/page?__clerk_handshake={handshake_token()}"
    yield authenticates("a handshake token in the query, in production", page({}, url=url), "handshake in the query")
    crossing = handshake_token(handshake=["a=b\r\nX-Evil: 1", *directives(session_token())])
    yield authenticates(
        "a handshake token with a line break",
        page({"cookie": f"__clerk_handshake={crossing}"}),
        "line breaks in headers",
    )


def _brought(name: str, token: str, why: str) -> Iterator[Case]:
    sent = {"cookie": f"__clerk_handshake={token}"}
    yield authenticates(f"a handshake token, {name}", page(sent), why, client=client_options(jwt_key=pem()))
    client = client_options(**DEVELOPMENT, jwt_key=pem())
    failing = name in ("of a machine", "of a template", "forged", "of another type", "of another algorithm", "rubbish")
    why = "handshake errors" if failing else why
    yield authenticates(f"a handshake token, in development, {name}", page(sent), why, client=client)
    client = client_options(**DEVELOPMENT, jwt_key=pem())
    url = f"{ORIGIN}/page?__clerk_handshake={token}&a=1"
    yield authenticates(
        f"a handshake token in the query, in development, {name}", page({}, url=url), why, client=client
    )


def _refreshes() -> Iterator[Case]:
    old = session_token(exp=NOW - 60, iat=NOW - 120)
    new, forged = session_token(), sign(header(), claims(), "stranger")
    sent = cookies(session=old, uat=NOW - 200, refresh_s="rt_1")
    for name, answer, why in (
        ("good", [200, {"object": "cookies", "cookies": directives(new)}], ""),
        ("without cookies", [200, {"object": "cookies", "cookies": []}], ""),
        (
            "with a forged session",
            [200, {"object": "cookies", "cookies": directives(forged)}],
            "keys replaced under the same id",
        ),
        ("without a session", [200, {"object": "cookies", "cookies": directives()}], ""),
        ("refused", [401, {"errors": [{"code": "session_not_found", "message": "m"}]}], ""),
        ("refused for an unexpected error", [500, {"errors": [{"code": "unexpected_error", "message": "m"}]}], ""),
        ("refused without a reason", [400, {"errors": []}], ""),
        ("while the service is down", [503, "x", "text/plain"], ""),
        ("without a connection", None, ""),
    ):
        answers = dict(KEYS) if answer is None else {**KEYS, REFRESH: answer}
        yield authenticates(f"a refresh, {name}", request(sent), why, answers=answers)
        yield authenticates(f"a refresh of a page, {name}", page(sent), why, answers=answers)
    answers = {**KEYS, REFRESH: [200, {"object": "cookies", "cookies": directives(new)}]}
    yield authenticates("no refresh of a POST", request(sent, method="POST"), answers=answers)
    yield authenticates(
        "no refresh by a plain cookie", request(cookies(session=old, uat=NOW - 200, refresh="rt_1")), answers=answers
    )
    suffixed = cookies(session_s=old, uat_s=NOW - 200, refresh_s="rt_1")
    yield authenticates("a refresh of the suffixed set", request(suffixed), answers=answers)
    nameless = cookies(session=session_token(exp=NOW - 60, sid=...), uat=NOW - 200, refresh_s="rt_1")
    yield authenticates("no refresh without a session id", request(nameless), answers=answers)
    future = cookies(session=session_token(nbf=NOW + 60), uat=NOW - 200, refresh_s="rt_1")
    yield authenticates("no refresh of a session not active yet", request(future), answers=answers)
    bearer = {"authorization": f"Bearer {old}", **sent}
    yield authenticates("no refresh of a header token", request(bearer), "header token and cookies", answers=answers)
    development = {
        "cookie": f"{sent['cookie'].replace(suffix(), suffix(DEVELOPMENT['publishable_key']))}; __clerk_db_jwt=d"
    }
    foreign = development["cookie"].replace(
        old, session_token(exp=NOW - 60, iat=NOW - 120, iss=f"https://{DEVELOPMENT_HOST}")
    )
    client = client_options(**DEVELOPMENT)
    yield authenticates("a refresh in development", request({"cookie": foreign}), answers=answers, client=client)
