"""Clerk in Django REST framework: an authentication class and permissions.

::

    REST_FRAMEWORK = {
        "DEFAULT_AUTHENTICATION_CLASSES": ["clerk.integrations.django.rest_framework.ClerkAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["clerk.integrations.django.rest_framework.IsSignedIn"],
    }

`request.auth` says who is calling, as one of the classes in `clerk.auth`. `request.user` is a `ClerkUser`, or with the
setting `CLERK_USER_FIELD` a Django user.
"""

from __future__ import annotations

from typing import Any, Unpack

from django.conf import settings
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import APIException, AuthenticationFailed, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from ...auth import Auth
from .._answers import RETRY_AFTER, Refusal, Requirements, check_requirements, forbid, id_of, refuse
from ._middleware import has_header_token, state_of
from ._settings import setting


class ClerkUser:
    """The class of `request.user` if there are no Django users.

    Attributes:
        pk: Clerk's id of the user, machine or organization that is calling.
        auth: Who is calling, as one of the classes in `clerk.auth`.
        is_authenticated: Always True.
        is_anonymous: Always False.
        is_active: Always True.
    """

    is_authenticated = True
    is_anonymous = False
    is_active = True

    def __init__(self, auth: Auth) -> None:
        self.auth = auth
        self.pk: str = id_of(auth)

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
    wait = RETRY_AFTER  # REST framework sends this as Retry-After


class ClerkAuthentication(BaseAuthentication):
    """Authenticates requests with a valid token, and refuses those with an invalid one in the `Authorization` header.

    A session from a cookie must pass Django's CSRF check, as with REST framework's own `SessionAuthentication`.
    """

    def authenticate(self, request: Request) -> tuple[Any, Auth] | None:  # Any: the project's class of users
        """Find out who sent a request.

        Returns:
            The user, and who is calling as one of the classes in `clerk.auth`; None if nobody is signed in.

        Raises:
            AuthenticationFailed: The token in the header is not valid, or the Django user is not active.
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
            from .users import user_of  # without the setting, django.contrib.auth may not be installed

            user = user_of(state.auth)
            if not user.is_active:
                raise AuthenticationFailed("This user is not active.")
            return user, state.auth
        return ClerkUser(state.auth), state.auth

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002  REST framework's
        """Return the `WWW-Authenticate` header of a refusal."""
        return 'Bearer realm="Clerk"'


def _raise(refusal: Refusal, *, has_header: bool) -> None:
    if refusal.status == 503:
        raise ClerkUnavailable(refusal.detail)
    if has_header:
        raise AuthenticationFailed(refusal.detail)


class IsSignedIn(BasePermission):
    """Allows callers who are signed in with Clerk."""

    def has_permission(self, request: Request, view: Any) -> bool:  # noqa: ARG002  REST framework's
        """Return whether somebody is signed in."""
        return bool(getattr(request.auth, "is_authenticated", False))


def require(**required: Unpack[Requirements]) -> type[BasePermission]:
    """Return a permission class that allows callers who have everything that is required.

    Args:
        **required: What they must have: `role`, `permission`, `feature`, `plan`, `reverification`.

    Raises:
        TypeError: Nothing is required.
    """
    check_requirements(required)

    class Require(IsSignedIn):
        """Allows callers who have everything that is required."""

        def has_permission(self, request: Request, view: Any) -> bool:
            """Return whether the caller has everything that is required."""
            if not super().has_permission(request, view):
                return False
            auth: Any = request.auth  # set by ClerkAuthentication; the stubs say otherwise
            if refusal := forbid(auth, required):
                error = PermissionDenied(refusal.detail)
                if refusal.body:
                    error.detail = refusal.body  # its constructor would turn numbers into text
                raise error
            return True

    return Require


if "drf_spectacular" in settings.INSTALLED_APPS:
    from . import _spectacular as _spectacular  # registers itself

__all__ = ["ClerkAuthentication", "ClerkUnavailable", "ClerkUser", "IsSignedIn", "require"]
