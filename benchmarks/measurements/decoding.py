"""From bytes to models and back, without any network: CPU microseconds for each user."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from types import GenericAlias
from typing import TYPE_CHECKING, Any

from .. import payloads
from ..benchmark import Task
from .timing import check, check_that_orjson_decodes, cpu_microseconds, require, without_orjson

if TYPE_CHECKING:
    import httpx

    from clerk.models import User

Decode = Callable[[], Any]  # a list of users, or one user, of the contender's own class


def json_many(task: Task) -> float:
    """Decode a page of users with `json.loads`."""
    body = payloads.many_users()
    return _each(lambda: json.loads(body), task)


def json_one(task: Task) -> float:
    """Decode one user with `json.loads`."""
    body = payloads.one_user()
    return cpu_microseconds(lambda: json.loads(body), task.count)


def orjson_many(task: Task) -> float:
    """Decode a page of users with orjson."""
    require("orjson")
    loads, body = import_module("orjson").loads, payloads.many_users()
    return _each(lambda: loads(body), task)


def orjson_one(task: Task) -> float:
    """Decode one user with orjson."""
    require("orjson")
    loads, body = import_module("orjson").loads, payloads.one_user()
    return cpu_microseconds(lambda: loads(body), task.count)


def msgspec_many(task: Task) -> float:
    """Decode a page of users into structs of msgspec."""
    decode, body = msgspec_decode([payloads.user(0)]), payloads.many_users()
    return _each(lambda: decode(body), task)


def msgspec_one(task: Task) -> float:
    """Decode one user into a struct of msgspec."""
    decode, body = msgspec_decode(payloads.user(0)), payloads.one_user()
    return cpu_microseconds(lambda: decode(body), task.count)


def clerk_many(task: Task) -> float:
    """Decode a page of users as the client does."""
    without_orjson()
    return _each(_clerk_many(), task)


def clerk_one(task: Task) -> float:
    """Decode one user as the client does."""
    without_orjson()
    return cpu_microseconds(_clerk_one(), task.count)


def clerk_speed_many(task: Task) -> float:
    """Decode a page of users as the client does with the extra `speed`."""
    require("orjson")
    return _each(_with_orjson(_clerk_many()), task)


def clerk_speed_one(task: Task) -> float:
    """Decode one user as the client does with the extra `speed`."""
    require("orjson")
    return cpu_microseconds(_with_orjson(_clerk_one()), task.count)


def clerk_to_dicts(task: Task) -> float:
    """Make the dicts of a page of users."""
    without_orjson()
    users: list[User] = _clerk_many()()
    check([user.to_dict() for user in users] == json.loads(payloads.many_users()))
    return _each(lambda: [user.to_dict() for user in users], task)


def official_many(task: Task) -> float:
    """Decode a page of users as the official SDK does."""
    return _each(official_decoder(payloads.many_users(), is_list=True), task)


def official_one(task: Task) -> float:
    """Decode one user as the official SDK does."""
    return cpu_microseconds(official_decoder(payloads.one_user(), is_list=False), task.count)


def official_to_dicts(task: Task) -> float:
    """Make the dicts of a page of users of the official SDK."""
    users = official_decoder(payloads.many_users(), is_list=True)()
    return _each(lambda: [user.model_dump() for user in users], task)


def clerk_decoder(body: bytes) -> Decode:
    """Return what decodes the body of an answer, a page of users, as the endpoint modules do."""
    from clerk import ClerkClient, models
    from clerk_generated._runtime.decoding import ListOf, ObjectOf, decode_answer

    # Strict, so that a user who breaks the document, and would be decoded more slowly, is no user of ours.
    client = ClerkClient(secret_key=payloads.SECRET_KEY, strict_responses=True)
    response, decoder = _response(body), ListOf(ObjectOf(models.User))
    return lambda: decode_answer(client, response, decoder)


def official_decoder(body: bytes, *, is_list: bool) -> Decode:
    """Return what decodes the body of an answer as the official SDK does."""
    require("clerk_backend_api")
    unmarshal = import_module("clerk_backend_api.utils.unmarshal_json_response").unmarshal_json_response
    user = import_module("clerk_backend_api.models").User
    response, model = _response(body), GenericAlias(list, user) if is_list else user
    users = unmarshal(model, response)
    check(isinstance(users[0] if is_list else users, user))
    return lambda: unmarshal(model, response)


def msgspec_decode(example: object) -> Callable[[bytes], Any]:
    """Return what decodes bodies into structs of msgspec, made after an example."""
    require("msgspec")
    msgspec = import_module("msgspec")
    decoder = msgspec.json.Decoder(_struct_type(msgspec, "User", example))
    decode: Callable[[bytes], Any] = decoder.decode
    return decode


def _struct_type(msgspec: Any, name: str, example: object) -> Any:  # a module without types here; any type
    match example:
        case dict() if name.endswith("metadata"):
            return dict[str, object]
        case dict():
            fields = [(key, _struct_type(msgspec, key, value)) for key, value in example.items()]
            return msgspec.defstruct(name, fields)
        case []:
            return list[object]
        case list():
            return GenericAlias(list, _struct_type(msgspec, name, example[0]))
        case None:
            return object
        case _:
            return type(example)


def _clerk_many() -> Decode:
    decode = clerk_decoder(payloads.many_users())
    check(decode()[0].id == payloads.USER_ID)
    return decode


def _clerk_one() -> Decode:
    from clerk import ClerkClient, models
    from clerk_generated._runtime.decoding import ObjectOf, decode_answer

    client = ClerkClient(secret_key=payloads.SECRET_KEY, strict_responses=True)
    response, decoder = _response(payloads.one_user()), ObjectOf(models.User)
    check(decode_answer(client, response, decoder).id == payloads.USER_ID)
    return lambda: decode_answer(client, response, decoder)


def _with_orjson(decode: Decode) -> Decode:
    decode()
    check_that_orjson_decodes()
    return decode


def _response(body: bytes) -> httpx.Response:
    import httpx

    return httpx.Response(
        200,
        headers={"content-type": "application/json"},
        content=body,
        request=httpx.Request("GET", "https://api.clerk.com/v1/users"),
    )


def _each(decode: Decode, task: Task) -> float:
    return cpu_microseconds(decode, task.count) / payloads.USERS_A_PAGE
