"""Session tokens: their form, header, keys and claims."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.auth.tokens import (
    HOST,
    MACHINE,
    NOTHING,
    NOW,
    TEMPLATE,
    claims,
    encoded,
    header,
    pem,
    private_key,
    session_token,
    sign,
)

from .cases import Case, client_options, verifies


def cases() -> Iterator[Case]:
    """Return the cases."""
    yield from _forms()
    yield from _headers()
    yield from _keys()
    yield from _subjects_and_parties()
    yield from _audiences()
    yield from _times()


def with_key() -> dict[str, Any]:
    """Return the options of a client that has the public key at hand."""
    return client_options(jwt_key=pem())


def _forms() -> Iterator[Case]:
    good = session_token()
    head, body, signature = good.split(".")
    yield verifies("a good token", good)
    yield verifies("no text", "")
    yield verifies("one part", head)
    yield verifies("two parts", f"{head}.{body}")
    yield verifies("four parts", f"{good}.{signature}")
    yield verifies("an empty header", f".{body}.{signature}")
    yield verifies("empty claims", f"{head}..{signature}")
    yield verifies("an empty signature", f"{head}.{body}.")
    yield verifies("the alphabet of plain base 64", f"{head}.{body}.{signature[:-1]}+")
    yield verifies("a space within", f"{head}.{body[:9]} {body[9:]}.{signature}")
    yield verifies("a line break at the end", f"{good}\n")
    yield verifies("padding", f"{good}==", "padded tokens")
    yield verifies("a part of impossible length", f"{head}.{body}.{signature[:-1]}")
    yield verifies("letters of another script", f"{head}.{body}.{'é' * 20}")
    yield verifies("a header that is no JSON", sign("{", claims()))
    yield verifies("claims that are no JSON", sign(header(), "{'sub': 1}"))
    yield verifies("NaN among the claims", sign(header(), '{"sub": "user_1", "exp": NaN}'))
    yield verifies("a header that is null", sign("null", claims()), "null")
    yield verifies("a header that is a list", sign("[]", claims()), "lists")
    yield verifies("claims that are null", sign(header(), "null"), "null")
    yield verifies("claims that are a list", sign(header(), "[]"), "lists")
    yield verifies("claims that are text", sign(header(), '"x"'), "lists")
    yield verifies(
        "bytes that are no UTF-8", sign(header(), b'{"sub": "user_1", "exp": 1700000060, "x": "\xff"}'), "UTF-8"
    )
    yield verifies(
        "a name twice, the last one counts", sign(header(), f'{{"sub": 1, "sub": "user_1", "exp": {NOW + 60}}}')
    )
    deep = f'{{"sub": "user_1", "exp": {NOW + 60}, "deep": {"[" * 2000}{"]" * 2000}}}'
    yield verifies("claims of great depth", sign(header(), deep), "deep nesting")
    yield verifies("half a surrogate pair", sign(header(), f'{{"sub": "user_\\ud800", "exp": {NOW + 60}}}'))


def _headers() -> Iterator[Case]:
    for name, changes, why in (
        ("typ absent", {"typ": ...}, ""),
        ("typ null", {"typ": None}, "header before keys"),
        ("typ in small letters", {"typ": "jwt"}, "header before keys"),
        ("typ of an access token", {"typ": "at+jwt"}, "header before keys"),
        ("typ a number", {"typ": 1}, "header before keys"),
        ("cat absent", {"cat": ...}, ""),
        ("cat that says nothing", {"cat": NOTHING}, ""),
        ("cat of a template", {"cat": TEMPLATE}, ""),
        ("cat of a machine", {"cat": MACHINE}, ""),
        ("cat null", {"cat": None}, ""),
        ("cat unknown", {"cat": "cl_x"}, ""),
        ("crit empty", {"crit": []}, "crit"),
        ("crit of what is known", {"crit": ["exp"]}, "crit"),
        ("b64 without crit", {"b64": False}, ""),
        ("a key of the header's own", {"jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}}, ""),
        ("the address of a key", {"jku": "https://evil.example", "x5u": "https://evil.example"}, ""),
        ("alg none", {"alg": "none"}, "header before keys"),
        ("alg None", {"alg": "None"}, "header before keys"),
        ("alg empty", {"alg": ""}, "header before keys"),
        ("alg absent", {"alg": ...}, "header before keys"),
        ("alg null", {"alg": None}, "header before keys"),
        ("alg HS256", {"alg": "HS256"}, "header before keys"),
        ("alg ES256", {"alg": "ES256"}, "header before keys"),
        ("alg PS256", {"alg": "PS256"}, "header before keys"),
        ("alg in small letters", {"alg": "rs256"}, "header before keys"),
        ("alg a list", {"alg": ["RS256"]}, "header before keys"),
        ("alg RS384 where the key is for RS256", {"alg": "RS384"}, "mismatched algorithm"),
        ("alg RS512 where the key is for RS256", {"alg": "RS512"}, "mismatched algorithm"),
        ("kid absent", {"kid": ...}, "header before keys"),
        ("kid null", {"kid": None}, "header before keys"),
        ("kid a number", {"kid": 5}, "header before keys"),
        ("kid unknown", {"kid": "ins_other"}, ""),
        ("kid empty", {"kid": ""}, ""),
    ):
        yield verifies(name, sign(header(**changes), claims()), why)
        if why in ("header before keys", ""):
            yield verifies(f"{name}, with a key at hand", sign(header(**changes), claims()), client=with_key())


def _keys() -> Iterator[Case]:
    good, local = session_token(), pem()
    dresses = {
        "with line ends of Windows": local.replace("\n", "\r\n"),
        "in one line": local.replace("\n", ""),
        "without markers": "".join(local.splitlines()[1:-1]),
        "with white space around": f"\n{local}\n\n",
    }
    for name, key in dresses.items():
        yield verifies(f"a key in PEM {name}", good, client=client_options(jwt_key=key))
    yield verifies("a key in PEM for the call alone", good, jwt_key=local)
    yield verifies("a key in PEM before the secret key", good, client=client_options(jwt_key=pem("stranger")))
    unknown = sign(header(kid="ins_other"), claims())
    yield verifies("an unknown kid with a key at hand", unknown, client=with_key())
    longer = sign(header(), claims(), "of 3072", bits=3072)
    yield verifies("a key of 3072 bits", longer, "RSA keys", client=client_options(jwt_key=pem("of 3072", 3072)))
    for algorithm in ("RS384", "RS512"):
        token = sign(header(alg=algorithm), claims())
        yield verifies(f"{algorithm} with PEM, which names none", token, "RSA keys", client=with_key())
    yield verifies("no key at all", good, client=client_options(secret_key=None))
    yield verifies("signed by a stranger", sign(header(), claims(), "stranger"), client=with_key())
    head, body, signature = good.split(".")
    for name, forged in (
        ("of zeros", encoded(bytes(256))),
        ("too short", signature[:100]),
        ("too long", signature + "AAAA"),
        ("of another token", session_token(sub="user_2").rpartition(".")[2]),
    ):
        yield verifies(f"a signature {name}", f"{head}.{body}.{forged}", client=with_key())
    other = session_token(sub="user_2").split(".")[1]
    yield verifies("claims of another token", f"{head}.{other}.{signature}", client=with_key())
    forged = sign(header(), claims(exp=NOW - 100, sub=5), "stranger")
    yield verifies("the signature is checked before the claims", forged, client=with_key())
    assert private_key()


def _subjects_and_parties() -> Iterator[Case]:
    for value, why in ((..., ""), (None, ""), (5, ""), (["user_1"], ""), ("", "empty sub"), ("x", "")):
        yield _of_claim("sub", value, why)
    parties = ["https://app.example.com", "http://localhost:3000"]
    for value in (..., None, "", "https://app.example.com", "http://localhost:3000", "https://app.example.com/", 5):
        yield _of_claim("azp", value, authorized_parties=parties)
    for value in ("https://app.example.co", "https://app.example.com.evil", "HTTPS://APP.EXAMPLE.COM", "null"):
        yield _of_claim("azp", value, authorized_parties=parties)
    yield _of_claim("azp", ["https://app.example.com"], authorized_parties=parties)
    yield _of_claim("azp", ..., authorized_parties=[])
    yield _of_claim("azp", "https://evil.example")
    issuer = f"https://{HOST}"
    for value in (..., None, "", issuer, f"{issuer}/", [issuer], 5, "https://clerk.example"):
        yield _of_claim("iss", value, issuer=issuer)
    yield _of_claim("iss", issuer, issuer=["https://other.example", issuer])
    yield _of_claim("iss", "https://x", issuer=["https://other.example", issuer])
    yield _of_claim("iss", "https://x", issuer="")
    yield _of_claim("iss", "https://x", issuer=[])


def _audiences() -> Iterator[Case]:
    for value, why in (
        (..., ""),
        (None, ""),
        ("", ""),
        ([], ""),
        ([""], ""),
        ("api", ""),
        ("web", ""),
        ("ap", ""),
        (["web", "api"], ""),
        (["web"], ""),
        ([5, "api"], "aud of another type"),
        (5, "aud of another type"),
        (True, "aud of another type"),
        ({"api": 1}, "aud of another type"),
        (0, "aud of another type"),
        (False, "aud of another type"),
    ):
        yield _of_claim("aud", value, why, audience="api")
    yield _of_claim("aud", "mobile", audience=["api", "mobile"])
    yield _of_claim("aud", ["mobile"], audience=["api", "mobile"])
    yield _of_claim("aud", "x", audience=["api", "mobile"])
    yield _of_claim("aud", "x", audience="")
    yield _of_claim("aud", "x", audience=[""])
    yield _of_claim("aud", "x")


def _times() -> Iterator[Case]:
    for skew in (None, 0, 60):
        options: dict[str, Any] = {} if skew is None else {"clock_skew": skew}
        margin = 5 if skew is None else skew
        for name, edge in (("exp", NOW - margin), ("nbf", NOW + margin), ("iat", NOW + margin)):
            for distance in (-1, 0, 1):
                yield _of_claim(name, edge + distance, **options)
    for name in ("exp", "nbf", "iat"):
        for value, why in (
            (..., ""),
            (None, ""),
            (str(NOW), ""),
            ([NOW], ""),
            ({}, ""),
            (True, ""),
            (False, ""),
            (0, ""),
            (-1, ""),
            (10**15, "" if name == "exp" else "far future"),
        ):
            yield _of_claim(name, value, why)
    yield _of_claim("exp", NOW - 4.5, "milliseconds", clock_skew=4.7)
    yield _of_claim("nbf", NOW + 5.5, "milliseconds")
    yield _of_claim("iat", NOW + 5.5, "milliseconds")
    yield verifies("exp beyond all numbers", sign(header(), '{"sub": "user_1", "exp": 1e999}'), "finite numbers")
    yield verifies(
        "exp of very many digits", sign(header(), f'{{"sub": "user_1", "exp": {"9" * 5000}}}'), "finite numbers"
    )
    yield verifies("the subject comes before the time", session_token(sub=5, exp=NOW - 99))
    yield verifies(
        "the audience comes before the party", session_token(aud="x", azp="y"), audience="a", authorized_parties=["b"]
    )
    yield verifies("the party comes before the issuer", session_token(azp="y"), authorized_parties=["b"], issuer="c")
    yield verifies("the issuer comes before the time", session_token(exp=NOW - 99), issuer="c")
    yield verifies("expiry comes before the beginning", session_token(exp=NOW - 99, nbf=NOW + 99))
    yield verifies("the beginning comes before the issue", session_token(nbf=NOW + 99, iat=NOW + 99))


def _of_claim(name: str, value: object, why: str = "", **options: Any) -> Case:
    shown = "absent" if value is ... else repr(value)
    asked = f", asked for {options}" if options else ""
    return verifies(f"{name} {shown}{asked}", session_token(**{name: value}), why, **options)
