"""The members of an organization, in FastAPI: `python -m examples.fastapi_members`.

People see who belongs to their organization; its admins invite others. The lists are kept until Clerk says by webhook
that somebody came or went: let the endpoint, http://localhost:8000/webhooks here, have the events
`organizationMembership.created`, `organizationMembership.updated` and `organizationMembership.deleted`.
"""

from __future__ import annotations

import argparse
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel

from clerk import AsyncClerkClient, BadRequestError, UnprocessableEntityError, events
from clerk.auth import SessionAuth
from clerk.integrations.fastapi import ClerkAuth, add_exception_handlers, get_clerk, lifespan, webhook

app = FastAPI(title="Members", lifespan=lifespan)
add_exception_handlers(app)
signed_in = ClerkAuth(authorized_parties=["http://localhost:3000"])  # the frontend
Clerk = Annotated[AsyncClerkClient, Depends(get_clerk)]
known: dict[str, list[Member]] = {}  # of this process; with several, the lists belong where all can see them


class Member(BaseModel):
    """Somebody who belongs to an organization."""

    user_id: str
    email_address: str
    role: str


class Invitation(BaseModel):
    """Whom to invite."""

    email_address: str
    role: str = "org:member"


def organization_of(auth: Annotated[SessionAuth, Depends(signed_in)]) -> str:
    """Return the organization that the user has chosen in the frontend."""
    if auth.org_id is None:
        raise HTTPException(409, "Choose an organization first.")
    return auth.org_id


@app.get("/members")
async def members(organization_id: Annotated[str, Depends(organization_of)], clerk: Clerk) -> list[Member]:
    """List who belongs to my organization."""
    if organization_id not in known:
        page = await clerk.organizations.get_organization_membership_list(organization_id, limit=100)
        known[organization_id] = [
            Member(
                user_id=user.user_id,
                email_address=user.identifier or "",
                role=membership.role,
            )
            async for membership in page.auto_paging_iter()
            if (user := membership.public_user_data)
        ]
    return known[organization_id]


@app.post("/invitations", status_code=201)
async def invite(
    invitation: Invitation, auth: Annotated[SessionAuth, Depends(signed_in.require(role="org:admin"))], clerk: Clerk
) -> dict[str, str]:
    """Invite somebody to my organization."""
    assert auth.org_id  # who has a role has it there
    try:
        made = await clerk.organizations.create_organization_invitation(
            auth.org_id,
            email_address=invitation.email_address,
            role=invitation.role,
            inviter_user_id=auth.user_id,
        )
    except (BadRequestError, UnprocessableEntityError) as error:  # invited already, for instance
        raise HTTPException(422, error.errors[0].message) from error
    return {"id": made.id, "email_address": made.email_address}


@app.post("/webhooks", status_code=204)
async def take(event: Annotated[events.Event, Depends(webhook())]) -> None:
    """Forget a list that is not right any more."""
    match event:
        case (
            events.OrganizationMembershipCreated()
            | events.OrganizationMembershipUpdated()
            | events.OrganizationMembershipDeleted()
        ):
            known.pop(event.data.organization.id, None)
        case _:
            pass  # nothing of ours


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Show the members of organizations, in FastAPI.")
    parser.add_argument("--port", type=int, default=8000, help="the port (default: %(default)s)")
    uvicorn.run(app, port=parser.parse_args().port)
