"""Garbage that would be warned of, such as connections that are still open."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collected() -> Iterator[None]:
    """Collect the garbage that is made within, so that what is warned of it belongs to this test.

    All that was there before is left out: looking through it takes longer than most tests.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()


__all__ = ["collected"]
