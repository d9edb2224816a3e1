"""Tokens of machines: JWTs and opaque ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.auth.tokens import MACHINE, NOTHING, NOW, SESSION, TEMPLATE, claims, header, sign

from .cases import KEYS, Answers, Case, authenticates, bearer, client_options, request

PLACES = {
    "m2m_token": "POST /m2m_tokens/verify",
    "oauth_token": "POST /oauth_applications/access_tokens/verify",
    "api_key": "POST /api_keys/verify",
}
OPAQUE = {"m2m_token": "mt_1", "oauth_token": "oat_1", "api_key": "ak_1"}
ANSWERS: dict[str, dict[str, Any]] = {
    "m2m_token": {
        "object": "machine_to_machine_token",
        "id": "mt_2",
        "subject": "mch_1",
        "scopes": ["mch_2"],
        "claims": {"a": 1},
        "revoked": False,
        "expired": False,
        "expiration": None,
    },
    "oauth_token": {
        "object": "clerk_idp_oauth_access_token",
        "id": "oat_2",
        "client_id": "client_1",
        "type": "oauth_token",
        "subject": "user_1",
        "scopes": ["profile"],
        "revoked": False,
        "expired": False,
    },
    "api_key": {
        "object": "api_key",
        "type": "api_key",
        "id": "ak_2",
        "name": "key",
        "subject": "user_1",
        "scopes": ["read"],
        "claims": {"a": 1},
        "revoked": False,
        "expired": False,
    },
}


def cases() -> Iterator[Case]:
    """Return the cases."""
    yield from _opaque()
    yield from _audiences()
    yield from _m2m()
    yield from _oauth()


def _sends(name: str, kind: str, token: str, answer: list[Any] | None, why: str = "", **options: Any) -> Case:
    answers: Answers = dict(KEYS)
    if answer is not None:
        answers[PLACES[kind]] = answer
    client = options.pop("client", None) or client_options()
    return authenticates(
        f"{kind}: {name}",
        request(bearer(token)),
        why,
        client=client,
        answers=answers,
        accepts_token=kind,
        has=[{"role": "a"}],
        **options,
    )


def _opaque() -> Iterator[Case]:
    for kind, answer in ANSWERS.items():
        token = OPAQUE[kind]
        yield _sends("good", kind, token, [200, answer])
        yield _sends("good, with a charset", kind, token, [200, answer, "application/json; charset=utf-8"], "charset")
        for status, code in ((401, "clerk_key_invalid"), (404, "resource_not_found"), (400, "bad_request"), (422, "x")):
            body = {"errors": [{"code": code, "message": "m", "long_message": "l"}]}
            yield _sends(f"refused with {status}", kind, token, [status, body])
        yield _sends("the service is down", kind, token, [503, "<html>", "text/html"])
        yield _sends("no connection", kind, token, None)
        yield _sends("a page in its place", kind, token, [200, "<html>", "text/html"], "undocumented object")
        yield _sends("no object", kind, token, [200, {"id": "x", "subject": "user_1"}], "undocumented object")
        yield _sends("another object", kind, token, [200, {**answer, "object": "user"}], "undocumented object")
        yield _sends("without an id", kind, token, [200, {**answer, "id": None}], "undocumented object")
        yield _sends("without a subject", kind, token, [200, {**answer, "subject": None}], "undocumented object")
        yield _sends("a list", kind, token, [200, [answer]], "undocumented object")
        yield _sends("inactive", kind, token, [200, {"active": False}], "undocumented object")
        yield _sends("revoked", kind, token, [200, {**answer, "revoked": True}], "revoked or expired")
        yield _sends("expired", kind, token, [200, {**answer, "expired": True}], "revoked or expired")
    of_organization = {**ANSWERS["api_key"], "subject": "org_1"}
    yield _sends("of an organization", "api_key", "ak_1", [200, of_organization])
    yield _sends("of a machine", "api_key", "ak_1", [200, {**ANSWERS["api_key"], "subject": "mch_1"}])
    yield _sends("without claims", "api_key", "ak_1", [200, {**ANSWERS["api_key"], "claims": None}])
    machine = client_options(machine_secret_key="ak_machine")
    yield _sends("with a machine's key", "m2m_token", "mt_1", [200, ANSWERS["m2m_token"]], client=machine)
    for wanted in ("any", ["api_key", "session_token"]):
        answers = {**KEYS, PLACES["api_key"]: [200, ANSWERS["api_key"]]}
        yield authenticates(f"{wanted}: a good API key", request(bearer("ak_1")), answers=answers, accepts_token=wanted)


def _audiences() -> Iterator[Case]:
    for shape in ("opaque", "JWT"):
        for audience in ("api", ["web", "api"], "", []):
            for claimed in (..., None, "", "api", "web", ["api"], ["web", "x"], [], [""], ["", "api"], 5, [5, "api"]):
                named = {} if claimed is ... else {"aud": claimed}
                shown = "absent" if claimed is ... else repr(claimed)
                name = f"{shape}, audience {audience!r}, aud {shown}"
                if shape == "opaque":
                    yield _sends(
                        name, "oauth_token", "oat_1", [200, {**ANSWERS["oauth_token"], **named}], audience=audience
                    )
                else:
                    yield _sends(name, "oauth_token", _access_token(**named), None, audience=audience)


def _access_token(**changes: Any) -> str:
    usual = {"jti": "oat_2", "client_id": "client_1", "scope": "profile email", "azp": ...}
    return sign(header(typ="at+jwt", cat=...), claims(**{**usual, **changes}))


def _m2m_token(header_changes: dict[str, Any] | None = None, **changes: Any) -> str:
    usual = {
        "sub": "mch_1",
        "jti": "mt_2",
        "aud": ["mch_2"],
        "scopes": "mch_2 mch_3",
        "azp": ...,
        "sid": ...,
        "sts": ...,
    }
    return sign(header(**{"cat": MACHINE, **(header_changes or {})}), claims(**{**usual, **changes}))


def _m2m() -> Iterator[Case]:
    for name, token, why in (
        ("good", _m2m_token(), ""),
        ("with claims", _m2m_token(team="blue"), ""),
        ("without scopes", _m2m_token(scopes=...), ""),
        ("without scopes and aud", _m2m_token(scopes=..., aud=...), ""),
        ("with empty scopes", _m2m_token(scopes=""), "empty scopes"),
        ("without an id", _m2m_token(jti=...), ""),
        ("expired", _m2m_token(exp=NOW - 9), ""),
        ("within the skew", _m2m_token(exp=NOW - 4), ""),
        ("without exp", _m2m_token(exp=...), ""),
        ("not active yet", _m2m_token(nbf=NOW + 9), ""),
        (
            "of the class that says nothing",
            sign(header(cat=NOTHING), claims(sub="mch_1")),
            "class of M2M tokens",
        ),
        ("of no class", sign(header(cat=...), claims(sub="mch_1")), ""),
        ("of a session's class", sign(header(cat=SESSION), claims(sub="mch_1")), ""),
        ("of a template's class", sign(header(cat=TEMPLATE), claims(sub="mch_1")), ""),
        ("of another type", _m2m_token({"typ": "at+jwt"}), "header before keys"),
        ("of no type", _m2m_token({"typ": ...}), ""),
        ("of another algorithm", _m2m_token({"alg": "HS256"}), "header before keys"),
        ("of an unknown key", _m2m_token({"kid": "ins_other"}), ""),
        ("forged", sign(header(cat=MACHINE), claims(sub="mch_1"), "stranger"), ""),
    ):
        yield _sends(f"JWT {name}", "m2m_token", token, None, why)
    yield _sends("JWT, the keys cannot be had", "m2m_token", _m2m_token(), None, client=client_options())
    yield _sends("JWT, an audience is wanted", "m2m_token", _m2m_token(), None, audience="mch_2")
    yield _sends("JWT, another audience is wanted", "m2m_token", _m2m_token(), None, audience="mch_9")
    yield _sends("JWT, a party is wanted", "m2m_token", _m2m_token(), None, authorized_parties=["https://a"])
    yield _sends("JWT, an issuer is wanted", "m2m_token", _m2m_token(), None, issuer="https://a")
    yield _sends("JWT, wanted is an access token", "oauth_token", _m2m_token(), None)
    yield _sends(
        "JWT of a machine of an application's type",
        "m2m_token",
        sign(header(typ="at+jwt", cat=...), claims(sub="mch_1")),
        None,
        "header before keys",
    )


def _oauth() -> Iterator[Case]:
    for name, token, why in (
        ("good", _access_token(), ""),
        ("of the long type", sign(header(typ="application/at+jwt", cat=...), claims(client_id="c", jti="j")), ""),
        ("with a list of scopes", _access_token(scp=["a", "b"]), ""),
        ("without an id", _access_token(jti=...), ""),
        ("without an application", sign(header(typ="at+jwt", cat=...), claims()), ""),
        ("expired", _access_token(exp=NOW - 9), ""),
        ("without a subject", _access_token(sub=...), ""),
        ("with a subject that is a number", _access_token(sub=5), ""),
        ("of a session's class", sign(header(typ="at+jwt"), claims()), ""),
        ("of a machine's class", sign(header(typ="at+jwt", cat=MACHINE), claims()), ""),
        ("forged", sign(header(typ="at+jwt", cat=...), claims(), "stranger"), ""),
        ("of another algorithm", sign(header(typ="at+jwt", cat=..., alg="none"), claims()), "header before keys"),
    ):
        yield _sends(f"JWT {name}", "oauth_token", token, None, why)
    yield _sends("JWT, wanted is a machine's", "m2m_token", _access_token(), None)
    yield _sends("JWT, wanted is an API key", "api_key", _access_token(), None)
