"""What users see of calls, pages, unions and errors; read by mypy and pyright, never run."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, assert_type

import clerk
from clerk import (
    UNSET,
    AsyncClerkClient,
    AsyncPage,
    ClerkAPIError,
    ClerkAPIResponseError,
    ClerkClient,
    ClerkDecodeError,
    NotFoundError,
    Page,
    RateLimitError,
    Unset,
    async_clerk_client,
    clerk_client,
    create_async_clerk_client,
    create_clerk_client,
    models,
    sessions,
    to_datetime,
)
from clerk.models import Organization, User


def calls() -> None:
    assert_type(clerk_client, ClerkClient)
    assert_type(clerk_client.users.get_user("user_1"), models.User)
    assert_type(clerk_client.users.get_user(user_id="user_1"), User)
    assert_type(clerk_client.organizations.get_organization("org_1"), Organization)
    assert_type(clerk_client.users.get_count(), int)
    assert_type(clerk_client.users.delete_user("user_1"), models.DeletedObject)
    assert_type(clerk_client.users.ban_users(user_ids=["user_1"]), list[models.User])
    assert_type(clerk_client.instance.update(test_mode=True), None)
    assert_type(clerk_client.interstitial.get_public_interstitial(), str)
    assert_type(sessions.get_token("sess_1", template="hasura"), models.SessionToken)
    assert_type(
        clerk_client.sessions.refresh_session("sess_1", expired_token="a", refresh_token="b", request_origin="c"),
        models.Token | models.Cookies,
    )
    clerk_client.users.update_user("user_1", first_name="Ada", last_name=None)
    clerk_client.users.update_user_metadata("user_1", public_metadata={"plan": "pro"})
    clerk_client.users.create_user(email_address=["ada@example.com"], created_at=datetime.now().astimezone())
    clerk_client.users.get_user_list(created_at_after=0, last_active_at_before="2026-01-01T00:00:00Z")
    clerk_client.users.update_user_profile_image("user_1", file=b"png")
    clerk_client.users.update_user_profile_image("user_1", file=("a.png", b"png", "image/png"))
    clerk_client.invitations.create_invitation_bulk(body=[{"email_address": "ada@example.com"}])
    clerk_client.invitations.create_invitation_bulk(body=[models.InvitationParams(email_address="ada@example.com")])


def pages() -> None:
    page = clerk_client.users.get_user_list(limit=20)
    assert_type(page, Page[models.User])
    assert_type(page.data, list[models.User])
    assert_type(page.total_count, int | None)
    assert_type(page[0], models.User)
    assert_type(page[:2], list[models.User])
    for user in page.auto_paging_iter(concurrency=4):
        assert_type(user, models.User)
    assert_type(clerk_client.m2m.list(subject="mch_1"), Page[models.M2MToken])


async def asynchronous() -> None:
    assert_type(async_clerk_client, AsyncClerkClient)
    assert_type(await async_clerk_client.users.get_user("user_1"), models.User)
    page = await async_clerk_client.users.get_user_list()
    assert_type(page, AsyncPage[models.User])
    async for user in page.auto_paging_iter():
        assert_type(user, models.User)
    async with create_async_clerk_client() as client:
        assert_type(client, AsyncClerkClient)
        assert_type(await client.users.get_count(), int)


def values(user: models.User, address: models.EmailAddress) -> None:
    assert_type(user.first_name, str | None)
    assert_type(user.object, Literal["user"])
    assert_type(user.email_addresses, list[models.EmailAddress])
    assert_type(user.public_metadata, dict[str, Any])
    assert_type(user.created_at, int)
    assert_type(to_datetime(user.created_at), datetime)
    assert_type(address.id, str | Unset)
    if address.id is not UNSET:
        assert_type(address.id, str)
    if not isinstance(address.id, Unset):
        assert_type(address.id, str)
    verification = address.verification
    if isinstance(verification, models.VerificationAdmin):
        assert_type(verification, models.VerificationAdmin)
    assert_type(models.User.from_dict({}), models.User)
    assert_type(user.to_dict(), dict[str, Any])


def clients() -> None:
    with create_clerk_client(secret_key="sk_test_1", http_options={"timeout": 5.0}, max_retries=3) as client:
        assert_type(client, ClerkClient)
    assert_type(clerk_client.with_options(deadline=None), ClerkClient)


def errors() -> None:
    try:
        clerk_client.users.get_user("user_1")
    except RateLimitError as error:
        assert_type(error.retry_after, float | None)
    except NotFoundError as error:
        assert_type(error.errors, list[ClerkAPIError])
        assert_type(error.errors[0].meta, dict[str, Any])
    except ClerkAPIResponseError as error:
        assert_type(error.status_code, int)
        assert_type(error.clerk_trace_id, str | None)
        assert_type(error.body, bytes)
    except ClerkDecodeError as error:
        assert_type(error.model, str | None)


def mistakes() -> None:
    clerk_client.users.get_user()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # needs an id
    clerk_client.users.get_user(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # an id is text
    clerk_client.users.get_usr("user_1")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]  # misspelt
    clerk_client.usres.get_user("user_1")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]  # misspelt
    clerk_client.users.get_user_list(limt=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # misspelt
    clerk_client.users.get_user_list("ada")  # type: ignore[call-arg, arg-type]  # pyright: ignore[reportCallIssue]  # keywords only
    clerk_client.sessions.get_session_list(status="actve")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no such status
    clerk_client.users.update_user("user_1", banned=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # there is ban_user
    create_clerk_client(secret="sk_test_1")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # misspelt
    create_clerk_client(http_options={"timeot": 1.0})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # misspelt
    _ = clerk.clerk_clint  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]  # misspelt
    clerk_client.invitations.create_invitation_bulk(body=[{"email": "a"}])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]  # misspelt
