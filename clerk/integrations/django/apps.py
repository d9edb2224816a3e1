"""The Django application, which checks the settings."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004  # Django's name

from ..._errors import ClerkConfigurationError
from ...auth._options import demands_of
from ._settings import NAMES, accepts_cookies, request_options, setting

MIDDLEWARE = "clerk.integrations.django.ClerkMiddleware"
_CSRF = "django.middleware.csrf.CsrfViewMiddleware"


class ClerkConfig(AppConfig):
    """Registers the checks of the settings."""

    name = "clerk.integrations.django"
    label = "clerk"
    verbose_name = "Clerk"

    def ready(self) -> None:
        """Register the checks."""
        register(check_settings, "clerk")


def check_settings(**_: object) -> list[CheckMessage]:
    """Check the settings that begin with `CLERK_`, and the order of the middleware."""
    from django.conf import settings

    hint = f"The settings are {', '.join(NAMES)}."
    unknown = [name for name in dir(settings) if name.startswith("CLERK_") and name not in NAMES]
    found: list[CheckMessage] = [
        Warning(f"There is no setting {name}.", hint=hint, id="clerk.W001") for name in unknown
    ]
    options = {name: value for name, value in request_options().items() if name in _DEMANDS}
    try:
        demands_of(**options)
    except ClerkConfigurationError as error:
        found.append(Error(str(error), id="clerk.E001"))
    found += _check_user_field()
    middleware = list(settings.MIDDLEWARE)
    if MIDDLEWARE in middleware and accepts_cookies() and not setting("CLERK_AUTHORIZED_PARTIES"):
        found.append(
            Warning(
                "Session cookies are accepted from any origin.",
                hint='Set CLERK_AUTHORIZED_PARTIES to your origins, such as ["https://app.example.com"].',
                id="clerk.W002",
            )
        )
    if MIDDLEWARE in middleware and _CSRF in middleware and middleware.index(_CSRF) < middleware.index(MIDDLEWARE):
        found.append(
            Warning(
                "Requests with a token in their header fail the CSRF check.",
                hint=f"Put {MIDDLEWARE} before {_CSRF} in MIDDLEWARE.",
                id="clerk.W003",
            )
        )
    return found


def _check_user_field() -> list[CheckMessage]:
    name = setting("CLERK_USER_FIELD")
    if not name:
        return []
    from django.contrib.auth import get_user_model
    from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured

    try:
        field = get_user_model()._meta.get_field(name)  # noqa: SLF001  # Django's way
    except (FieldDoesNotExist, ImproperlyConfigured) as error:
        hint = "Set CLERK_USER_FIELD to the field of the user model that holds the Clerk user id."
        return [Error(str(error), hint=hint, id="clerk.E002")]
    if getattr(field, "unique", False):
        return []
    hint = "Two requests at once might create two users for one person. Use a field with unique=True."
    return [Warning(f"The field {name} of CLERK_USER_FIELD is not unique.", hint=hint, id="clerk.W004")]


_DEMANDS = ("authorized_parties", "audience", "issuer", "clock_skew")

__all__ = ["ClerkConfig", "check_settings"]
