"""The published keys: when they are fetched, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.auth.tokens import KID, NOW, claims, header, jwk, session_token, sign

from .cases import KEYS, Answers, Case, Step, bearer, client_options, request

NEW_KID = "ins_new"


def cases() -> Iterator[Case]:
    """Return the cases."""
    yield from _answers()
    yield from _sequences()


def _keys(*entries: Any) -> Answers:
    return {"GET /jwks": [200, {"keys": list(entries)}]}


def _step(token: str, answers: Answers, after: float = 0) -> Step:
    return Step("verify_token", {}, token, answers=answers, time=NOW + after)


def _without(name: str) -> dict[str, Any]:
    return {found: value for found, value in jwk().items() if found != name}


def _answers() -> Iterator[Case]:
    good = session_token()
    for name, answers, why in (
        ("as usual", KEYS, ""),
        ("of several", _keys(jwk("stranger", "ins_other"), jwk()), ""),
        ("without ours", _keys(jwk("stranger", "ins_other")), ""),
        ("without alg", _keys(_without("alg")), ""),
        ("without use", _keys(_without("use")), ""),
        ("empty", _keys(), ""),
        ("null", {"GET /jwks": [200, {"keys": None}]}, ""),
        ("missing", {"GET /jwks": [200, {}]}, ""),
        ("with an odd entry before", _keys(None, jwk()), "malformed keys"),
        ("with a number before", _keys(5, jwk()), ""),
        ("with a key of another kind", _keys({"kid": "ins_ec", "kty": "EC", "crv": "P-256"}, jwk()), ""),
        ("a list", {"GET /jwks": [200, [jwk()]]}, ""),
        ("a page", {"GET /jwks": [200, "<html>", "text/html"]}, "failed fetches"),
        (
            "refused, a wrong key",
            {"GET /jwks": [401, {"errors": [{"code": "clerk_key_invalid", "message": "m"}]}]},
            "retries",
        ),
        ("refused otherwise", {"GET /jwks": [401, {"errors": [{"code": "other", "message": "m"}]}]}, "retries"),
        ("refused without a reason", {"GET /jwks": [403, {"errors": []}]}, "retries"),
        ("the service is down", {"GET /jwks": [503, {"errors": []}]}, "retries"),
        (
            "the service is down, with a page",
            {"GET /jwks": [502, "<html>", "text/html"]},
            "failed fetches",
        ),
        ("no connection", {}, "failed fetches"),
    ):
        yield Case(f"keys: {name}", [_step(good, answers)], client_options(), why)
        asked = Step("authenticate_request", {}, request=request(bearer(good)), answers=answers)
        yield Case(f"keys for a request: {name}", [asked], client_options(), why)


def _sequences() -> Iterator[Case]:
    old = session_token(exp=NOW + 9999)
    before, both, after = KEYS, _keys(jwk(), jwk("new", NEW_KID)), _keys(jwk("new", NEW_KID))
    new = sign(header(kid=NEW_KID), claims(exp=NOW + 9999), "new")
    forged = sign(header(kid="ins_forged"), claims(exp=NOW + 9999), "stranger")
    yield Case("keys are kept for five minutes", [_step(old, before), _step(old, before, 299)], client_options())
    yield Case("keys are fetched anew after them", [_step(old, before), _step(old, before, 300)], client_options())
    renewed = [_step(old, before), _step(old, before, 200), _step(old, before, 299), _step(old, before, 301)]
    yield Case("use does not keep keys alive", renewed, client_options())
    yield Case(
        "a new key is fetched at once", [_step(old, before), _step(new, both, 1), _step(old, both, 2)], client_options()
    )
    withdrawn = [_step(old, before), _step(new, after, 1), _step(old, after, 2)]
    yield Case("a withdrawn key is gone with the next fetch", withdrawn, client_options(), "withdrawn keys")
    yield Case(
        "a withdrawn key is gone after five minutes", [_step(old, before), _step(old, after, 300)], client_options()
    )
    many = [_step(old, before), *(_step(forged, before, number) for number in range(5))]
    yield Case("unknown keys, one after the other", many, client_options(), "unknown keys")
    few = [_step(old, before), _step(forged, before, 1), _step(forged, before, 40)]
    yield Case("unknown keys, now and then", few, client_options())
    failing = [_step(old, {"GET /jwks": [503, {"errors": []}]}), _step(old, before, 1)]
    yield Case("a failure is not remembered", failing, client_options(), "retries")
    outage = [_step(old, before), _step(old, {"GET /jwks": [503, {"errors": []}]}, 301), _step(old, before, 302)]
    yield Case("a failure after five minutes", outage, client_options(), "retries")
    stranger = sign(header(), claims(exp=NOW + 9999), "stranger")
    forgery = [_step(old, before), _step(stranger, before, 1), _step(stranger, before, 2)]
    yield Case("bad signatures lead to one fetch", forgery, client_options(), "keys replaced under the same id")
    same_id = _keys(jwk("new", KID))
    renewed = [_step(old, before), _step(sign(header(), claims(exp=NOW + 9999), "new"), same_id, 1)]
    yield Case("a key renewed under its id", renewed, client_options(), "keys replaced under the same id")
