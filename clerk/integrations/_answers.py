"""How a request that must not proceed is answered; the same in every framework."""

from __future__ import annotations

from typing import Any, TypedDict
from urllib.parse import urlencode

from attrs import field, frozen

from .._errors import (
    ClerkConfigurationError,
    ClerkConnectionError,
    InternalServerError,
    RateLimitError,
    WebhookVerificationError,
)
from ..auth import Auth, RequestState, Reverification, ReverificationLevel
from ..auth._has import PRESETS

StateOfAnyone = RequestState[Any]  # Any: any kind of token may be accepted

VARY = "Cookie, Authorization"
"""The request headers that a response depends on, for caches."""
UNAVAILABLE = "Clerk can't be reached. Try again later."
RETRY_AFTER = 5
"""How many seconds to wait before trying again, unless the service says something else."""
SERVICE_FAULTS = (ClerkConnectionError, InternalServerError, RateLimitError)
"""The errors of calls that mean that Clerk can't be reached: 503."""

_SERVICE_FAULTS = frozenset(("jwk-remote-failed-to-load", "unexpected-error"))
_OUR_FAULTS = frozenset(("jwk-failed-to-resolve", "secret-key-invalid"))


class Requirements(TypedDict, total=False):
    """What a user must have; all of it is required.

    Attributes:
        role: A role in the active organization, such as `org:admin`.
        permission: A permission in it, such as `org:invoices:create`.
        feature: A feature of the user or of the active organization.
        plan: A plan of the user or of the active organization.
        reverification: How recently the user must have verified their identity.
    """

    role: str
    permission: str
    feature: str
    plan: str
    reverification: ReverificationLevel | Reverification


@frozen(kw_only=True)
class Refusal:
    """A response that is sent instead of the view's.

    Attributes:
        status: The HTTP status.
        detail: What is wrong, in a sentence.
        headers: The response's headers; `Set-Cookie` may occur more than once.
        body: The JSON that Clerk's frontend expects, if it expects any.
    """

    status: int
    detail: str
    headers: list[tuple[str, str]] = field(factory=list)
    body: dict[str, Any] | None = None  # Any: JSON

    @property
    def content(self) -> dict[str, Any]:  # Any: JSON
        """The JSON to send."""
        return self.body or {"detail": self.detail}


def redirect(state: StateOfAnyone) -> Refusal | None:
    """Return the redirect that renews a browser's session, or None if no redirect is needed."""
    if any(name.lower() == "location" for name, _ in state.headers):
        return Refusal(status=307, detail="The session must be renewed.", headers=state.headers)
    return None


def unchecked(state: StateOfAnyone) -> Refusal | None:
    """Return the response to a request whose token can't be checked because Clerk can't be reached; otherwise None.

    Its sender may well be signed in, so they are not treated as signed out, even where that would be allowed.

    Raises:
        ClerkConfigurationError: There is no valid key to check tokens with.
    """
    if state.reason in _OUR_FAULTS:
        raise ClerkConfigurationError(f"tokens can't be checked ({state.reason}): {state.message}")
    return unavailable() if state.reason in _SERVICE_FAULTS else None


def check_service(state: StateOfAnyone) -> None:
    """Do the same as `unchecked`, but raise an exception, which the framework turns into a response.

    Raises:
        ClerkConnectionError: The request's token can't be checked because Clerk can't be reached.
        ClerkConfigurationError: There is no valid key to check tokens with.
    """
    if unchecked(state):
        raise ClerkConnectionError(f"the request's token can't be checked ({state.reason}): {state.message}")


def refuse(state: StateOfAnyone) -> Refusal | None:
    """Return the response to a request that is not signed in; None if it is.

    Raises:
        ClerkConfigurationError: There is no valid key to check tokens with.
    """
    if state.is_authenticated:
        return None
    if refusal := redirect(state):
        return refusal
    if refusal := unchecked(state):
        return refusal
    challenge = ("WWW-Authenticate", 'Bearer realm="Clerk"')
    return Refusal(status=401, detail="Sign in first.", headers=[*state.headers, challenge])


def forbid(auth: Auth, required: Requirements) -> Refusal | None:
    """Return the response to a caller who lacks something that is required; None if they have it all."""
    others: Requirements = {**required}
    reverification = others.pop("reverification", None)
    if others and not auth.has(**others):
        return Refusal(status=403, detail="You are not allowed to do this.")
    if "reverification" not in required or auth.has(**required):
        return None
    asked = PRESETS.get(reverification, reverification) if isinstance(reverification, str) else reverification
    error = {
        "type": "forbidden",
        "reason": "reverification-error",
        "metadata": {"reverification": asked},
    }
    return Refusal(status=403, detail="Verify your identity again.", body={"clerk_error": error})


def check_requirements(required: Requirements) -> None:
    """Refuse empty requirements.

    Raises:
        TypeError: Nothing is required.
    """
    if not required:
        raise TypeError("require at least one of role, permission, feature, plan and reverification")


def unavailable(error: Exception | None = None) -> Refusal:
    """Return the response if Clerk can't be reached.

    Args:
        error: The error of the call; it may say when to try again.
    """
    seconds = getattr(error, "retry_after", None)
    return Refusal(status=503, detail=UNAVAILABLE, headers=[("Retry-After", str(int(seconds or RETRY_AFTER)))])


def not_a_webhook(error: WebhookVerificationError) -> Refusal:
    """Return the response to a request that is not a webhook from Clerk."""
    return Refusal(status=400, detail=f"This is not a webhook from Clerk: {error.reason}.")


def id_of(auth: Auth) -> str:
    """Return the id of the user, machine or organization that is calling; empty if nobody is."""
    return getattr(auth, "user_id", None) or getattr(auth, "subject", None) or ""


def sign_in_page(page: str, url: str) -> str:
    """Return the URL of a sign-in page that leads back to another URL afterwards."""
    return f"{page}{'&' if '?' in page else '?'}{urlencode({'redirect_url': url})}"


__all__ = [
    "RETRY_AFTER",
    "SERVICE_FAULTS",
    "UNAVAILABLE",
    "VARY",
    "Refusal",
    "Requirements",
    "check_requirements",
    "check_service",
    "forbid",
    "id_of",
    "not_a_webhook",
    "redirect",
    "refuse",
    "sign_in_page",
    "unavailable",
    "unchecked",
]
