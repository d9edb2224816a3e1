"""The claims of session tokens."""

from __future__ import annotations

import re
import secrets

from ..._answers import JSON
from ..._store.state import ISSUER, State
from ..._store.tables import Record
from ..users.records import identifier_of, show_user
from .jwt import SESSION_TOKEN, TEMPLATE_TOKEN, Signing, sign, times

_LIFETIME = 60
_SHORTCODE = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")


def session_token(state: State, session: Record, lifetime: int | None = None) -> str:
    """Return a session token of version 2.

    Args:
        state: The state.
        session: The session.
        lifetime: How many seconds it is valid; 60 if None.
    """
    return sign(state, session_claims(state, session, lifetime), Signing(SESSION_TOKEN))


def session_claims(state: State, session: Record, lifetime: int | None = None) -> dict[str, JSON]:
    """Return the claims of a session token.

    Args:
        state: The state.
        session: The session.
        lifetime: How many seconds it is valid; 60 if None.
    """
    minutes = (state.now() - session["created_at"]) // 60_000
    claims: dict[str, JSON] = {
        "azp": state.authorized_party,
        **times(state, _LIFETIME if lifetime is None else lifetime),
        "fva": [minutes, -1],
        "iss": ISSUER,
        "jti": secrets.token_hex(10),
        "sid": session["id"],
        "sts": session["status"],
        "sub": session["user_id"],
        "v": 2,
        **_organization_claims(state, session),
    }
    if session.get("actor"):
        claims["act"] = session["actor"]
    return claims


def template_token(state: State, session: Record, template: Record, lifetime: int | None = None) -> str:
    """Return a token made from a JWT template.

    Args:
        state: The state.
        session: The session.
        template: The template.
        lifetime: How many seconds it is valid; the template's setting if None.
    """
    claims = {
        **filled(template["claims"], _context(state, session)),
        "azp": state.authorized_party,
        **times(state, template["lifetime"] if lifetime is None else lifetime, template["allowed_clock_skew"]),
        "iss": ISSUER,
        "jti": secrets.token_hex(10),
        "sub": session["user_id"],
    }
    return sign(state, claims, Signing(TEMPLATE_TOKEN, template["signing_algorithm"], template["_signing_key"]))


def filled(claims: JSON, context: dict[str, JSON]) -> JSON:
    """Return claims with their shortcodes, such as `{{user.id}}`, replaced; unknown ones become null."""
    if isinstance(claims, dict):
        return {name: filled(value, context) for name, value in claims.items()}
    if isinstance(claims, list):
        return [filled(value, context) for value in claims]
    if not isinstance(claims, str):
        return claims
    whole = _SHORTCODE.fullmatch(claims)
    if whole:
        return _looked_up(context, whole[1])
    return _SHORTCODE.sub(lambda found: _written(_looked_up(context, found[1])), claims)


def _written(value: JSON) -> str:
    return "" if value is None else str(value)


def _looked_up(context: JSON, path: str) -> JSON:
    for name in path.split("."):
        context = context.get(name) if isinstance(context, dict) else None
    return context


def _context(state: State, session: Record) -> dict[str, JSON]:
    user = state.users.get(session["user_id"])
    assert user is not None
    shown = show_user(state, user)
    shown |= {
        "full_name": " ".join(filter(None, [shown["first_name"], shown["last_name"]])),
        "primary_email_address": None,
        "primary_phone_number": None,
        "primary_web3_wallet": None,
    }
    for kind, contacts in (("email_address", "email_addresses"), ("phone_number", "phone_numbers")):
        for contact in shown[contacts]:
            if contact["id"] == shown[f"primary_{kind}_id"]:
                shown[f"primary_{kind}"] = contact[kind]
    context: dict[str, JSON] = {"user": shown, "session": {"id": session["id"], "actor": session.get("actor")}}
    membership = _membership(state, session)
    if membership is not None:
        organization = state.organizations.get(membership["organization_id"])
        context["org"] = {**(organization or {}), "role": membership["role"]}
        context["org_membership"] = membership
    return {**context, "identifier": identifier_of(state, user)}


def _membership(state: State, session: Record) -> Record | None:
    pair = (session.get("last_active_organization_id"), session["user_id"])
    return next(iter(state.memberships.find("_pair", pair)), None)


def _organization_claims(state: State, session: Record) -> dict[str, JSON]:
    membership = _membership(state, session)
    organization = state.organizations.get(membership["organization_id"]) if membership else None
    if membership is None or organization is None:
        return {}
    claims = {"id": organization["id"], "rol": membership["role"].removeprefix("org:"), "slg": organization["slug"]}
    features = _features(state, membership["role"])
    if not features:
        return {"o": claims}
    actions = sorted({action for found in features.values() for action in found})
    masks = [sum(1 << actions.index(action) for action in found) for found in features.values()]
    claims |= {"per": ",".join(actions), "fpm": ",".join(map(str, masks))}
    return {"o": claims, "fea": ",".join(f"o:{feature}" for feature in features)}


def _features(state: State, role_key: str) -> dict[str, list[str]]:
    # System permissions are never in tokens.
    features: dict[str, list[str]] = {}
    for role in state.roles.find("key", role_key):
        for key in sorted(role["permissions"]):
            _, feature, action = key.split(":")
            if not feature.startswith("sys_"):
                features.setdefault(feature, []).append(action)
    return features
