"""How a request is answered that may not go on; the same in every framework."""

from __future__ import annotations

from typing import Any, TypedDict
from urllib.parse import urlencode

from attrs import field, frozen

from .._errors import ClerkConfigurationError, ClerkConnectionError, InternalServerError, RateLimitError
from ..auth import Auth, RequestState, Reverification, ReverificationLevel

StateOfAnyone = RequestState[Any]  # Any: whatever kinds of token are accepted

VARY = "Cookie, Authorization"
"""What the answer to a request depends on, for caches."""
UNAVAILABLE = "Clerk can't be reached. Try again later."
RETRY_AFTER = 5
"""In how many seconds to try again, where nothing else is said."""
SERVICE_FAULTS = (ClerkConnectionError, InternalServerError, RateLimitError)
"""The errors of calls that say that Clerk can't be reached: 503."""

_SERVICE_FAULTS = frozenset(("jwk-remote-failed-to-load", "unexpected-error"))
_OUR_FAULTS = frozenset(("jwk-failed-to-resolve", "secret-key-invalid"))
_LEVELS: dict[str, Reverification] = {
    "strict_mfa": {"level": "multi_factor", "after_minutes": 10},
    "strict": {"level": "second_factor", "after_minutes": 10},
    "moderate": {"level": "second_factor", "after_minutes": 60},
    "lax": {"level": "second_factor", "after_minutes": 1440},
}


class Requirements(TypedDict, total=False):
    """What a user must have; all of it.

    Attributes:
        role: A role in the active organization, as in `org:admin`.
        permission: A permission there, as in `org:invoices:create`.
        feature: A feature of the user or of the active organization.
        plan: A plan, in the same way.
        reverification: How recently the user must have proved who they are.
    """

    role: str
    permission: str
    feature: str
    plan: str
    reverification: ReverificationLevel | Reverification


@frozen(kw_only=True)
class Refusal:
    """An answer in the place of what was asked for.

    Attributes:
        status: The HTTP status.
        detail: What is wrong, in a sentence.
        headers: What belongs into the answer's headers; `Set-Cookie` may come more than once.
        body: The JSON that Clerk's frontend expects, where it expects something; else the framework's own form.
    """

    status: int
    detail: str
    headers: list[tuple[str, str]] = field(factory=list)
    body: dict[str, Any] | None = None  # Any: JSON


def redirect(state: StateOfAnyone) -> Refusal | None:
    """Return the redirect that a browser's session needs, if it needs one."""
    if any(name.lower() == "location" for name, _ in state.headers):
        return Refusal(status=307, detail="The session has to be renewed.", headers=state.headers)
    return None


def unchecked(state: StateOfAnyone) -> Refusal | None:
    """Return the answer to a request whose token can't be checked since Clerk can't be reached; None for all others.

    Who has sent it may well be signed in: they are not treated as nobody, even where nobody may come.

    Raises:
        ClerkConfigurationError: There is no good key to check tokens with.
    """
    if state.reason in _OUR_FAULTS:
        raise ClerkConfigurationError(f"tokens can't be checked ({state.reason}): {state.message}")
    return unavailable() if state.reason in _SERVICE_FAULTS else None


def check_service(state: StateOfAnyone) -> None:
    """Refuse by an exception what `unchecked` refuses by an answer, where the framework makes the answer of it.

    Raises:
        ClerkConnectionError: The request's token can't be checked since Clerk can't be reached.
        ClerkConfigurationError: There is no good key to check tokens with.
    """
    if unchecked(state):
        raise ClerkConnectionError(f"nobody knows who is calling ({state.reason}): {state.message}")


def refuse(state: StateOfAnyone) -> Refusal | None:
    """Return the answer to a request that nobody signed in has sent; None where somebody has.

    Raises:
        ClerkConfigurationError: Nobody can be signed in, since there is no good key to check tokens with.
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
    """Return the answer to a caller who lacks what is required; None where nothing is lacking."""
    others: Requirements = {**required}
    reverification = others.pop("reverification", None)
    if others and not auth.has(**others):
        return Refusal(status=403, detail="You may not do this.")
    if "reverification" not in required or auth.has(**required):
        return None
    asked = _LEVELS.get(reverification, reverification) if isinstance(reverification, str) else reverification
    error = {
        "type": "forbidden",
        "reason": "reverification-error",
        "metadata": {"reverification": asked},
    }
    return Refusal(status=403, detail="Prove again who you are.", body={"clerk_error": error})


def check_requirements(required: Requirements) -> None:
    """Refuse requirements that nobody could meet, or everybody.

    Raises:
        TypeError: Nothing is required.
    """
    if not required:
        raise TypeError("require at least one of role, permission, feature, plan and reverification")


def unavailable(error: Exception | None = None) -> Refusal:
    """Return the answer where Clerk can't be reached.

    Args:
        error: Why it can't; an error may say when to try again.
    """
    seconds = getattr(error, "retry_after", None)
    return Refusal(status=503, detail=UNAVAILABLE, headers=[("Retry-After", str(int(seconds or RETRY_AFTER)))])


def sign_in_page(page: str, url: str) -> str:
    """Return the URL of a page to sign in, which leads back to another afterwards."""
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
    "redirect",
    "refuse",
    "sign_in_page",
    "unavailable",
    "unchecked",
]
