"""Applications that have called Clerk before gunicorn forks its workers, which inherit the connection."""

from __future__ import annotations

import os
from typing import Any

from clerk import clerk_client

clerk_client.users.get_count()


def flask() -> Any:
    from tests.integrations.flask_project import make_app

    app = make_app()

    @app.get("/process")
    def process() -> str:
        clerk_client.users.get_count()
        return str(os.getpid())

    return app


def django() -> Any:
    from tests.integrations import django_project

    return django_project.wsgi
