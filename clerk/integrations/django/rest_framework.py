"""Clerk in Django REST framework: an authentication class and permissions.

::

    REST_FRAMEWORK = {
        "DEFAULT_AUTHENTICATION_CLASSES": ["clerk.integrations.django.rest_framework.ClerkAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["clerk.integrations.django.rest_framework.IsSignedIn"],
    }

`request.auth` is who is calling as Clerk has it. `request.user` is a `ClerkUser`, or with the setting
`CLERK_USER_FIELD` a user of Django's.
"""

from __future__ import annotations

from typing import Any, Unpack

from django.conf import settings
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import APIException, AuthenticationFailed, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from ...auth import Auth
from .._answers import RETRY_AFTER, Refusal, Requirements, check_requirements, forbid, refuse
from ._middleware import has_header_token, state_of
from ._settings import setting


class ClerkUser:
    """Who is calling, where there are no users in Django: `request.user`.

    Attributes:
        pk: The id at Clerk of the user or of whoever else is calling.
        auth: The same as Clerk has it.
        is_authenticated: Always True.
        is_anonymous: Always False.
        is_active: Always True.
    """

    is_authenticated = True
    is_anonymous = False
    is_active = True

    def __init__(self, auth: Auth) -> None:
        self.auth = auth
        self.pk: str = getattr(auth, "user_id", None) or getattr(auth, "subject", None) or ""

    @property
    def id(self) -> str:
        """The same as `pk`."""
        return self.pk

    def __str__(self) -> str:
        return self.pk

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ClerkUser) and other.pk == self.pk

    def __hash__(self) -> int:
        return hash(self.pk)


class ClerkUnavailable(APIException):
    """Clerk can't be reached: 503."""

    status_code = 503
    default_code = "clerk_unavailable"
    wait = RETRY_AFTER  # REST framework's name for what the header Retry-After says


class ClerkAuthentication(BaseAuthentication):
    """Signs in who comes with a good token; refuses who comes with a bad one in the header `Authorization`.

    A session from a cookie has to pass Django's CSRF check, as with REST framework's own `SessionAuthentication`.
    """

    def authenticate(self, request: Request) -> tuple[Any, Auth] | None:  # Any: the project's class of users
        """Find out who sends a request.

        Returns:
            The user and Clerk's object, or None for nobody.

        Raises:
            AuthenticationFailed: The token in the header is not good, or Django's user is not active.
            ClerkUnavailable: Clerk can't be reached.
            PermissionDenied: The session is from a cookie, and the CSRF check failed.
        """
        plain = request._request  # noqa: SLF001  # Django's own
        state = state_of(plain)
        if refusal := refuse(state):
            _raise(refusal, has_header=bool(request.META.get("HTTP_AUTHORIZATION")))
            return None
        if not has_header_token(plain):
            SessionAuthentication().enforce_csrf(request)
        if setting("CLERK_USER_FIELD") and getattr(state.auth, "user_id", None):
            from .users import user_of  # there may be no users otherwise

            user = user_of(state.auth)
            if not user.is_active:
                raise AuthenticationFailed("This user is not active.")
            return user, state.auth
        return ClerkUser(state.auth), state.auth

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002  REST framework's
        """Return what the header `WWW-Authenticate` of a refusal says."""
        return 'Bearer realm="Clerk"'


def _raise(refusal: Refusal, *, has_header: bool) -> None:
    if refusal.status == 503:
        raise ClerkUnavailable(refusal.detail)
    if has_header:
        raise AuthenticationFailed(refusal.detail)


class IsSignedIn(BasePermission):
    """Lets through who is signed in with Clerk."""

    def has_permission(self, request: Request, view: Any) -> bool:  # noqa: ARG002  REST framework's
        """Tell whether somebody is signed in."""
        return bool(getattr(request.auth, "is_authenticated", False))


def require(**required: Unpack[Requirements]) -> type[BasePermission]:
    """Return a permission class that lets through who has what is required.

    Args:
        **required: What they must have, all of it: `role`, `permission`, `feature`, `plan`, `reverification`.

    Raises:
        TypeError: Nothing is required.
    """
    check_requirements(required)

    class Require(IsSignedIn):
        """Lets through who has what is required."""

        def has_permission(self, request: Request, view: Any) -> bool:
            """Tell whether the caller has it all."""
            if not super().has_permission(request, view):
                return False
            auth: Any = request.auth  # ours: REST framework's stubs say otherwise
            if refusal := forbid(auth, required):
                error = PermissionDenied(refusal.detail)
                if refusal.body:
                    error.detail = refusal.body  # its constructor makes text of numbers
                raise error
            return True

    return Require


if "drf_spectacular" in settings.INSTALLED_APPS:
    from . import _spectacular as _spectacular  # registers itself

__all__ = ["ClerkAuthentication", "ClerkUnavailable", "ClerkUser", "IsSignedIn", "require"]
