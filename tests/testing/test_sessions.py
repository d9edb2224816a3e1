"""Sessions, clients and tokens."""

from __future__ import annotations

from typing import Any

import jwt
import pytest

from clerk.testing import LocalClerk

from .conftest import Client, Refused


def claims_of(client: Client, token: str, *, early: bool = False) -> dict[str, Any]:
    """Return a token's claims, checked with the keys that the service publishes."""
    header = jwt.get_unverified_header(token)
    keys = {key.kid: key.to_dict() for key in client.jwks.get_jwks().keys}
    key = jwt.PyJWK(keys[header["kid"]])
    claims: dict[str, Any] = jwt.decode(
        token, key, algorithms=["RS256"], options={"verify_iat": not early, "verify_nbf": not early}
    )
    return claims


def test_a_session_begins_and_ends(client: Client, local: LocalClerk, refused: Refused) -> None:
    user = client.users.create_user(username="somebody")
    session = client.sessions.create_session(user_id=user.id)
    assert (session.status, session.user_id) == ("active", user.id)
    assert session.id.startswith("sess_")
    assert session.expire_at - session.created_at == 7 * 86_400_000
    seen = client.users.get_user(user.id)
    assert seen.last_sign_in_at == session.created_at
    other = client.sessions.create_session(user_id=user.id)
    revoked = client.sessions.revoke_session(session.id)
    assert revoked.status == "revoked"
    assert client.sessions.revoke_session(session.id).status == "revoked"
    assert [one.id for one in client.sessions.get_session_list(user_id=user.id, status="active")] == [other.id]
    assert [one.id for one in client.sessions.get_session_list(client_id=session.client_id)] == [session.id]
    both = client.sessions.get_session_list(user_id=user.id, client_id=session.client_id)
    assert [one.id for one in both] == [session.id]
    page = client.sessions.get_session_list(limit=1)
    assert (page.total_count, page[0].id) == (2, other.id)
    local.advance(7 * 86_400 + 1)
    assert client.sessions.get_session(other.id).status == "expired"
    assert client.sessions.get_session_list(status="expired").total_count == 1
    ended = (401, [("authentication_invalid", None)])
    assert refused(client.sessions.get_token, other.id) == ended
    assert refused(client.sessions.get_session, "sess_1") == (404, [("resource_not_found", None)])
    assert refused(client.sessions.create_session, user_id="user_1")[0] == 404


def test_clients(client: Client, refused: Refused) -> None:
    user = client.users.create_user(username="somebody")
    session = client.sessions.create_session(user_id=user.id)
    found = client.clients.get_client(session.client_id)
    assert (found.session_ids, found.last_active_session_id) == ([session.id], session.id)
    assert client.clients.get_client_list().total_count == 1
    token = client.sessions.get_token(session.id).jwt
    assert client.clients.verify_client(token=token).id == session.client_id
    client.sessions.revoke_session(session.id)
    assert client.clients.get_client(session.client_id).last_active_session_id is None
    assert refused(client.clients.verify_client, token="x") == (401, [("authentication_invalid", None)])
    assert refused(client.clients.get_client, "client_1")[0] == 404


def test_session_tokens_are_real(client: Client) -> None:
    user = client.users.create_user(username="somebody")
    session = client.sessions.create_session(user_id=user.id)
    token = client.sessions.get_token(session.id).jwt
    header = jwt.get_unverified_header(token)
    assert header == {
        "alg": "RS256",
        "typ": "JWT",
        "kid": client.instance.get().id,
        "cat": "cl_B7d4PD111AAA",
    }
    claims = claims_of(client, token)
    assert (claims["sub"], claims["sid"], claims["sts"], claims["v"]) == (user.id, session.id, "active", 2)
    assert claims["exp"] - claims["iat"] == 60
    assert claims["iat"] - claims["nbf"] == 10
    assert claims["fva"] == [0, -1]
    assert claims["iss"].endswith(".clerk.accounts.dev")
    assert "o" not in claims
    longer = claims_of(client, client.sessions.get_token(session.id, expires_in_seconds=600).jwt)
    assert longer["exp"] - longer["iat"] == 600


