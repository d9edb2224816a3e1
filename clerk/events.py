"""The events of webhooks: `from clerk.events import UserCreated`, or `events.UserCreated`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import clerk_generated.events as _events

if TYPE_CHECKING:
    from clerk_generated.events import *  # noqa: F403  # the generator lists the names
    from clerk_generated.events import __all__ as __all__
else:
    sys.modules[__name__] = _events  # one module under two names, still lazy
