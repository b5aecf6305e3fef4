"""Giving back, once a process has started, the memory that only its start needed."""

import asyncio
import ctypes
import gc
import sys

_AFTER_SECONDS = 1.0
NEW_OBJECTS_BETWEEN_COLLECTIONS = 100_000
"""More than 256 runs in hand are made of. Counting references frees them as each run ends, so that
looking for circles in between finds nothing and stops everything for 20 ms; done as often as Python
does by itself it was a fifth of a worker's CPU."""


def settle_soon() -> None:
    """Settle a moment after the start, when nobody waits for it."""
    asyncio.get_running_loop().call_later(_AFTER_SECONDS, _settle)


def _settle() -> None:
    """Modules never go away, so the collector need not look at them again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS_BETWEEN_COLLECTIONS, 20, 50)
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none.
        if trim is not None:
            trim(0)
