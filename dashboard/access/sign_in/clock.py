"""The time of sign-in, in one place."""

import time


def now() -> float:
    """Seconds since 1970."""
    return time.time()
