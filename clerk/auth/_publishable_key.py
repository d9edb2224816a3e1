"""What the publishable key says: which kind of instance it is, where its frontend API is, how its cookies are named."""

from __future__ import annotations

import base64
from functools import lru_cache
from hashlib import sha1
from typing import NamedTuple


class Instance(NamedTuple):
    """An instance as browsers know it.

    Attributes:
        frontend_api: The host of its frontend API.
        is_development: Whether it is a development instance.
        suffix: What comes after the names of its cookies.
    """

    frontend_api: str
    is_development: bool
    suffix: str


@lru_cache(maxsize=32)
def instance_of(publishable_key: str) -> Instance:
    """Read a publishable key, which the client's options have checked."""
    kind, _, encoded = publishable_key.removeprefix("pk_").partition("_")
    host = base64.b64decode(encoded + "=" * (-len(encoded) % 4)).decode("ascii").removesuffix("$")
    digest = base64.urlsafe_b64encode(sha1(publishable_key.encode(), usedforsecurity=False).digest())
    return Instance(host, kind == "test", "_" + digest.decode()[:8])


__all__ = ["Instance", "instance_of"]
