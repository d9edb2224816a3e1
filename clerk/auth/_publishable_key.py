"""What the publishable key says: the kind of instance, the host of its frontend API, and the names of its cookies."""

from __future__ import annotations

import base64
from functools import lru_cache
from hashlib import sha1
from typing import NamedTuple


class Instance(NamedTuple):
    """What a publishable key says about its instance.

    Attributes:
        frontend_api: The host of its frontend API.
        is_development: Whether it is a development instance.
        suffix: The suffix of its cookies' names.
    """

    frontend_api: str
    is_development: bool
    suffix: str


@lru_cache(maxsize=32)
def instance_of(publishable_key: str) -> Instance:
    """Read a publishable key, which was checked with the client's options."""
    kind, _, encoded = publishable_key.removeprefix("pk_").partition("_")
    host = base64.b64decode(encoded + "=" * (-len(encoded) % 4)).decode("ascii").removesuffix("$")
    digest = base64.urlsafe_b64encode(sha1(publishable_key.encode(), usedforsecurity=False).digest())
    return Instance(host, kind == "test", "_" + digest.decode()[:8])


__all__ = ["Instance", "instance_of"]
