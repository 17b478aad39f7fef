"""Garbage collection while a crawl runs: a page makes thousands of objects, and nearly none of them in a circle."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

THRESHOLDS = 10_000, 10, 10  # objects of some five pages; looking as often as Python does takes a fortieth of a crawl


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Look for garbage seldom, and never among what was loaded before."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
