"""Steps of a story: each one is a call with what has to come of it, and is told in a line of JSON."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

# Only the peer's environment has it: type checkers see nothing.
sdk: Any = import_module("clerk_backend_api")
security: Any = import_module("clerk_backend_api.security")
Clerk = Any  # the class of that package


@contextmanager
def step(name: str) -> Iterator[None]:
    """Tell that a step holds, or how it doesn't; the story goes on."""
    try:
        yield
    except Exception:  # noqa: BLE001  # whatever it is, the line tells it
        _tell(step=name, ok=False, error=traceback.format_exc())
    else:
        _tell(step=name, ok=True)


@contextmanager
def refused(name: str) -> Iterator[None]:
    """Tell what the SDK raises; whoever reads it decides whether that is right."""
    with step(name):
        try:
            yield
        except sdk.models.ClerkBaseError as error:
            first = json.loads(error.body).get("errors", [{"code": None}])[0]
            parameter = first.get("meta", {}).get("param_name")
            _tell(refused=name, status=error.status_code, code=first["code"], parameter=parameter)
        except security.TokenVerificationError as error:
            _tell(refused=name, status=None, code=error.reason.value[0], parameter=None)
        else:
            raise AssertionError("it was answered")


def ids(items: Any) -> list[str]:  # a list of the peer's models
    """Return the ids of a list."""
    return [item.id for item in items]


def _tell(**line: Any) -> None:  # JSON values
    sys.stdout.write(json.dumps(line) + "\n")
