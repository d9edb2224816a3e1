"""The models of the API: `from clerk.models import User`, or `models.User` of `from clerk import models`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import clerk_generated.models as _models

if TYPE_CHECKING:
    from clerk_generated.models import *  # noqa: F403  # the generator lists the names
    from clerk_generated.models import __all__ as __all__
else:
    sys.modules[__name__] = _models  # one module under two names, still lazy
