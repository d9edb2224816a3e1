"""The version of the distribution, in its one place."""

from __future__ import annotations

__version__ = "0.2.0"
