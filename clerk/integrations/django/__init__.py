"""Clerk in Django: a middleware, decorators and a mixin for views, and an optional mapping to Django users.

::

    INSTALLED_APPS = [..., "clerk.integrations.django"]  # checks the settings
    MIDDLEWARE = ["clerk.integrations.django.ClerkMiddleware", ...]  # before Django's CsrfViewMiddleware
    CLERK_AUTHORIZED_PARTIES = ["https://app.example.com"]

Then `request.clerk_auth` says who sent a request; in async views, use `await request.aclerk_auth()`.
"""

from __future__ import annotations

from .._answers import Requirements
from ._middleware import ClerkMiddleware, aauth_of, auth_of
from ._views import RequireMixin, require, signed_in, webhook

__all__ = ["ClerkMiddleware", "RequireMixin", "Requirements", "aauth_of", "auth_of", "require", "signed_in", "webhook"]
