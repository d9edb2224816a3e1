"""A Flask application."""

from __future__ import annotations

from typing import Any

from flask import Flask

from clerk import clerk_client, events
from clerk.integrations.flask import Clerk, current_auth, require, signed_in, webhook

ORIGIN = "http://localhost:3000"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def make_app(**options: Any) -> Flask:
    app = Flask(__name__)
    app.config["CLERK_AUTHORIZED_PARTIES"] = [ORIGIN]
    app.config["CLERK_WEBHOOK_SIGNING_SECRET"] = SECRET
    clerk = Clerk(**options)
    clerk.init_app(app)

    @app.get("/me")
    @signed_in
    def me() -> dict[str, Any]:
        return {"user_id": current_auth.user_id, "kind": type(current_auth).__name__}

    @app.get("/greeting")
    def greeting() -> str:
        return "welcome back" if current_auth.is_authenticated else "hello"

    @app.get("/invoices")
    @require(role="org:admin")
    def invoices() -> str:
        return str(current_auth.org_id)

    @app.delete("/account")
    @require(reverification="strict")
    def close() -> str:
        return "closed"

    @app.get("/name")
    @signed_in
    def name() -> str:
        assert current_auth.user_id
        return clerk_client.users.get_user(current_auth.user_id).email_addresses[0].email_address

    @app.post("/webhooks")
    @webhook()
    def take(event: events.Event) -> str:
        return event.type

    @app.get("/page")
    @signed_in(login_url="/sign-in?from=here")
    def page() -> str:
        return "a page"

    return app