def test_tokens_tell_the_organization_and_its_permissions(client: Client, refused: Refused) -> None:
    user = client.users.create_user(username="somebody")
    permissions = [
        client.organization_permissions.create_organization_permission(name=key, key=f"org:{key}").id
        for key in ("posts:read", "posts:write", "teams:write")
    ]
    system = client.organization_permissions.get_organization_permission_list(query="org:sys_profile:delete")[0].id
    client.organization_roles.create_organization_role(
        name="Editor", key="org:editor", permissions=[*permissions, system]
    )
    organization = client.organizations.create_organization(name="Acme", slug="acme")
    client.organizations.create_organization_membership(organization.id, user_id=user.id, role="org:editor")
    session = client.sessions.create_session(user_id=user.id, active_organization_id=organization.id)
    assert session.last_active_organization_id == organization.id
    claims = claims_of(client, client.sessions.get_token(session.id).jwt)
    assert claims["fea"] == "o:posts,o:teams"
    assert claims["o"] == {"id": organization.id, "rol": "editor", "slg": "acme", "per": "read,write", "fpm": "3,2"}
    client.organizations.delete_organization_membership(organization.id, user.id)
    assert "o" not in claims_of(client, client.sessions.get_token(session.id).jwt)
    other = client.organizations.create_organization(name="Other", created_by=user.id)
    plain = client.sessions.create_session(user_id=user.id, active_organization_id=other.id)
    told = claims_of(client, client.sessions.get_token(plain.id).jwt)
    assert told["o"] == {"id": other.id, "rol": "admin", "slg": "other"}
    client.organizations.delete_organization(other.id)
    assert "o" not in claims_of(client, client.sessions.get_token(plain.id).jwt)
    assert refused(client.sessions.create_session, user_id=user.id, active_organization_id=organization.id)[0] == 404


def test_tokens_of_impersonated_users_tell_the_actor(client: Client, local: LocalClerk) -> None:
    user = client.users.create_user(username="somebody")
    session = client.sessions.create_session(user_id=user.id)
    local._service.core.state.sessions.change(session.id, actor={"sub": "user_admin"})
    assert claims_of(client, client.sessions.get_token(session.id).jwt)["act"] == {"sub": "user_admin"}


def test_tokens_from_a_template(client: Client, refused: Refused) -> None:
    user = client.users.create_user(
        email_address=["other@example.com", "ada@example.com"],
        first_name="Ada",
        last_name="King",
        public_metadata={"plan": {"seats": 3}},
    )
    client.users.update_user(user.id, primary_email_address_id=user.email_addresses[1].id)
    organization = client.organizations.create_organization(name="Acme", created_by=user.id)
    session = client.sessions.create_session(user_id=user.id, active_organization_id=organization.id)
    template = client.jwt_templates.create(
        name="mine",
        claims={
            "email": "{{user.primary_email_address}}",
            "greeting": "Hello {{ user.full_name }}{{user.nothing}}!",
            "seats": "{{user.public_metadata.plan.seats}}",
            "list": ["{{org.slug}}", 1, "{{org.role}}"],
            "none": "{{user.nothing.more}}",
        },
        lifetime=120,
        allowed_clock_skew=7,
    )
    token = client.sessions.get_token(session.id, "mine").jwt
    assert jwt.get_unverified_header(token)["cat"] == "cl_B7d4PD222AAA"
    claims = claims_of(client, token)
    assert set(claims) - set(template.claims) == {"azp", "exp", "iat", "iss", "jti", "nbf", "sub"}
    assert claims["email"] == "ada@example.com"
    assert claims["greeting"] == "Hello Ada King!"
    assert claims["seats"] == 3
    assert claims["list"] == ["acme", 1, "org:admin"]
    assert claims["none"] is None
    assert (claims["exp"] - claims["iat"], claims["iat"] - claims["nbf"]) == (120, 7)
    assert refused(client.sessions.get_token, session.id, "other") == (404, [("resource_not_found", None)])
    short = client.sessions.get_token(session.id, "mine", expires_in_seconds=30).jwt
    assert claims_of(client, short)["exp"] - claims_of(client, short)["iat"] == 30
    nothing = (422, [("form_param_value_invalid", "expires_in_seconds")])
    assert refused(client.sessions.get_token, session.id, "mine", expires_in_seconds=0) == nothing


