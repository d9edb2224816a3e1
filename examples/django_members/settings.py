"""The settings."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

SECRET_KEY = os.environ.get("SECRET_KEY") or secrets.token_urlsafe()
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
ROOT_URLCONF = "examples.django_members.views"
USE_TZ = True
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "clerk.integrations.django"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "clerk.integrations.django.ClerkMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("DATABASE") or Path(tempfile.gettempdir(), "django_members.sqlite3"),
    }
}

CLERK_AUTHORIZED_PARTIES = ["http://localhost:3000"]  # the frontend
CLERK_USER_FIELD = "username"
