"""Django users by their Clerk ids; used only if the setting `CLERK_USER_FIELD` names the field that holds the id.

The user model must have the field already, for example `username`: there is no migration.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from ... import events
from ...auth import Auth
from ._middleware import aauth_of, auth_of
from ._settings import setting


def user_of(auth: Auth) -> AbstractBaseUser | AnonymousUser:
    """Return the Django user who is calling, created on their first request; an anonymous user if nobody is signed in.

    Args:
        auth: Who is calling. Machines have no Django user.
    """
    user_id = getattr(auth, "user_id", None)
    return _get_or_create(user_id) if user_id else AnonymousUser()


async def auser_of(auth: Auth) -> AbstractBaseUser | AnonymousUser:
    """Do the same as `user_of`, in async code."""
    return await sync_to_async(user_of)(auth)  # Django's database is sync


def put_user(request: HttpRequest) -> None:
    """Set `request.user` to the Django user who is calling, looked up when it is first read.

    If nobody is signed in with Clerk, or the Django user is not active, it stays what it is: an anonymous user, unless
    another middleware has set one.
    """
    before = getattr(request, "user", AnonymousUser())  # not evaluated if it is lazy
    before_async = getattr(request, "auser", None)
    request.user = SimpleLazyObject(partial(_user, request, before))  # type: ignore[assignment]  # as Django does it
    request.auser = partial(_auser, request, before, before_async)


def _user(request: HttpRequest, before: Any) -> Any:  # the project's class of users
    return _active(user_of(auth_of(request))) or before


async def _auser(request: HttpRequest, before: Any, before_async: Any) -> Any:  # the project's class of users
    found = _active(await auser_of(await aauth_of(request)))
    if found is None and before_async is not None:
        return await before_async()
    return found or before


def _active(user: AbstractBaseUser | AnonymousUser) -> AbstractBaseUser | AnonymousUser | None:
    return user if user.is_active else None


def apply_event(event: events.Event) -> None:
    """Update Django users from a webhook event: their names and e-mail address, or that they were deleted.

    A user who is deleted at Clerk becomes inactive here, so that related objects stay; later events don't reactivate
    them. Events of other kinds change nothing.

    Args:
        event: The verified event.
    """
    if isinstance(event, events.UserDeleted):
        identifier = getattr(event.data, "id", None)
        if identifier:
            user = _get_or_create(identifier)
            user.is_active = False
            user.save(update_fields=["is_active"])
    elif isinstance(event, events.UserCreated | events.UserUpdated) and not isinstance(event.data, dict):
        user = _get_or_create(event.data.id)
        values = _values(event.data)
        for name, value in values.items():
            setattr(user, name, value)
        user.save(update_fields=list(values))


async def aapply_event(event: events.Event) -> None:
    """Do the same as `apply_event`, in async code."""
    await sync_to_async(apply_event)(event)  # Django's database is sync


def _get_or_create(user_id: str) -> Any:  # the project's class of users
    manager = get_user_model()._default_manager  # noqa: SLF001  # Django's way
    user, _ = manager.get_or_create(defaults={"password": make_password(None)}, **{_field(): user_id})
    return user


def _values(user: Any) -> dict[str, Any]:  # the events' own model of a user; values of Django's fields
    primary = getattr(user, "primary_email_address_id", None)
    addresses = [item.email_address for item in user.email_addresses if item.id == primary]
    values = {"first_name": user.first_name or "", "last_name": user.last_name or "", "email": "".join(addresses[:1])}
    fields = {field.name for field in get_user_model()._meta.get_fields()}  # noqa: SLF001  # Django's way
    return {name: value for name, value in values.items() if name in fields and name != _field()}


def _field() -> str:
    field: str = setting("CLERK_USER_FIELD")
    return field


__all__ = ["aapply_event", "apply_event", "auser_of", "put_user", "user_of"]
