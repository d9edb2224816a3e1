"""Requests: where their token is, what their cookies say, which kinds of tokens they may come with."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any

from tests.auth.tokens import (
    DEVELOPMENT_HOST,
    HOST,
    MACHINE,
    NOTHING,
    NOW,
    TEMPLATE,
    claims,
    header,
    publishable_key,
    session_token,
    sign,
)

from .cases import DEVELOPMENT, Case, authenticates, bearer, client_options, page, request


def cases() -> Iterator[Case]:
    """Return the cases."""
    yield from _header_forms()
    yield from _header_tokens()
    yield from _cookie_decisions()
    yield from _cookie_forms()
    yield from _which_set()
    yield from _development()
    yield from _accepted_kinds()
    yield from _redirects()


def suffix(key: str | None = None) -> str:
    """Return what comes after the names of an instance's cookies."""
    digest = hashlib.sha1((key or publishable_key()).encode()).digest()
    return "_" + base64.urlsafe_b64encode(digest).decode()[:8]


def cookies(**named: object) -> dict[str, str]:
    """Return the header with cookies; `session`, `uat` and the like, and with `_s` at the end those with the suffix."""
    names = {"session": "__session", "uat": "__client_uat", "refresh": "__refresh", "browser": "__clerk_db_jwt"}
    pairs = []
    for name, value in named.items():
        plain = name.removesuffix("_s")
        pairs.append(f"{names[plain]}{suffix() if name.endswith('_s') else ''}={value}")
    return {"cookie": "; ".join(pairs)}


def _header_forms() -> Iterator[Case]:
    token = session_token()
    for name, value, why in (
        ("Bearer and a space", f"Bearer {token}", ""),
        ("bearer in small letters", f"bearer {token}", "spelling of Bearer"),
        ("BEARER in capitals", f"BEARER {token}", "spelling of Bearer"),
        ("several spaces", f"Bearer   {token}", "spelling of Bearer"),
        ("white space around", f"  Bearer {token}  ", ""),
        ("no scheme", token, ""),
        ("a word after the token", f"Bearer {token} x", ""),
        ("Basic", "Basic dXNlcjpwYXNz", ""),
        ("Token", f"Token {token}", ""),
        ("Bearer alone", "Bearer", ""),
        ("empty", "", ""),
        ("rubbish", "Bearer x.y.z", ""),
        ("two tokens", f"Bearer {token}, Bearer {token}", ""),
    ):
        yield authenticates(f"Authorization: {name}", request({"authorization": value}), why)
        both = {"authorization": value, **cookies(session=token, uat=NOW - 9)}
        is_same = value.split(" ")[0].lower() == "bearer" and "  " not in value
        yield authenticates(f"Authorization: {name}; and a good cookie", request(both), "" if is_same else why)
    yield authenticates("nothing at all", request({}))


def _header_tokens() -> Iterator[Case]:
    for name, token in {
        "good": session_token(),
        "of version 1": session_token(
            v=..., org_id="org_1", org_role="org:admin", org_permissions=["org:a:b"], org_slug="s"
        ),
        "pending": session_token(sts="pending"),
        "without a session id": session_token(sid=...),
        "with an actor": session_token(act={"sub": "user_2", "type": "agent"}),
        "with ages": session_token(fva=[3, -1]),
        "expired": session_token(exp=NOW - 60),
        "not active yet": session_token(nbf=NOW + 60),
        "issued in the future": session_token(iat=NOW + 60),
        "forged": sign(header(), claims(), "stranger"),
        "of an unknown key": sign(header(kid="ins_other"), claims()),
        "without a subject": session_token(sub=...),
        "of a template": sign(header(cat=TEMPLATE), claims()),
        "of a machine by its class": sign(header(cat=MACHINE), claims()),
        "of a machine by its subject": session_token(sub="mch_1"),
        "of an application by its type": sign(header(typ="at+jwt", cat=...), claims()),
        "of no class": sign(header(cat=...), claims()),
        "of the class that says nothing": sign(header(cat=NOTHING), claims()),
        "opaque, of a machine": "mt_1234",
        "opaque, of an application": "oat_1234",
        "an API key": "ak_1234",
    }.items():
        yield authenticates(f"a token in the header, {name}", request(bearer(token)))
        yield authenticates(f"a token in the header of a page, {name}", page(bearer(token)))
        yield authenticates(f"a token in the header of a POST, {name}", request(bearer(token), method="POST"))
    pending = session_token(sts="pending")
    yield authenticates("pending taken as signed in", request(bearer(pending)), treat_pending_as_signed_out=False)
    other = session_token(azp="https://evil.example")
    yield authenticates("of another party", request(bearer(other)), authorized_parties=["https://app.example.com"])
    yield authenticates("of another issuer", request(bearer(other)), issuer="https://other.example")
    yield authenticates("of another audience", request(bearer(session_token(aud="x"))), audience="y")


