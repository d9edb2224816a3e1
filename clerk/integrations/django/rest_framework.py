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

from typing import TYPE_CHECKING, Any, Unpack

from django.conf import settings
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import APIException, AuthenticationFailed, PermissionDenied
from rest_framework.permissions import BasePermission

from .._answers import Refusal, Requirements, check_requirements, forbid, refuse
from ._middleware import state_of
from ._settings import setting

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView

    from ...auth import Auth


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


class ClerkAuthentication(BaseAuthentication):
    """Signs in who comes with a good token; refuses who comes with a bad one in the header `Authorization`.

    A session from a cookie has to pass Django's CSRF check, as with REST framework's own `SessionAuthentication`.
    """

    def authenticate(self, request: Request) -> tuple[Any, Auth] | None:  # Any: the project's class of users
        """Find out who sends a request.

        Returns:
            The user and Clerk's object, or None for nobody.

        Raises:
            AuthenticationFailed: The token in the header is not good.
            ClerkUnavailable: Clerk can't be reached.
            PermissionDenied: The session is from a cookie, and the CSRF check failed.
        """
        has_header = bool(request.META.get("HTTP_AUTHORIZATION"))
        state = state_of(request._request)  # noqa: SLF001  # Django's own request
        if refusal := refuse(state):
            _raise(refusal, has_header=has_header)
            return None
        if not has_header:
            SessionAuthentication().enforce_csrf(request)
        if setting("CLERK_USER_FIELD"):
            from .users import user_of

            return user_of(state.auth), state.auth
        return ClerkUser(state.auth), state.auth

    def authenticate_header(self, _: Request) -> str:
        """Return what the header `WWW-Authenticate` of a refusal says."""
        return 'Bearer realm="Clerk"'


def _raise(refusal: Refusal, *, has_header: bool) -> None:
    if refusal.status == 503:
        raise ClerkUnavailable(refusal.detail)
    if has_header:
        raise AuthenticationFailed(refusal.detail)


class IsSignedIn(BasePermission):
    """Lets through who is signed in with Clerk."""

    def has_permission(self, request: Request, _: APIView) -> bool:
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

        def has_permission(self, request: Request, view: APIView) -> bool:
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
