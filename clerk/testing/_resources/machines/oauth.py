"""OAuth applications that use the instance as their identity provider, and their access tokens."""

from __future__ import annotations

from ..._answers import JSON, not_found, refusal
from ..._handling import checks as checks
from ..._handling.listing import matches, page, sort
from ..._handling.request import CheckedRequest, answers
from ..._store.ids import hexadecimal, secret
from ..._store.state import DAY, ISSUER, State
from ..._store.tables import Record
from ..access.restrictions import shown
from ..sessions.jwt import Signing, sign, times
from ..users.records import find_user
from ..users.users import check_picture

_SCOPES = "profile email"


@answers("CreateOAuthApplication")
def create_application(request: CheckedRequest) -> JSON:
    """POST /oauth_applications."""
    state, body = request.state, request.body
    uris = body.get("redirect_uris") or ([body["callback_url"]] if body.get("callback_url") else [])
    application = state.stamped(
        "oa",
        object="oauth_application",
        instance_id=state.instance_id,
        name=body["name"],
        client_id=secret("", 16),
        client_uri=None,
        client_image_url=None,
        dynamically_registered=False,
        consent_screen_enabled=True if body.get("consent_screen_enabled") is None else body["consent_screen_enabled"],
        pkce_required=body.get("pkce_required") or False,
        public=body.get("public") or False,
        scopes=body.get("scopes") or _SCOPES,
        redirect_uris=uris,
        callback_url=uris[0] if uris else "",
        authorize_url=f"{ISSUER}/oauth/authorize",
        token_fetch_url=f"{ISSUER}/oauth/token",
        user_info_url=f"{ISSUER}/oauth/userinfo",
        discovery_url=f"{ISSUER}/.well-known/openid-configuration",
        token_introspection_url=f"{ISSUER}/oauth/token_info",
        _secret=secret(""),
    )
    state.oauth_applications.add(application)
    return _show_with_secret(application)


@answers("ListOAuthApplications")
def list_applications(request: CheckedRequest) -> JSON:
    """GET /oauth_applications."""
    fitting = [one for one in request.state.oauth_applications if matches(request.query.get("name_query"), one, "name")]
    return page(request, sort(request, fitting, ("created_at", "name"), "+created_at"), shown)


@answers("GetOAuthApplication")
def get_application(request: CheckedRequest) -> JSON:
    """GET /oauth_applications/{oauth_application_id}."""
    return shown(_application(request))


@answers("UpdateOAuthApplication")
def update_application(request: CheckedRequest) -> JSON:
    """PATCH /oauth_applications/{oauth_application_id}."""
    application = _application(request)
    changes = {name: value for name, value in request.body.items() if value is not None}
    if "callback_url" in changes:
        changes.setdefault("redirect_uris", [changes["callback_url"]])
    if changes.get("redirect_uris"):
        changes["callback_url"] = changes["redirect_uris"][0]
    return shown(request.state.change(request.state.oauth_applications, application, **changes))


@answers("DeleteOAuthApplication")
def delete_application(request: CheckedRequest) -> JSON:
    """DELETE /oauth_applications/{oauth_application_id}."""
    state = request.state
    application = state.oauth_applications.remove(_application(request)["id"])
    for token in state.oauth_tokens.find("client_id", application["client_id"]):
        state.oauth_tokens.remove(token["id"])
    return {"object": "oauth_application", "id": application["id"], "deleted": True}


@answers("UploadOAuthApplicationLogo")
def upload_logo(request: CheckedRequest) -> JSON:
    """PUT /oauth_applications/{oauth_application_id}/logo."""
    application = _application(request)
    check_picture(request)
    url = f"https://img.clerk.com/{secret('', 27)}"
    return shown(request.state.change(request.state.oauth_applications, application, client_image_url=url))


@answers("RotateOAuthApplicationSecret")
def rotate_secret(request: CheckedRequest) -> JSON:
    """POST /oauth_applications/{oauth_application_id}/rotate_secret."""
    application = request.state.change(request.state.oauth_applications, _application(request), _secret=secret(""))
    return _show_with_secret(application)


@answers("RevokeOAuthApplicationToken")
def revoke_token(request: CheckedRequest) -> JSON:
    """POST /oauth_applications/{oauth_application_id}/revoke_token."""
    application = _application(request)
    token = next(iter(request.state.oauth_tokens.find("_token", request.body["token"])), None)
    if token is None or token["client_id"] != application["client_id"]:
        raise refusal("resource_not_found", "The application does not have this token.")
    request.state.change(request.state.oauth_tokens, token, revoked=True)


@answers("verifyOAuthAccessToken")
def verify_token(request: CheckedRequest) -> JSON:
    """POST /oauth_applications/access_tokens/verify."""
    text = request.body.get("access_token") or request.body.get("secret")
    if text is None:
        raise refusal("form_param_missing", "This call needs the parameter access_token.", parameter="access_token")
    token = next(iter(request.state.oauth_tokens.find("_token", text)), None)
    if token is None:
        raise refusal("resource_not_found", "The access token does not exist.")
    expired = token["expiration"] <= request.state.now()
    return {"active": False} if token["revoked"] or expired else {**shown(token), "expired": False}


def issue_token(state: State, application_id: str, user_id: str, scopes: list[str] | None, lifetime: int = DAY) -> str:
    """Issue an access token to an application, as if a user had signed in there.

    Raises:
        RefusalError: The application or user does not exist, or the application may not request a scope.
    """
    application = state.oauth_applications.get(application_id)
    if application is None:
        raise not_found("OAuth application", application_id)
    allowed = application["scopes"].split()
    wanted = allowed if scopes is None else scopes
    if not set(wanted) <= set(allowed):
        raise checks.invalid("scopes", f"The application may only request {', '.join(allowed)}.")
    token = state.stamped(
        "oat",
        object="clerk_idp_oauth_access_token",
        client_id=application["client_id"],
        subject=find_user(state, user_id)["id"],
        scopes=wanted,
        revoked=False,
        revocation_reason=None,
        expiration=state.now() + lifetime,
        _token=secret("oat_"),
    )
    text: str = state.oauth_tokens.add({**token, "id": hexadecimal("oat")})["_token"]
    return text


def access_token_as_jwt(state: State, text: str, claims: dict[str, JSON]) -> str:
    """Return an access token as a JWT, with further or replaced claims."""
    token = next(iter(state.oauth_tokens.find("_token", text)))
    usual = {
        **times(state, (token["expiration"] - state.now()) // 1000),
        "client_id": token["client_id"],
        "iss": ISSUER,
        "jti": token["id"],
        "scope": " ".join(token["scopes"]),
        "sub": token["subject"],
    }
    return sign(state, {**usual, **claims}, Signing(None, type="at+jwt"))


def _application(request: CheckedRequest) -> Record:
    application = request.state.oauth_applications.get(request.path["oauth_application_id"])
    if application is None:
        raise not_found("OAuth application", request.path["oauth_application_id"])
    return application


def _show_with_secret(application: Record) -> JSON:
    if application["public"]:
        return shown(application)
    return {**shown(application), "client_secret": application["_secret"]}
