"""Who is calling: one class for each kind of token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from attrs import field, frozen

from ._has import ABSENT, Absent, session_has
from ._permissions import factor_ages, organization_of, text
from ._types import Claims, Reverification, ReverificationLevel


class _HasNothing:
    """Gives every class a `has`, although only users have roles, permissions and the like."""

    __slots__ = ()

    def has(
        self,
        *,
        role: str | Absent = ABSENT,  # noqa: ARG002  the answer is always False
        permission: str | Absent = ABSENT,  # noqa: ARG002
        feature: str | Absent = ABSENT,  # noqa: ARG002
        plan: str | Absent = ABSENT,  # noqa: ARG002
        reverification: ReverificationLevel | Reverification | Absent = ABSENT,  # noqa: ARG002
    ) -> bool:
        """Return False: only users with a session have roles, permissions, features and plans."""
        return False


@frozen(kw_only=True)
class SessionAuth:
    """A user's session. If nobody is signed in, everything but `token_type` and `session_status` is None.

    Attributes:
        user_id: The user's id; None if nobody is signed in, or if a pending session counts as signed out.
        session_id: The session's id.
        session_status: `active` or `pending`; a pending session has an unfinished task, such as choosing an
            organization.
        session_claims: All claims of the token.
        actor: Who has signed in as this user, if the user is being impersonated.
        org_id: The id of the active organization.
        org_role: The user's role in it, such as `org:admin`.
        org_slug: The organization's slug.
        org_permissions: The user's permissions in it, such as `org:invoices:create`, without Clerk's own permissions.
        factor_verification_age: How many minutes ago the first and the second factor were verified, -1 for never.
        token_type: Always `session_token`.
    """

    user_id: str | None = None
    session_id: str | None = None
    session_status: str | None = None
    session_claims: Claims | None = field(default=None, repr=False)
    actor: Mapping[str, Any] | None = None  # Any: JSON
    org_id: str | None = None
    org_role: str | None = None
    org_slug: str | None = None
    org_permissions: list[str] | None = None
    factor_verification_age: tuple[float, float] | None = None
    token_type: Literal["session_token"] = "session_token"  # noqa: S105  a kind of token

    @property
    def is_authenticated(self) -> bool:
        """Whether a user is signed in."""
        return self.user_id is not None

    def has(
        self,
        *,
        role: str | Absent = ABSENT,
        permission: str | Absent = ABSENT,
        feature: str | Absent = ABSENT,
        plan: str | Absent = ABSENT,
        reverification: ReverificationLevel | Reverification | Absent = ABSENT,
    ) -> bool:
        """Return whether the user has everything that is asked for.

        It is False if nothing is asked for, if nobody is signed in, and for any value that is not a string, such as
        None.

        Args:
            role: A role in the active organization, with or without `org:`.
            permission: A permission in it, with or without `org:`, such as `org:invoices:create`.
            feature: A feature of the user or of the active organization; prefix it with `user:` or `org:` to say whose.
            plan: A plan, in the same form.
            reverification: How recently the user must have verified their identity.
        """
        return session_has(self, role, permission, feature, plan, reverification)


@frozen(kw_only=True)
class APIKeyAuth(_HasNothing):
    """An API key of a user or an organization. Without a valid one, everything but `token_type` is None.

    Attributes:
        id: The key's id; None if the request had no valid key.
        subject: The id of the user or organization that the key belongs to.
        user_id: The same if it is a user, otherwise None.
        org_id: The same if it is an organization, otherwise None.
        name: The key's name.
        scopes: The key's scopes.
        claims: The key's other claims.
        token_type: Always `api_key`.
    """

    id: str | None = None
    subject: str | None = None
    user_id: str | None = None
    org_id: str | None = None
    name: str | None = None
    scopes: list[str] | None = None
    claims: Claims | None = field(default=None, repr=False)
    token_type: Literal["api_key"] = "api_key"  # noqa: S105  a kind of token

    @property
    def is_authenticated(self) -> bool:
        """Whether the request had a valid API key."""
        return self.subject is not None


@frozen(kw_only=True)
class M2MAuth(_HasNothing):
    """A machine. Without a valid token, everything but `token_type` is None.

    Attributes:
        id: The token's id; None if the request had no valid token.
        subject: The machine's id.
        machine_id: The machine's id again.
        scopes: The machines that the token is for.
        claims: The token's other claims.
        token_type: Always `m2m_token`.
    """

    id: str | None = None
    subject: str | None = None
    machine_id: str | None = None
    scopes: list[str] | None = None
    claims: Claims | None = field(default=None, repr=False)
    token_type: Literal["m2m_token"] = "m2m_token"  # noqa: S105  a kind of token

    @property
    def is_authenticated(self) -> bool:
        """Whether the request had a valid M2M token."""
        return self.subject is not None


@frozen(kw_only=True)
class OAuthAuth(_HasNothing):
    """An OAuth application acting for a user. Without a valid token, everything but `token_type` is None.

    Attributes:
        id: The token's id; None if the request had no valid token.
        subject: The user's id.
        user_id: The user's id again.
        client_id: The application's id.
        scopes: The scopes that the user granted to it.
        aud: The token's audiences.
        act: Who acts for the user, at most two levels deep.
        token_type: Always `oauth_token`.
    """

    id: str | None = None
    subject: str | None = None
    user_id: str | None = None
    client_id: str | None = None
    scopes: list[str] | None = None
    aud: list[str] | None = None
    act: Mapping[str, Any] | None = None  # Any: JSON
    token_type: Literal["oauth_token"] = "oauth_token"  # noqa: S105  a kind of token

    @property
    def is_authenticated(self) -> bool:
        """Whether the request had a valid access token."""
        return self.subject is not None


@frozen(kw_only=True)
class NoAuth(_HasNothing):
    """Nobody: several kinds of token were accepted, and the request had none of them.

    Attributes:
        token_type: Always None.
    """

    token_type: None = None

    @property
    def is_authenticated(self) -> Literal[False]:
        """Always False."""
        return False


MachineAuth = APIKeyAuth | M2MAuth | OAuthAuth
Auth = SessionAuth | APIKeyAuth | M2MAuth | OAuthAuth | NoAuth
"""Any of these; `token_type` says which."""


def session_auth(claims: Claims, *, treat_pending_as_signed_out: bool) -> SessionAuth:
    """Return who is calling according to the claims of a session token.

    Args:
        claims: The verified claims.
        treat_pending_as_signed_out: Whether a pending session counts as signed out.
    """
    status = text(claims.get("sts"))
    if treat_pending_as_signed_out and status == "pending":
        return SessionAuth(session_status=status)
    organization = organization_of(claims)
    actor = claims.get("act")
    return SessionAuth(
        user_id=claims["sub"],
        session_id=text(claims.get("sid")),
        session_status=status,
        session_claims=claims,
        actor=actor if isinstance(actor, dict) else None,
        org_id=organization.id,
        org_role=organization.role,
        org_slug=organization.slug,
        org_permissions=organization.permissions,
        factor_verification_age=factor_ages(claims.get("fva")),
    )


__all__ = [
    "APIKeyAuth",
    "Auth",
    "M2MAuth",
    "MachineAuth",
    "NoAuth",
    "OAuthAuth",
    "SessionAuth",
    "session_auth",
]
