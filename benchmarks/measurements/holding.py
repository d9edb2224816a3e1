"""The memory that decoded users take, by what the interpreter allocates for them: MiB."""

from __future__ import annotations

import gc
import json
import tracemalloc

from .. import payloads
from ..benchmark import Task
from .decoding import Decode, clerk_decoder, msgspec_decode, official_decoder
from .timing import without_orjson


def dicts(task: Task) -> float:
    """Hold users as `json.loads` makes them."""
    body = payloads.many_users(_users_a_page(task))
    return _held(lambda: json.loads(body), task)


def msgspec_structs(task: Task) -> float:
    """Hold users as structs of msgspec."""
    decode, body = msgspec_decode([payloads.user(0)]), payloads.many_users(_users_a_page(task))
    return _held(lambda: decode(body), task)


def clerk(task: Task) -> float:
    """Hold users as the client's models."""
    without_orjson()
    return _held(clerk_decoder(payloads.many_users(_users_a_page(task))), task)


def official(task: Task) -> float:
    """Hold users as the official SDK's models."""
    return _held(official_decoder(payloads.many_users(_users_a_page(task)), is_list=True), task)


def _users_a_page(task: Task) -> int:
    return min(task.count, payloads.USERS_A_PAGE)


def _held(decode: Decode, task: Task) -> float:
    decode()  # what is loaded on first use is not held by users
    gc.collect()
    tracemalloc.start()
    users = [user for _ in range(task.count // _users_a_page(task)) for user in decode()]
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del users
    return held / 2**20
