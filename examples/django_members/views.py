"""The views and their URLs."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from clerk import BadRequestError, UnprocessableEntityError, async_clerk_client, clerk_client, events
from clerk.integrations.django import aauth_of, auth_of, require, signed_in, webhook
from clerk.integrations.django.users import apply_event


@require_GET
@signed_in
async def members(request: HttpRequest) -> HttpResponse:
    """List who belongs to my organization."""
    auth = await aauth_of(request)
    organization_id = getattr(auth, "org_id", None)  # the one that the user has chosen in the frontend
    if organization_id is None:
        return JsonResponse({"detail": "Choose an organization first."}, status=409)
    page = await async_clerk_client.organizations.get_organization_membership_list(organization_id, limit=100)
    listed = [
        {
            "user_id": user.user_id,
            "email_address": user.identifier,
            "role": membership.role,
        }
        async for membership in page.auto_paging_iter()
        if (user := membership.public_user_data)
    ]
    return JsonResponse(listed, safe=False)


@require_POST
@require(role="org:admin")
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody to my organization."""
    auth = auth_of(request)
    assert auth.token_type == "session_token"
    assert auth.org_id  # who has a role has it there
    try:
        invitation = json.loads(request.body)
        email_address, role = invitation["email_address"], invitation.get("role", "org:member")
    except (ValueError, TypeError, LookupError, AttributeError):
        return JsonResponse({"detail": "Send an email_address, in JSON."}, status=422)
    try:
        made = clerk_client.organizations.create_organization_invitation(
            auth.org_id,
            email_address=email_address,
            role=role,
            inviter_user_id=auth.user_id,
        )
    except (BadRequestError, UnprocessableEntityError) as error:  # invited already, for instance
        return JsonResponse({"detail": error.errors[0].message}, status=422)
    return JsonResponse({"id": made.id, "email_address": made.email_address}, status=201)


@require_GET
@signed_in
def me(request: HttpRequest) -> HttpResponse:
    """Tell what Django's database knows of me."""
    return JsonResponse({"user_id": request.user.get_username(), "email_address": getattr(request.user, "email", "")})


@require_POST
@webhook
def take(_: HttpRequest, event: events.Event) -> HttpResponse:
    """Bring Django's users up to date."""
    apply_event(event)
    return HttpResponse(status=204)


urlpatterns = [path("members", members), path("invitations", invite), path("me", me), path("webhooks", take)]
