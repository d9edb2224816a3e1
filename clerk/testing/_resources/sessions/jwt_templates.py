"""JWT templates."""

from __future__ import annotations

import re

from ..._answers import JSON, not_found, refusal
from ..._handling import checks as checks
from ..._handling.listing import bare_page
from ..._handling.request import CheckedRequest, answers
from ..._store.state import State
from ..._store.tables import Record
from ..access.restrictions import shown
from .jwt import TEMPLATE_TOKEN, Signing, sign

_RESERVED = {"azp", "exp", "iat", "iss", "jti", "nbf", "sid", "sub"}
_ALGORITHMS = {"RS256", "RS384", "RS512", "HS256", "HS384", "HS512", "ES256", "ES384", "ES512", "EdDSA"}


@answers("CreateJWTTemplate")
def create_template(request: CheckedRequest) -> JSON:
    """POST /jwt_templates."""
    template = request.state.stamped("jtmp", object="jwt_template", **_fields(request, None))
    return shown(request.state.jwt_templates.add(template))


@answers("ListJWTTemplates")
def list_templates(request: CheckedRequest) -> JSON:
    """GET /jwt_templates."""
    return bare_page(request, request.state.jwt_templates.newest(), shown)


@answers("GetJWTTemplate")
def get_template(request: CheckedRequest) -> JSON:
    """GET /jwt_templates/{template_id}."""
    return shown(_template(request))


@answers("UpdateJWTTemplate")
def update_template(request: CheckedRequest) -> JSON:
    """PATCH /jwt_templates/{template_id}."""
    template = _template(request)
    return shown(request.state.change(request.state.jwt_templates, template, **_fields(request, template)))


@answers("DeleteJWTTemplate")
def delete_template(request: CheckedRequest) -> JSON:
    """DELETE /jwt_templates/{template_id}."""
    template = request.state.jwt_templates.remove(_template(request)["id"])
    return {"object": "jwt_template", "id": template["id"], "deleted": True}


def _template(request: CheckedRequest) -> Record:
    template = request.state.jwt_templates.get(request.path["template_id"])
    if template is None:
        raise not_found("JWT template", request.path["template_id"])
    return template


def _fields(request: CheckedRequest, before: Record | None) -> Record:
    state, body = request.state, request.body
    _check_name(state, body["name"], before)
    for claim in body["claims"]:
        if claim in _RESERVED:
            raise refusal(
                "jwt_template_reserved_claim", f"The claim {claim!r} is reserved for the service.", param_name=claim
            )
    kept = before or {"lifetime": 60, "allowed_clock_skew": 5}
    fields = {"name": body["name"], "claims": body["claims"]}
    for name in ("lifetime", "allowed_clock_skew"):
        fields[name] = kept[name] if body.get(name) is None else body[name]
    return fields | _signing_fields(state, body, before)


def _signing_fields(state: State, body: Record, before: Record | None) -> Record:
    custom = body.get("custom_signing_key", False if before is None else before["custom_signing_key"])
    if not custom:
        return {"custom_signing_key": False, "signing_algorithm": "RS256", "_signing_key": None}
    kept = before or {"signing_algorithm": "RS256", "_signing_key": None}
    algorithm = body.get("signing_algorithm") or kept["signing_algorithm"]
    if algorithm not in _ALGORITHMS:
        raise checks.invalid("signing_algorithm", f"signing_algorithm must be one of {', '.join(sorted(_ALGORITHMS))}.")
    key = body.get("signing_key") or kept["_signing_key"]
    if key is None:
        message = "custom_signing_key needs the parameter signing_key."
        raise refusal("form_param_missing", message, parameter="signing_key")
    sign(state, {}, Signing(TEMPLATE_TOKEN, algorithm, key))
    return {"custom_signing_key": True, "signing_algorithm": algorithm, "_signing_key": key}


def _check_name(state: State, name: str, before: Record | None) -> None:
    if not re.fullmatch(r"[\w-]+", name):
        raise checks.malformed("name", "letters, digits, hyphens and underscores")
    if any(other is not before for other in state.jwt_templates.find("name", name)):
        raise checks.taken("name")
