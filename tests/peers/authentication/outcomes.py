"""What our client says, in the form in which the other says it."""

from __future__ import annotations

from typing import Any

import attrs
import httpx

from clerk import ClerkConfigurationError, TokenVerificationError
from clerk.auth import RequestState
from tests.auth.conftest import Checker

from .cases import Step

_KEPT = ("location", "cache-control", "x-clerk-auth-status", "x-clerk-auth-reason", "set-cookie")


def outcome_of(checker: Checker, step: Step) -> dict[str, Any]:
    """Return what came of a step."""
    try:
        if step.call == "verify_token":
            return {"claims": checker.verify_token(step.token, **step.options)}
        told = step.request
        request = httpx.Request(told["method"], told["url"], headers=told["headers"])
        state = checker.authenticate_request(request, **step.options)
    except TokenVerificationError as error:
        return {"error": error.reason}
    except ClerkConfigurationError:
        return {"error": None}
    return _of_state(state, step)


def _of_state(state: RequestState[Any], step: Step) -> dict[str, Any]:
    auth = attrs.asdict(state.auth)
    auth.pop("aud", None)
    auth.pop("act", None)
    auth["is_authenticated"] = state.auth.is_authenticated
    auth["has"] = [state.auth.has(**asked) for asked in step.has]
    if auth.get("factor_verification_age") is not None:
        auth["factor_verification_age"] = list(auth["factor_verification_age"])
    return {
        "status": state.status,
        "reason": state.reason,
        "token_type": state.token_type,
        "headers": sorted([name.lower(), value] for name, value in state.headers if name.lower() in _KEPT),
        "auth": None if state.status == "handshake" else auth,
    }
