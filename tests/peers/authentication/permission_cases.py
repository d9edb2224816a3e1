"""What users may do: claims of both versions, and what is asked of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.auth.tokens import session_token

from .cases import Case, authenticates, bearer, request

ORGANIZATION = {"id": "org_1", "slg": "acme", "rol": "admin"}


def cases() -> Iterator[Case]:
    """Return the cases."""
    yield from _packed()
    yield from _spelt_out()
    yield from _features()
    yield from _ages()
    yield from _odd_claims()


def _asks(name: str, asked: list[dict[str, Any]], why: str = "", **claims: Any) -> Case:
    return authenticates(name, request(bearer(session_token(**claims))), why, has=asked)


PERMISSIONS: list[dict[str, Any]] = [
    {"permission": text}
    for text in (
        "org:invoices:create",
        "invoices:create",
        "org:org:invoices:create",
        "org:invoices:read",
        "org:reports:read",
        "org:export:read",
        "ORG:INVOICES:CREATE",
        "",
        "org:",
        "create",
    )
]


def _packed() -> Iterator[Case]:
    for name, features, names, masks, why in (
        ("one feature", "o:invoices", "create,read", "3", ""),
        ("one of two bits", "o:invoices", "create,read", "2", ""),
        ("no bit", "o:invoices", "create,read", "0", ""),
        ("two features", "o:invoices,o:reports", "create,read", "1,2", ""),
        ("a user's feature behind", "o:invoices,u:export", "create,read", "3,3", ""),
        ("a user's feature before", "u:export,o:invoices", "create,read", "0,3", "feature numbers"),
        (
            "a user's feature before, with bits",
            "u:export,o:invoices",
            "create,read",
            "3,1",
            "feature numbers",
        ),
        ("a feature of both", "ou:invoices,uo:reports", "create,read", "1,2", ""),
        ("spaces everywhere", " o:invoices , o:reports ", " create , read ", " 1 , 2 ", ""),
        ("too few numbers", "o:invoices,o:reports", "create,read", "1", ""),
        ("too many numbers", "o:invoices", "create,read", "1,3,3", ""),
        ("surplus bits", "o:invoices", "create,read", "255", ""),
        ("zeros before", "o:invoices", "create,read", "0003", ""),
        ("a mask that is no number", "o:invoices,o:reports", "create,read", "x,2", ""),
        ("a negative mask", "o:invoices", "create,read", "-1", ""),
        ("a mask with a point", "o:invoices", "create,read", "3.0", ""),
        ("a hexadecimal mask", "o:invoices", "create,read", "0x3", ""),
        ("an empty mask", "o:invoices,o:reports", "create,read", ",2", ""),
        ("digits of another script", "o:invoices", "create,read", "٣", ""),
        ("no names", "o:invoices", "", "3", ""),
        ("no numbers", "o:invoices", "create,read", "", ""),
        ("no features", "", "create,read", "3", ""),
        ("a mask of many bits", "o:invoices", ",".join(f"p{n}" for n in range(80)) + ",create", str(1 << 80), ""),
        ("a mask of a thousand bits", "o:invoices", "create", str((1 << 1000) + 1), ""),
        ("an unknown scope", "x:invoices,o:reports", "create,read", "0,2", "feature numbers"),
        ("a feature with colons", "o:invoices:eu", "create,read", "3", ""),
    ):
        organization = {**ORGANIZATION, "per": names, "fpm": masks}
        yield _asks(f"packed permissions: {name}", PERMISSIONS, why, o=organization, fea=features)
    yield _asks("packed, without features", PERMISSIONS, o={**ORGANIZATION, "per": "create", "fpm": "1"})
    yield _asks("packed, without an organization", PERMISSIONS, fea="o:invoices")
    yield _asks("packed, an empty organization", PERMISSIONS, o={}, fea="o:invoices")
    yield _asks(
        "packed, version 2.0", PERMISSIONS, v=2.0, o={**ORGANIZATION, "per": "create", "fpm": "1"}, fea="o:invoices"
    )
    yield _asks(
        "packed, version as text", PERMISSIONS, v="2", o={**ORGANIZATION, "per": "create", "fpm": "1"}, fea="o:invoices"
    )
    yield _asks(
        "packed, version 3", PERMISSIONS, v=3, o={**ORGANIZATION, "per": "create", "fpm": "1"}, fea="o:invoices"
    )
    roles = [{"role": text} for text in ("admin", "org:admin", "org:org:admin", "Admin", "", "org:", "member")]
    yield _asks("packed, roles", roles, o=ORGANIZATION)
    yield _asks("packed, a role with a prefix", roles, o={**ORGANIZATION, "rol": "org:admin"})
    yield _asks("packed, no role", roles, o={"id": "org_1", "slg": "acme"})
    yield _asks("packed, an empty role", roles, o={**ORGANIZATION, "rol": ""})
    yield _asks("packed, no id", roles, o={"slg": "acme", "rol": "admin"})
    both = [{"role": "admin", "permission": "org:invoices:create"}, {"role": "x", "permission": "org:invoices:create"}]
    organization = {**ORGANIZATION, "per": "create", "fpm": "1"}
    yield _asks("packed, role and permission", both, o=organization, fea="o:invoices")


def _spelt_out() -> Iterator[Case]:
    usual: dict[str, Any] = {
        "v": ...,
        "org_id": "org_1",
        "org_role": "org:admin",
        "org_slug": "acme",
        "org_permissions": ["org:invoices:create", "org:sys_memberships:manage"],
    }
    asked = [*PERMISSIONS, {"role": "admin"}, {"role": "org:admin"}, {"role": "basic_member"}, {}]
    variants: dict[str, dict[str, Any]] = {
        "as usual": {},
        "version 1": {"v": 1},
        "without an organization": {"org_id": ..., "org_role": ..., "org_slug": ..., "org_permissions": ...},
        "with null": {"org_id": None, "org_role": None, "org_slug": None, "org_permissions": None},
        "with an empty id": {"org_id": ""},
        "without permissions": {"org_permissions": ...},
        "with an empty list": {"org_permissions": []},
        "with a role without its prefix": {"org_role": "admin"},
        "with a permission without its prefix": {"org_permissions": ["invoices:create"]},
        "with an empty role": {"org_role": ""},
    }
    for name, changes in variants.items():
        yield _asks(f"permissions spelt out: {name}", asked, **{**usual, **changes})


def _features() -> Iterator[Case]:
    asked = [
        {kind: text}
        for kind in ("feature", "plan")
        for text in (
            "billing",
            "export",
            "both",
            "o:billing",
            "org:billing",
            "organization:billing",
            "u:billing",
            "user:export",
            "u:export",
            "o:both",
            "user:both",
            "x:billing",
            "Billing",
            "",
            ":billing",
            "user:",
        )
    ]
    for name, claim, why in (
        ("both kinds", "o:billing,u:export,ou:both", ""),
        ("both, the other way", "o:billing,u:export,uo:both", ""),
        ("spaces", " o:billing , u:export ", ""),
        ("empty", "", ""),
        ("an unknown scope", "x:billing,u:export", ""),
        ("an odd entry", "billing,u:export", "malformed entries"),
        ("an empty entry", "o:billing,,u:export", "malformed entries"),
        ("an empty name", "o:,u:export", ""),
        ("null", None, ""),
        ("a number", 5, ""),
        ("a list", ["o:billing"], ""),
    ):
        yield _asks(f"features and plans: {name}", asked, why, fea=claim, pla=claim)
    yield _asks(
        "a feature and a plan", [{"feature": "a", "plan": "b"}, {"feature": "a", "plan": "c"}], fea="u:a", pla="u:b"
    )
    yield _asks("a feature and a role", [{"feature": "a", "role": "admin"}, {"feature": "a"}], fea="u:a")
    values: list[Any] = [None, 5, True, ["a"], {}, ""]
    odd = [{kind: value} for kind in ("role", "permission", "feature", "plan") for value in values]
    odd += [{"feature": "a", kind: None} for kind in ("role", "permission", "plan", "reverification")]
    yield _asks("asked for what is no text", odd, fea="u:a", o={**ORGANIZATION, "per": "x", "fpm": "1"})
    yield _asks("asked for nothing", [{}], o=ORGANIZATION)


def _ages() -> Iterator[Case]:
    levels: list[Any] = ["strict_mfa", "strict", "moderate", "lax", "unknown", "", None, 5, True, [], {}]
    levels += [
        {"level": level, "after_minutes": 10} for level in ("first_factor", "second_factor", "multi_factor", "x")
    ]
    levels += [{"level": "first_factor", "after_minutes": minutes} for minutes in (0, -1, "10", None, 0.5)]
    levels += [{"level": "first_factor"}, {"after_minutes": 10}]
    asked = [{"reverification": level} for level in levels]
    ages = [
        [0, 0],
        [0, -1],
        [-1, 0],
        [-1, -1],
        [9, 9],
        [10, 10],
        [9, 10],
        [10, 9],
        [59, -1],
        [60, -1],
        [1439, 2000],
        [2000, 1439],
        [0.4, 0.6],
        [9.999, -1],
    ]
    for age in ages:
        yield _asks(f"verified {age} minutes ago", asked, fva=age)
    odd: list[Any] = [..., None, [], [0], [0, 0, 0], [None, 0], ["0", 0], [-2, 0], [True, 0], {}, "0,0", 0, [[0], 0]]
    for age in odd:
        shown = "absent" if age is ... else repr(age)
        yield _asks(
            f"verified {shown}", asked, "claims of another type" if age is not ... and age is not None else "", fva=age
        )
    combined = [{"reverification": "lax", "role": "admin"}, {"reverification": "lax", "role": "x"}]
    yield _asks("verified, and a role", combined, fva=[0, -1], o=ORGANIZATION)


def _odd_claims() -> Iterator[Case]:
    asked = [*PERMISSIONS, {"role": "admin"}, {"feature": "invoices"}]
    usual = {**ORGANIZATION, "per": "create", "fpm": "1"}
    typed: dict[str, dict[str, Any]] = {
        "an organization that is text": {"o": "org_1"},
        "an organization that is a list": {"o": ["org_1"]},
        "an organization that is a number": {"o": 5},
        "an id that is a number": {"o": {**usual, "id": 5}},
        "a role that is a list": {"o": {**usual, "rol": ["admin"]}},
        "permissions that are text": {"v": ..., "org_id": "org_1", "org_permissions": "org:invoices:create"},
        "permissions that are numbers": {"v": ..., "org_id": "org_1", "org_permissions": [1, "org:invoices:create"]},
        "an actor that is text": {"act": "user_2"},
        "a session id that is a number": {"sid": 5},
        "a status that is a number": {"sts": 5},
    }
    for name, claims in typed.items():
        yield _asks(f"odd claims: {name}", asked, "claims of another type", **{"fea": "o:invoices", **claims})
    faulty: dict[str, dict[str, Any]] = {
        "names that are a list": {"o": {**usual, "per": ["create"]}},
        "numbers that are a number": {"o": {**usual, "fpm": 1}},
        "features that are a list": {"o": usual, "fea": ["o:invoices"]},
    }
    for name, claims in faulty.items():
        yield _asks(f"odd claims: {name}", asked, "malformed permissions", **{"fea": "o:invoices", **claims})