def _cookie_decisions() -> Iterator[Case]:
    tokens = {
        "no session": None,
        "a good session": session_token(),
        "an expired session": session_token(exp=NOW - 60),
        "a session not active yet": session_token(nbf=NOW + 60),
        "a session of the future": session_token(iat=NOW + 60),
        "a forged session": sign(header(), claims(), "stranger"),
        "a session of another party": session_token(azp="https://evil.example"),
        "a pending session": session_token(sts="pending"),
        "a machine's JWT": session_token(sub="mch_1"),
        "an access token": sign(header(typ="at+jwt", cat=...), claims()),
        "a template's token": sign(header(cat=TEMPLATE), claims()),
        "rubbish": "rubbish",
        "a machine's opaque token": "mt_1234",
    }
    for name, token in tokens.items():
        for uat in (None, 0, NOW - 60, NOW + 1, "x", "12abc"):
            sent = {**({} if token is None else {"session": token}), **({} if uat is None else {"uat": uat})}
            asked: dict[str, Any] = {"authorized_parties": ["https://app.example.com"]}
            yield authenticates(f"cookies: {name}, uat {uat}", request(cookies(**sent)), **asked)
            yield authenticates(f"cookies of a page: {name}, uat {uat}", page(cookies(**sent)), **asked)
    good = cookies(session=session_token(), uat=NOW - 9)
    expired = cookies(session=session_token(exp=NOW - 60), uat=NOW - 90)
    yield authenticates("an expired session of a POST", request(expired, method="POST"))
    yield authenticates("a good session of a POST", request(good, method="POST"))
    yield authenticates("a session without iat", request(cookies(session=session_token(iat=...), uat=NOW - 9)))


def _cookie_forms() -> Iterator[Case]:
    token = session_token()
    pair = f"__session={token}; __client_uat={NOW - 9}"
    for name, text in {
        "without spaces": pair.replace("; ", ";"),
        "with many spaces": pair.replace("; ", "  ;   "),
        "with a neighbour of JSON": f'x={{"a":[1,2]}}; {pair}',
        "with a neighbour without a value": f"x; {pair}",
        "with a neighbour without a name": f"=x; {pair}",
        "with a neighbour with spaces": f"a b=c d; {pair}",
        "with a neighbour in quotes": f'x="a;b"; {pair}',
        "with an empty neighbour": f";; ; {pair};",
        "with a bad escape in a neighbour": f"x=%E0%A4%A; {pair}",
        "twice, the first is good": f"{pair}; __session=x; __client_uat=0",
        "twice, the first is bad": f"__session=x; __client_uat={NOW - 9}; {pair}",
        "in quotes": f'__session="{token}"; __client_uat={NOW - 9}',
        "escaped": f"__session={token.replace('.', '%2E')}; __client_uat={NOW - 9}",
        "with an empty session": f"__session=; __client_uat={NOW - 9}",
        "in capitals": pair.upper().replace(token.upper(), token),
        "with a longer name": f"x__session={token}; __session_=x; __client_uat={NOW - 9}",
        "of somebody else's suffix": f"__session_abcdefgh={token}; __client_uat_abcdefgh={NOW - 9}",
    }.items():
        yield authenticates(f"cookies {name}", request({"cookie": text}))


