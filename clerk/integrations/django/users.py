"""Django's users, by their ids at Clerk: off unless the setting `CLERK_USER_FIELD` names the field that holds them.

The field is one that the user model has already, `username` for instance: there is no migration.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from ._middleware import aauth_of, auth_of
from ._settings import setting

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

    from clerk import events

    from ...auth import Auth


def user_of(auth: Auth) -> AbstractBaseUser | AnonymousUser:
    """Return the user of Django's who is calling, made on first sight; an anonymous one for nobody."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import AnonymousUser

    user_id = getattr(auth, "user_id", None)
    if not user_id:
        return AnonymousUser()
    user, is_new = get_user_model()._default_manager.get_or_create(**{_field(): user_id})  # noqa: SLF001  # Django's way
    if is_new:
        user.set_unusable_password()
        user.save()
    found: AbstractBaseUser | AnonymousUser = user if user.is_active else AnonymousUser()
    return found


def put_user(request: HttpRequest) -> None:
    """Have `request.user` be the user of Django's who is calling, looked up when it is first read."""
    request.user = SimpleLazyObject(lambda: user_of(auth_of(request)))  # type: ignore[assignment]  # as Django does it
    request.auser = partial(_auser, request)


async def _auser(request: HttpRequest) -> Any:  # the project's class of users
    return await sync_to_async(user_of)(await aauth_of(request))


def apply_event(event: events.Event) -> None:
    """Bring Django's users up to date with an event of a webhook: names and address, or that somebody is gone.

    Somebody who is deleted at Clerk is made inactive here, so that what hangs on the user stays. Events of other kinds
    change nothing.

    Args:
        event: The verified event.
    """
    from django.contrib.auth import get_user_model

    from clerk import events

    manager = get_user_model()._default_manager  # noqa: SLF001  # Django's way
    if isinstance(event, events.UserDeleted):
        identifier = getattr(event.data, "id", None)
        if identifier:
            manager.filter(**{_field(): identifier}).update(is_active=False)
    elif isinstance(event, events.UserCreated | events.UserUpdated) and not isinstance(event.data, dict):
        identity: dict[str, Any] = {_field(): event.data.id}  # a field of the project's
        manager.update_or_create(defaults=_values(event.data), **identity)


def _values(user: Any) -> dict[str, Any]:  # the events' own model of a user; values of Django's fields
    from django.contrib.auth import get_user_model

    primary = getattr(user, "primary_email_address_id", None)
    addresses = [item.email_address for item in user.email_addresses if item.id == primary]
    values = {"first_name": user.first_name or "", "last_name": user.last_name or "", "email": "".join(addresses[:1])}
    fields = {field.name for field in get_user_model()._meta.get_fields()}  # noqa: SLF001  # Django's way
    return {name: value for name, value in values.items() if name in fields and name != _field()}


def _field() -> str:
    field: str = setting("CLERK_USER_FIELD")
    return field


__all__ = ["apply_event", "put_user", "user_of"]
