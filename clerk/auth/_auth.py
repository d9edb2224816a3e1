"""Who is calling, in one class for each kind of token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from attrs import field, frozen

from ._has import ABSENT, Absent, session_has
from ._permissions import factor_ages, organization_of, text
from ._types import Claims, Reverification, ReverificationLevel


class _HasNothing:
    """What may be asked of everybody: only users have roles and the like."""

    __slots__ = ()

    def has(
        self,
        *,
        role: str | Absent = ABSENT,  # noqa: ARG002  whatever is asked
        permission: str | Absent = ABSENT,  # noqa: ARG002
        feature: str | Absent = ABSENT,  # noqa: ARG002
        plan: str | Absent = ABSENT,  # noqa: ARG002
        reverification: ReverificationLevel | Reverification | Absent = ABSENT,  # noqa: ARG002
    ) -> bool:
        """Return False: only the users of sessions have roles, permissions, features and plans."""
        return False


@frozen(kw_only=True)
class SessionAuth:
    """The session of a user, or none: then everything is None but what it is named after.

    Attributes:
        user_id: The user's id; None where nobody is signed in, a pending session among them that counts as such.
        session_id: The session's id.
        session_status: `active` or `pending`; a pending session still has a task, to choose an organization for one.
        session_claims: All claims of the token.
        actor: Who has signed in as this user, where somebody impersonates them.
        org_id: The id of the active organization.
        org_role: The user's role there, as in `org:admin`.
        org_slug: The organization's slug.
        org_permissions: What the user may do there, as in `org:invoices:create`; without Clerk's own permissions.
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
        """Return whether the user has all that is asked for; False where nothing is asked or nobody is signed in.

        A value that is no text, None for one, is never had.

        Args:
            role: A role in the active organization, with or without `org:`.
            permission: A permission there, with or without `org:`, as in `org:invoices:create`.
            feature: A feature of the user or of the active organization; `user:` or `org:` before it says whose.
            plan: A plan, in the same way.
            reverification: How recently the user must have proved who they are.
        """
        return session_has(self, role, permission, feature, plan, reverification)


@frozen(kw_only=True)
class APIKeyAuth(_HasNothing):
    """An API key of a user or an organization, or none.

    Attributes:
        id: The key's id; None where the request did not come with a good one.
        subject: Whom the key is of.
        user_id: The user whom it is of.
        org_id: The organization whom it is of.
        name: The key's name.
        scopes: What it allows.
        claims: What else it says.
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
        """Whether the request came with a good API key."""
        return self.subject is not None


@frozen(kw_only=True)
class M2MAuth(_HasNothing):
    """A machine, or none.

    Attributes:
        id: The token's id; None where the request did not come with a good one.
        subject: The machine's id.
        machine_id: The same.
        scopes: The machines that the token is for.
        claims: What else it says.
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
        """Whether the request came with a machine's good token."""
        return self.subject is not None


@frozen(kw_only=True)
class OAuthAuth(_HasNothing):
    """An application that a user has let in, or none.

    Attributes:
        id: The token's id; None where the request did not come with a good one.
        subject: The user's id.
        user_id: The same.
        client_id: The application's id.
        scopes: What the user has let it do.
        aud: For whom the token is.
        act: Who acts for the user, at two levels at most.
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
        """Whether the request came with a good access token."""
        return self.subject is not None


@frozen(kw_only=True)
class NoAuth(_HasNothing):
    """Nobody: the request came with none of the several kinds of token that it may come with.

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
"""Any of them; `token_type` tells which."""


def session_auth(claims: Claims, *, treat_pending_as_signed_out: bool) -> SessionAuth:
    """Return who is calling by the claims of a session token.

    Args:
        claims: The claims, verified.
        treat_pending_as_signed_out: Whether the user of a pending session is nobody.
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