def _which_set() -> Iterator[Case]:
    old, new = session_token(iat=NOW - 50, sub="user_old"), session_token(iat=NOW - 10, sub="user_new")
    foreign = session_token(iss="https://clerk.other.example", sub="user_foreign")
    expired = session_token(exp=NOW - 20, iat=NOW - 80, sub="user_expired")
    sets: dict[str, dict[str, object]] = {
        "only plain": {"session": old, "uat": NOW - 90},
        "only suffixed": {"session_s": old, "uat_s": NOW - 90},
        "both, plain is newer": {"session": new, "uat": NOW - 90, "session_s": old, "uat_s": NOW - 90},
        "both, suffixed is newer": {"session": old, "uat": NOW - 90, "session_s": new, "uat_s": NOW - 90},
        "both of one age": {"session": old, "uat": NOW - 90, "session_s": old, "uat_s": NOW - 90},
        "plain without issuer": {
            "session": session_token(iss=..., sub="user_plain"),
            "uat": NOW - 90,
            "session_s": old,
            "uat_s": NOW - 90,
        },
        "plain with an empty issuer": {
            "session": session_token(iss="", sub="user_plain"),
            "uat": NOW - 90,
            "session_s": old,
            "uat_s": NOW - 90,
        },
        "plain with an issuer that is a number": {
            "session": session_token(iss=5, sub="user_plain"),
            "uat": NOW - 90,
            "session_s": old,
            "uat_s": NOW - 90,
        },
        "plain of another instance": {"session": foreign, "uat": NOW - 90, "session_s": old, "uat_s": NOW - 90},
        "plain of another instance alone": {"session": foreign, "uat": NOW - 90},
        "suffixed signed out": {"session": old, "uat": NOW - 90, "session_s": new, "uat_s": 0},
        "plain signed out": {"session": new, "uat": 0, "session_s": old, "uat_s": NOW - 90},
        "both signed out": {"session": new, "uat": 0, "session_s": old, "uat_s": 0},
        "suffixed session without suffixed uat": {"session": old, "uat": NOW - 90, "session_s": old},
        "suffixed uat without suffixed session": {"session": old, "uat": NOW - 90, "uat_s": NOW - 90},
        "suffixed session alone": {"session_s": old},
        "suffixed uat alone": {"uat_s": NOW - 90},
        "plain uat beside suffixed": {"uat": NOW - 90, "session_s": old, "uat_s": NOW - 90},
        "suffixed is rubbish": {"session": old, "uat": NOW - 90, "session_s": "x", "uat_s": NOW - 90},
        "suffixed is expired": {"session": new, "uat": 0, "session_s": expired, "uat_s": NOW - 90},
    }
    for name, sent in sets.items():
        yield authenticates(f"two sets: {name}", request(cookies(**sent)))
        yield authenticates(
            f"two sets in development: {name}", request(_renamed(sent)), client=client_options(**DEVELOPMENT)
        )
    rubbish = cookies(session="rubbish", uat=NOW - 90, session_s=old, uat_s=NOW - 90)
    yield authenticates("two sets: plain is no token at all", request(rubbish), "invalid session cookie")


def _renamed(sent: dict[str, object]) -> dict[str, str]:
    ours = {name: _of_development(value) for name, value in sent.items()}
    found = cookies(**ours, browser="dvb_1", browser_s="dvb_2")
    return {"cookie": found["cookie"].replace(suffix(), suffix(DEVELOPMENT["publishable_key"]))}


def _of_development(value: object) -> object:
    return value


def _development() -> Iterator[Case]:
    token = session_token(iss=f"https://{DEVELOPMENT_HOST}")
    good: dict[str, object] = {"session": token, "uat": NOW - 9}
    for name, sent, url in (
        ("without a known browser", good, "https://app.example.com/page"),
        ("with a known browser", {**good, "browser": "dvb_1"}, "https://app.example.com/page"),
        ("with the browser in the query", good, "https://app.example.com/page?a=1&__clerk_db_jwt=dvb_2"),
        (
            "with an empty browser in the query",
            {**good, "browser": "dvb_1"},
            "https://app.example.com/page?__clerk_db_jwt=",
        ),
        ("with nothing", {}, "https://app.example.com/page"),
    ):
        asked = cookies(**sent) if sent else {}
        yield authenticates(f"development: {name}", request(asked, url=url), client=client_options(**DEVELOPMENT))
        yield authenticates(f"development, a page: {name}", page(asked, url=url), client=client_options(**DEVELOPMENT))
    expired = cookies(
        session=session_token(exp=NOW - 60, iss=f"https://{DEVELOPMENT_HOST}"), uat=NOW - 90, browser="dvb_1"
    )
    yield authenticates(
        "development, a page with an expired session", page(expired), client=client_options(**DEVELOPMENT)
    )
    yield authenticates("development, a header token", request(bearer(token)), client=client_options(**DEVELOPMENT))


