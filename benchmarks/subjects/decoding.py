"""From bytes to models and back, without any network."""

from __future__ import annotations

import gc
import json
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import GenericAlias
from typing import Any

from .. import payloads
from ..benchmark import Subject, Task, Turn, check
from .turns import of

Decode = Callable[[], Any]  # a list of users, or one user, of the subject's own class
Maker = Callable[[bytes], Decode]
"""Makes a function that decodes a body."""


def json_loads(body: bytes) -> Decode:
    """Decode into dicts."""
    return lambda: json.loads(body)


def orjson_loads(body: bytes) -> Decode:
    """Decode into dicts with orjson."""
    loads = import_module("orjson").loads
    return lambda: loads(body)


def msgspec_structs(body: bytes) -> Decode:
    """Decode into msgspec structs."""
    decode = msgspec_decoder(json.loads(body))
    return lambda: decode(body)


def clerk(body: bytes) -> Decode:
    """Decode as the endpoint modules do."""
    from clerk import models
    from clerk._json import loads
    from clerk_generated._runtime.decoding import ListOf, ObjectOf

    user = ObjectOf(models.User)
    decoder: Any = user if body.startswith(b"{") else ListOf(user)  # of one user, or of many

    def decode() -> Any:  # what the decoder makes
        return decoder.decode(loads(body))

    found = decode()
    check((found if body.startswith(b"{") else found[0]).id == payloads.USER_ID)
    return decode


def official(body: bytes) -> Decode:
    """Decode as the official SDK does."""
    import httpx

    unmarshal = import_module("clerk_backend_api.utils.unmarshal_json_response").unmarshal_json_response
    user = import_module("clerk_backend_api.models").User
    model = user if body.startswith(b"{") else GenericAlias(list, user)
    response = httpx.Response(200, headers={"content-type": "application/json"}, content=body)
    return lambda: unmarshal(model, response)


def msgspec_decoder(example: object) -> Callable[[bytes], Any]:
    """Return a function that decodes bodies into msgspec structs, given an example."""
    msgspec = import_module("msgspec")
    decode: Callable[[bytes], Any] = msgspec.json.Decoder(_struct_type(msgspec, "User", example)).decode
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


def one(make: Maker) -> Subject:
    """Decode one user."""
    return of(lambda: make(payloads.one_user()))


def many(make: Maker) -> Subject:
    """Decode a page of users."""
    return of(lambda: make(payloads.many_users()))


def dicts_of(make: Maker, method: str) -> Subject:
    """Make the dicts of a page of users."""

    def dump() -> Callable[[], object]:
        users = make(payloads.many_users())()
        return lambda: [getattr(user, method)() for user in users]

    return of(dump)


def held(make: Maker) -> Subject:
    """Keep as many users as the count says; a turn costs the memory that the interpreter allocates for them."""

    @contextmanager
    def subject(task: Task) -> Iterator[Turn]:
        size = min(task.count, payloads.USERS_A_PAGE)
        decode = make(payloads.many_users(size))

        def turn() -> float:
            decode()  # a warm-up: what is loaded on first use does not belong to the users
            gc.collect()
            tracemalloc.start()
            users = [user for _ in range(task.count // size) for user in decode()]
            gc.collect()
            cost, _ = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            del users
            return cost

        yield turn

    return subject
