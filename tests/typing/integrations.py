"""What users see of the frameworks' modules; read by mypy and pyright, never run."""

from __future__ import annotations

from typing import Annotated, ClassVar, assert_type

from django.http import HttpRequest, HttpResponse
from django.views import View
from fastapi import Depends, FastAPI
from flask import Flask
from starlette.requests import Request

from clerk import AsyncClerkClient, ClerkClient, async_clerk_client, clerk_client, events
from clerk.auth import Auth, SessionAuth
from clerk.integrations import django as of_django
from clerk.integrations import fastapi as of_fastapi
from clerk.integrations import flask as of_flask
from clerk.integrations import starlette as of_starlette
from clerk.integrations.django import rest_framework as of_rest_framework
from clerk.integrations.django import users

app = FastAPI(lifespan=of_fastapi.lifespan)
signed_in = of_fastapi.ClerkAuth(async_clerk_client, accepts_token=["session_token", "api_key"], clock_skew=5)


@app.get("/")
async def endpoint(
    auth: Annotated[SessionAuth, Depends(signed_in)],
    admin: Annotated[SessionAuth, Depends(signed_in.require(role="org:admin", reverification="strict"))],
    event: Annotated[events.Event, Depends(of_fastapi.webhook())],
    clerk: Annotated[AsyncClerkClient, Depends(of_fastapi.get_clerk)],
) -> str | None:
    assert_type(of_fastapi.get_clerk(), AsyncClerkClient)
    return auth.user_id


signed_in.require(rule="org:admin")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
signed_in.require(reverification="sometimes")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
of_fastapi.ClerkAuth(accepts_token="cookie")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
of_fastapi.ClerkAuth(authorised_parties=["x"])  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
of_fastapi.ClerkAuth(clerk_client)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def in_starlette(request: Request) -> None:
    backend = of_starlette.ClerkBackend(authorized_parties=["https://app.example.com"])
    assert_type(await of_starlette.signed_in(backend, request), Auth)
    assert_type(await of_starlette.allowed(backend, request, plan="gold"), Auth)
    assert_type(await of_starlette.verified_event(request), events.Event)


extension = of_flask.Clerk(Flask(__name__), browser=True, audience="api")
assert_type(extension.client, ClerkClient)
assert_type(of_flask.current_auth, SessionAuth)
of_flask.Clerk(browser="yes")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@of_flask.signed_in
def flask_view(number: int) -> str:
    return str(number)


@of_flask.require(login_url="/sign-in", permission="org:invoices:create")
def flask_page(number: int) -> str:
    return str(number)


@of_flask.webhook()
def flask_webhook(event: events.Event) -> str:
    return event.type


flask_view(1)
flask_page(number=1)
flask_view("1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@of_django.signed_in
def django_view(request: HttpRequest) -> HttpResponse:
    assert_type(of_django.auth_of(request), Auth)
    return HttpResponse()


@of_django.require(role="org:admin", login_url="/sign-in")
async def async_django_view(request: HttpRequest) -> HttpResponse:
    assert_type(await of_django.aauth_of(request), Auth)
    return HttpResponse()


@of_django.webhook
def django_webhook(request: HttpRequest, event: events.Event) -> HttpResponse:
    users.apply_event(event)
    return HttpResponse()


@of_django.webhook(signing_secret="whsec_x")
async def async_django_webhook(request: HttpRequest, event: events.Event) -> HttpResponse:
    await users.aapply_event(event)
    return HttpResponse()


class Report(of_django.RequireMixin, View):
    required: ClassVar[of_django.Requirements] = {"role": "org:admin"}


def in_django(request: HttpRequest) -> None:
    assert_type(django_view(request), HttpResponse)
    of_django.require(rule="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    of_rest_framework.require(feature="reports")
    of_rest_framework.require(feature=5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert_type(of_rest_framework.ClerkUser(of_django.auth_of(request)).pk, str)
