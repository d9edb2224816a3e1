"""A Django project: its settings, URLs and views."""

from __future__ import annotations

from typing import Any, ClassVar

import django
from django.conf import settings

ORIGIN = "http://localhost:3000"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

if not settings.configured:
    settings.configure(
        SECRET_KEY="only for tests",
        ALLOWED_HOSTS=["testserver", "127.0.0.1"],
        ROOT_URLCONF="tests.integrations.django_project",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "rest_framework",
            "drf_spectacular",
            "clerk.integrations.django",
        ],
        MIDDLEWARE=[
            "clerk.integrations.django.ClerkMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        REST_FRAMEWORK={
            "DEFAULT_AUTHENTICATION_CLASSES": ["clerk.integrations.django.rest_framework.ClerkAuthentication"],
            "DEFAULT_PERMISSION_CLASSES": ["clerk.integrations.django.rest_framework.IsSignedIn"],
            "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
        },
        CLERK_AUTHORIZED_PARTIES=[ORIGIN],
        CLERK_WEBHOOK_SIGNING_SECRET=SECRET,
        USE_TZ=True,
    )
    django.setup()

from django.core.asgi import get_asgi_application  # noqa: E402
from django.core.management import execute_from_command_line  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, HttpResponse, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.views import View  # noqa: E402
from rest_framework.decorators import api_view, permission_classes  # noqa: E402
from rest_framework.request import Request  # noqa: E402
from rest_framework.response import Response  # noqa: E402

from clerk import clerk_client, events  # noqa: E402
from clerk.integrations.django import RequireMixin, require, signed_in, webhook  # noqa: E402
from clerk.integrations.django import rest_framework as clerk_rest  # noqa: E402


@signed_in
def me(request: Any) -> JsonResponse:
    return JsonResponse({"user_id": request.clerk_auth.user_id})


@signed_in
async def ame(request: Any) -> JsonResponse:
    return JsonResponse({"user_id": (await request.aclerk_auth()).user_id})


def greeting(request: Any) -> HttpResponse:
    return HttpResponse("welcome back" if request.clerk_auth.is_authenticated else "hello")


async def agreeting(request: Any) -> HttpResponse:
    return HttpResponse("welcome back" if (await request.aclerk_auth()).is_authenticated else "hello")


@signed_in(login_url="/sign-in")
def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a page")


@require(role="org:admin")
def invoices(request: Any) -> HttpResponse:
    return HttpResponse(request.clerk_auth.org_id)


@require(role="org:admin")
async def ainvoices(request: Any) -> HttpResponse:
    return HttpResponse((await request.aclerk_auth()).org_id)


@require(reverification="strict")
def close(request: HttpRequest) -> HttpResponse:
    return HttpResponse("closed")


class Report(RequireMixin, View):
    required: ClassVar[Any] = {"role": "org:admin"}

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("a report")


class AsyncReport(RequireMixin, View):
    async def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("a report")


@signed_in
def name(request: Any) -> HttpResponse:
    return HttpResponse(clerk_client.users.get_user(request.clerk_auth.user_id).email_addresses[0].email_address)


def who(request: Any) -> HttpResponse:
    return HttpResponse(str(getattr(request, "user", "nobody")))


async def awho(request: Any) -> HttpResponse:
    return HttpResponse(str(await request.auser()))


@webhook
def take(request: HttpRequest, event: events.Event) -> HttpResponse:
    return HttpResponse(event.type)


@webhook(tolerance=60)
async def atake(request: HttpRequest, event: events.Event) -> HttpResponse:
    return HttpResponse(event.type)


@api_view(["GET", "POST"])
def rest(request: Request) -> Response:
    auth: Any = request.auth  # Clerk's, whatever the stubs of REST framework say
    return Response({"pk": request.user.pk, "kind": auth.token_type})


@api_view(["GET"])
@permission_classes([clerk_rest.require(role="org:admin")])
def rest_invoices(request: Request) -> Response:
    return Response("invoices")


@api_view(["DELETE"])
@permission_classes([clerk_rest.require(reverification="strict")])
def rest_close(request: Request) -> Response:
    return Response("closed")


urlpatterns = [
    path("me", me),
    path("ame", ame),
    path("greeting", greeting),
    path("agreeting", agreeting),
    path("page", page),
    path("invoices", invoices),
    path("ainvoices", ainvoices),
    path("account", close),
    path("report", Report.as_view()),
    path("areport", AsyncReport.as_view()),
    path("name", name),
    path("who", who),
    path("awho", awho),
    path("webhooks", take),
    path("awebhooks", atake),
    path("rest", rest),
    path("rest/invoices", rest_invoices),
    path("rest/account", rest_close),
]

wsgi = get_wsgi_application()
asgi = get_asgi_application()

if __name__ == "__main__":
    execute_from_command_line()
