"""The description of Clerk's tokens for drf-spectacular."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class ClerkScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its own __init_subclass__
    """The security scheme of `ClerkAuthentication`."""

    target_class = "clerk.integrations.django.rest_framework.ClerkAuthentication"
    name = "Clerk"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002  # Any: as it is declared
        """Return the scheme."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


__all__ = ["ClerkScheme"]