def test_templates_sign_with_keys_of_their_own(client: Client) -> None:
    user = client.users.create_user(username="somebody")
    session = client.sessions.create_session(user_id=user.id)
    secret = "a secret that is long enough for HS256"
    template = client.jwt_templates.create(
        name="mine", claims={}, custom_signing_key=True, signing_algorithm="HS256", signing_key=secret
    )
    assert (template.custom_signing_key, template.signing_algorithm) == (True, "HS256")
    token = client.sessions.get_token(session.id, "mine").jwt
    assert jwt.decode(token, secret, algorithms=["HS256"])["sub"] == user.id


@pytest.mark.parametrize(
    ("fields", "status", "code", "parameter"),
    [
        ({"name": "taken", "claims": {}}, 422, "form_identifier_exists", "name"),
        ({"name": "with space", "claims": {}}, 422, "form_param_format_invalid", "name"),
        ({"name": "new", "claims": {"sub": 1}}, 400, "jwt_template_reserved_claim", "sub"),
        ({"name": "new", "claims": {}, "lifetime": 1}, 422, "form_param_value_invalid", "lifetime"),
        ({"name": "new", "claims": {}, "custom_signing_key": True}, 422, "form_param_missing", "signing_key"),
        (
            {"name": "new", "claims": {}, "custom_signing_key": True, "signing_algorithm": "X"},
            422,
            "form_param_value_invalid",
            "signing_algorithm",
        ),
        (
            {"name": "new", "claims": {}, "custom_signing_key": True, "signing_key": "no PEM"},
            422,
            "form_param_value_invalid",
            "signing_key",
        ),
    ],
)
def test_templates_that_cannot_be(
    client: Client, refused: Refused, fields: dict[str, Any], status: int, code: str, parameter: str
) -> None:
    client.jwt_templates.create(name="taken", claims={})
    assert refused(client.jwt_templates.create, **fields) == (status, [(code, parameter)])


def test_templates_are_read_changed_and_deleted(client: Client, refused: Refused) -> None:
    template = client.jwt_templates.create(name="mine", claims={"a": 1})
    assert (template.lifetime, template.allowed_clock_skew) == (60, 5)
    changed = client.jwt_templates.update(template.id, name="mine", claims={"b": 2}, lifetime=90)
    assert (changed.lifetime, changed.allowed_clock_skew) == (90, 5)
    assert client.jwt_templates.get(template.id) == changed
    assert client.jwt_templates.list().total_count == 1
    assert client.jwt_templates.delete(template.id).deleted
    assert refused(client.jwt_templates.get, template.id)[0] == 404


def test_tokens_are_verified_and_renewed(client: Client, local: LocalClerk, refused: Refused) -> None:
    user = client.users.create_user(username="somebody")
    session = client.sessions.create_session(user_id=user.id)
    other = client.sessions.create_session(user_id=user.id)
    token = client.sessions.get_token(session.id).jwt
    assert client.sessions.verify_session(session.id, token=token).id == session.id
    no_token = (401, [("authentication_invalid", None)])
    assert refused(client.sessions.verify_session, other.id, token=token) == no_token
    assert refused(client.sessions.verify_session, session.id, token=f"{token}x") == no_token
    local.advance(120)
    assert refused(client.sessions.verify_session, session.id, token=token) == no_token
    given = {"expired_token": token, "refresh_token": "refresh", "request_origin": "https://example.com"}
    renewed = client.sessions.refresh_session(session.id, **given)
    later = claims_of(client, renewed.jwt, early=True)
    assert later["fva"] == [2, -1]
    cookies = client.sessions.refresh_session(session.id, **given, format="cookie").cookies
    assert cookies[0].startswith("__session=")
    assert refused(client.sessions.refresh_session, other.id, **given) == no_token
    client.sessions.revoke_session(session.id)
    assert refused(client.sessions.refresh_session, session.id, **given) == no_token
