"""A resource of any size is read in little memory: a page at a time, and eight bytes to know an entry by."""

from __future__ import annotations

from bench.fint_live import measure


def test_memory_does_not_grow_with_the_resource() -> None:
    small, large = measure(5_000), measure(60_000)
    assert large.megabytes - small.megabytes > 25
    assert large.peak_megabytes - small.peak_megabytes < 16
