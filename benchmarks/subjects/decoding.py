"""From bytes to models and back, without any network."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from types import GenericAlias
from typing import Any

import httpx

from clerk import models
from clerk._json import loads
from clerk_generated._runtime.decoding import ListOf, ObjectOf

from .. import payloads
from ..benchmark import Work, check

Decode = Callable[[], Any]
"""Returns a list of users, or one user, of the subject's own class."""


def json_loads(users: int) -> Decode:
    """Decode into dicts."""
    body = payloads.users(users)
    return lambda: json.loads(body)


def orjson_loads(users: int) -> Decode:
    """Decode into dicts with orjson."""
    loads, body = import_module("orjson").loads, payloads.users(users)
    return lambda: loads(body)


def msgspec_structs(users: int) -> Decode:
    """Decode into msgspec structs."""
    decode, body = msgspec_decoder([payloads.USER]), payloads.users(users)
    return lambda: decode(body)


def least_python(users: int) -> Decode:
    """Decode with orjson, then read, check and store each property once: the least that models take in Python."""
    decode, body = least_decoder(), payloads.users(users)
    return lambda: decode(body)


def clerk(users: int) -> Decode:
    """Decode as the endpoint modules do."""
    body, user = payloads.users(users), ObjectOf(models.User)
    decoder: Any = user if users == 1 else ListOf(user)  # of one user, or of many
    found = decoder.decode(loads(body))
    check((found if users == 1 else found[0]).id == payloads.USER_ID)
    return lambda: decoder.decode(loads(body))


def official(users: int) -> Decode:
    """Decode as the official SDK does."""
    unmarshal = import_module("clerk_backend_api.utils.unmarshal_json_response").unmarshal_json_response
    user = import_module("clerk_backend_api.models").User
    model = user if users == 1 else GenericAlias(list, user)
    response = httpx.Response(200, headers={"content-type": "application/json"}, content=payloads.users(users))
    return lambda: unmarshal(model, response)


def clerk_dicts(users: int) -> Work:
    """Make dicts of models."""
    found = clerk(users)()
    return lambda: [user.to_dict() for user in found]


def official_dicts(users: int) -> Work:
    """Make dicts of the models of the official SDK."""
    found = official(users)()
    return lambda: [user.model_dump() for user in found]


def msgspec_decoder(example: object) -> Callable[[bytes], Any]:
    """Return a function that decodes bodies into msgspec structs, given an example."""
    msgspec = import_module("msgspec")

    def type_of(name: str, example: object) -> Any:  # any type
        match example:
            case dict() if name.endswith("metadata"):
                return dict[str, object]
            case dict():
                return msgspec.defstruct(name, [(key, type_of(key, value)) for key, value in example.items()])
            case []:
                return list[object]
            case list():
                return GenericAlias(list, type_of(name, example[0]))
            case None:
                return object
            case _:
                return type(example)

    decode: Callable[[bytes], Any] = msgspec.json.Decoder(type_of("User", example)).decode
    return decode


def least_decoder() -> Callable[[bytes], list[Any]]:
    """Return a function that decodes users as `least_python` does."""
    loads, read = import_module("orjson").loads, _reader(payloads.USER)

    def decode(body: bytes) -> list[Any]:
        found: list[Any] = loads(body)
        for index, user in enumerate(found):
            found[index] = read(user)
        return found

    return decode


def _reader(example: dict[str, Any]) -> Callable[[Any], Any]:
    """Return a function in a straight line that makes objects with slots of dicts that are like an example."""
    names: dict[str, Any] = {"new": object.__new__, "Kept": type("Kept", (), {"__slots__": tuple(example)})}
    lines = ["def read(data):", " self = new(Kept)"]
    for name, value in example.items():
        lines.append(f" self.{name} = value = data[{name!r}]")
        match value:
            case dict() if not name.endswith("metadata"):
                names[f"read_{name}"] = _reader(value)
                lines.append(f" self.{name} = read_{name}(value)")
            case [dict() as item, *_]:
                names[f"read_{name}"] = _reader(item)
                lines.append(f" self.{name} = [read_{name}(item) for item in value]")
            case None:
                lines.append(" if value is not None and type(value) is not str: raise ValueError")
            case _:
                lines.append(f" if type(value) is not {type(value).__name__}: raise ValueError")
    exec("\n".join((*lines, " return self")), names)  # noqa: S102  # made of the payload alone
    read: Callable[[Any], Any] = names["read"]
    return read
