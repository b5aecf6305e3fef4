"""Giving back, once a process has started, the memory that only its start needed."""

import asyncio
import ctypes
import gc
import sys

_AFTER_SECONDS = 1.0


def settle_soon() -> None:
    """Settle a moment after the start, when nobody waits for it."""
    asyncio.get_running_loop().call_later(_AFTER_SECONDS, _settle)


def _settle() -> None:
    """Modules never go away, so the collector need not look at them again."""
    gc.collect()
    gc.freeze()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none.
        if trim is not None:
            trim(0)
