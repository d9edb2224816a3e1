"""Sessions, their tokens and the tokens for signing in."""

from __future__ import annotations

import os
from typing import Any

from tests.peers.official_python.steps import Clerk, ids, refused, security, step


def tell(clerk: Clerk) -> None:
    """Tell the chapter."""
    user = clerk.users.create(email_address=["sid@example.com"], first_name="Sid", skip_password_requirement=True).id
    organization = clerk.organizations.create(request={"name": "Sessions", "created_by": user}).id
    session, token = _sessions(clerk, user)
    _templates(clerk, user, session)
    _organization_claims(clerk, user, organization)
    _clients(clerk, session, token)
    _ended(clerk, session, token)
    _tickets(clerk, user)


def verified(token: str) -> dict[str, Any]:
    """Return the claims of a token, which the SDK checks with the keys of the service."""
    options = security.VerifyTokenOptions(
        secret_key=os.environ["CLERK_SECRET_KEY"], api_url=os.environ["CLERK_API_URL"]
    )
    claims: dict[str, Any] = security.verify_token(token, options)
    return claims


def _sessions(clerk: Clerk, user: str) -> tuple[str, str]:
    session = token = ""
    with step("sessions.create"):
        made = clerk.sessions.create(request={"user_id": user})
        session = made.id
        assert (made.user_id, made.status) == (user, "active")
    with step("sessions.get"):
        assert clerk.sessions.get(session_id=session).user_id == user
    with step("sessions.list"):
        assert ids(clerk.sessions.list(user_id=user, status="active")) == [session]
        assert ids(clerk.sessions.list(user_id=user, status="revoked")) == []
    with step("sessions.create_token"):
        token = clerk.sessions.create_token(session_id=session).jwt
        claims = verified(token)
        assert (claims["sub"], claims["sid"], claims["v"]) == (user, session, 2)
        assert claims["exp"] - claims["iat"] == 60
    with step("sessions.create_token, for longer"):
        claims = verified(clerk.sessions.create_token(session_id=session, expires_in_seconds=600).jwt)
        assert claims["exp"] - claims["iat"] == 600
    with step("jwks.get_jwks"):
        (key,) = clerk.jwks.get_jwks().keys
        assert (key.alg, key.kty, key.use) == ("RS256", "RSA", "sig")
    return session, token


def _templates(clerk: Clerk, user: str, session: str) -> None:
    api = clerk.jwt_templates
    template = ""
    with step("jwt_templates.create"):
        # The SDK has no place for claims: whatever they are, it sends that there are none.
        made = api.create(request={"name": "for_the_database", "claims": {"name": "{{user.first_name}}"}})
        template = made.id
        assert (made.name, made.lifetime, made.allowed_clock_skew) == ("for_the_database", 60, 5)
    with step("sessions.create_token_from_template"):
        token = clerk.sessions.create_token_from_template(session_id=session, template_name="for_the_database")
        claims = verified(token.jwt)
        assert (claims["sub"], claims["exp"] - claims["iat"]) == (user, 60)
    with step("jwt_templates.update"):
        updated = api.update(template_id=template, name="renamed", claims={}, lifetime=90)
        assert (updated.name, updated.lifetime) == ("renamed", 90)
    with step("jwt_templates.get"):
        assert api.get(template_id=template).name == "renamed"
    with step("jwt_templates.list"):
        assert ids(api.list()) == [template]
    with step("jwt_templates.delete"):
        assert api.delete(template_id=template).deleted is True
        assert api.list() == []


def _organization_claims(clerk: Clerk, user: str, organization: str) -> None:
    with step("sessions.create, in an organization"):
        inside = clerk.sessions.create(request={"user_id": user, "active_organization_id": organization})
        claims = verified(clerk.sessions.create_token(session_id=inside.id).jwt)
        assert (claims["o"]["id"], claims["o"]["rol"]) == (organization, "admin")
        clerk.sessions.revoke(session_id=inside.id)


def _clients(clerk: Clerk, session: str, token: str) -> None:
    with step("clients.list"):
        client = clerk.sessions.get(session_id=session).client_id
        assert client in ids(clerk.clients.list())
    with step("clients.get"):
        found = clerk.clients.get(client_id=client)
        assert (found.session_ids, found.last_active_session_id) == ([session], session)
    with step("clients.verify"):
        assert clerk.clients.verify(request={"token": token}).id == client


def _ended(clerk: Clerk, session: str, token: str) -> None:
    with step("sessions.refresh"):
        answer = clerk.sessions.refresh(
            session_id=session,
            expired_token=token,
            refresh_token="a refresh token",
            request_origin="https://example.com",
            request_originating_ip="127.0.0.1",
        )
        assert verified(answer.jwt)["sid"] == session
    with step("sessions.revoke"):
        assert clerk.sessions.revoke(session_id=session).status == "revoked"
    with refused("sessions.create_token, of a session that was revoked"):
        clerk.sessions.create_token(session_id=session)


def _tickets(clerk: Clerk, user: str) -> None:
    with step("sign_in_tokens.create"):
        ticket = clerk.sign_in_tokens.create(request={"user_id": user, "expires_in_seconds": 600})
        assert (ticket.user_id, ticket.status) == (user, "pending")
        assert ticket.token in ticket.url
    with step("sign_in_tokens.revoke"):
        assert clerk.sign_in_tokens.revoke(sign_in_token_id=ticket.id).status == "revoked"
    with refused("sign_in_tokens.revoke, once more"):
        clerk.sign_in_tokens.revoke(sign_in_token_id=ticket.id)
    with step("actor_tokens.create"):
        made = clerk.actor_tokens.create(request={"user_id": user, "actor": {"sub": "user_admin"}})
        assert (made.status, made.user_id) == ("pending", user)
    with step("actor_tokens.revoke"):
        assert clerk.actor_tokens.revoke(actor_token_id=made.id).status == "revoked"
    with step("testing_tokens.create"):
        testing = clerk.testing_tokens.create()
        assert testing.expires_at > int(testing.token.partition("-")[0])