def _accepted_kinds() -> Iterator[Case]:
    sent = {
        "nothing": None,
        "a session token": session_token(),
        "a forged session token": sign(header(), claims(), "stranger"),
        "a template's token": sign(header(cat=TEMPLATE), claims()),
        "rubbish": "rubbish",
        "an API key": "ak_1234",
        "an M2M token": "mt_1234",
        "an OAuth token": "oat_1234",
        "an M2M JWT": sign(header(cat=MACHINE), claims(sub="mch_1")),
        "an OAuth JWT": sign(header(typ="at+jwt", cat=...), claims()),
    }
    kinds: list[Any] = [
        "session_token",
        "api_key",
        "m2m_token",
        "oauth_token",
        "any",
        ["session_token"],
        ["api_key"],
        ["api_key", "m2m_token"],
        ["session_token", "api_key"],
        ["oauth_token", "session_token"],
    ]
    for kind in kinds:
        for name, token in sent.items():
            asked = request({} if token is None else bearer(token))
            yield authenticates(f"{kind} is wanted, {name} is sent", asked, accepts_token=kind)
        cookie = cookies(session=session_token(), uat=NOW - 9)
        yield authenticates(f"{kind} is wanted, a cookie is sent", request(cookie), accepts_token=kind)
        machine = cookies(session="ak_1234", uat=NOW - 9)
        yield authenticates(f"{kind} is wanted, an API key is sent as a cookie", request(machine), accepts_token=kind)


def _redirects() -> Iterator[Case]:
    sent = cookies(uat=NOW - 9)
    for name, headers in {
        "a document": {"sec-fetch-dest": "document"},
        "a frame": {"sec-fetch-dest": "iframe"},
        "a script": {"sec-fetch-dest": "script"},
        "no browser": {},
        "an old browser": {"accept": "text/html,application/xhtml+xml"},
        "an old browser's call": {"accept": "application/json, text/html"},
        "a call that takes pages": {"sec-fetch-dest": "empty", "accept": "text/html"},
        "a document, once before": {
            "sec-fetch-dest": "document",
            "cookie": f"{sent['cookie']}; __clerk_redirect_count=1",
        },
        "a document, twice before": {
            "sec-fetch-dest": "document",
            "cookie": f"{sent['cookie']}; __clerk_redirect_count=2",
        },
        "a document, too often": {
            "sec-fetch-dest": "document",
            "cookie": f"{sent['cookie']}; __clerk_redirect_count=3",
        },
    }.items():
        for method in ("GET", "POST", "HEAD"):
            yield authenticates(f"to be renewed: {name}, {method}", request({**sent, **headers}, method=method))
    for name, url, headers in (
        ("behind a proxy", "http://10.0.0.1/a", {"x-forwarded-host": "app.example.com", "x-forwarded-proto": "https"}),
        (
            "behind two",
            "http://10.0.0.1/a",
            {"x-forwarded-host": "a.example.com, b", "x-forwarded-proto": "https,http"},
        ),
        ("with a port", "http://localhost:3000/a?b=c", {}),
        ("with a host of its own", "http://10.0.0.1/a", {"host": "app.example.com"}),
        ("with a query of many", "https://app.example.com/a?b=1&b=2&c=%20x&d", {}),
        ("with the browser's parameter", "https://app.example.com/a?__clerk_db_jwt=x&b=1&__dev_session=y", {}),
        ("at the root", "https://app.example.com", {}),
        ("with an encoded path", "https://app.example.com/a%2Fb/%E2%82%AC", {}),
    ):
        why = "query of the return URL" if "%20" in url else ""
        yield authenticates(f"renewed and back: {name}", page({**sent, **headers}, url=url), why)
    doubled = page({**sent, "x-forwarded-host": "app.example.com"}, url="https://10.0.0.1//evil.example/a")
    yield authenticates("renewed and back: a path with two slashes", doubled, "path that looks like a host")
    good = cookies(session=session_token(), uat=NOW - 9)
    for referrer in (
        "https://app.example.com/other",
        "https://evil.example/",
        f"https://{HOST}/x",
        "https://accounts.example.com/sign-in",
        "https://app.example.com:443/",
        "https://app.example.com:8443/",
        "not a url",
        "",
    ):
        asked = page({**good, "referer": referrer})
        yield authenticates(f"a page opened from {referrer!r}", asked)
        asked = request({**good, "referer": referrer, "sec-fetch-dest": "iframe"})
        yield authenticates(f"a frame opened from {referrer!r}", asked)
    once = {"cookie": f"{good['cookie']}; __clerk_redirect_count=1", "referer": "https://evil.example/"}
    yield authenticates("a page opened from elsewhere, once before", page(once))
