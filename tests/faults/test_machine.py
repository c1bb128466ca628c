"""A full disk, a shut folder, a clock that goes back: told, nothing is lost, and the next run goes on."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.home import (
    FIRST_AS_OF,
    SECOND_AS_OF,
    SmallCounty,
    batches,
    done,
    published_on,
    run,
    same_state,
)
from tests.faults.watch import Watch

MEGABYTE = 1024 * 1024
ROOM = 2000 * MEGABYTE
FREE = (0, 2 * MEGABYTE, 6 * MEGABYTE)
YEARS_AGO = "2024-01-01 05:00:00"
CLOCKS = [
    Path(f"/usr/lib/{folder}/faketime/libfaketimeMT.so.1")
    for folder in (f"{os.uname().machine}-linux-gnu", ".")
]


@dataclass(frozen=True)
class Disk:
    """A disk of its own, whose size can be changed while it is in use."""

    root: Path

    def leave(self, free: int) -> None:
        """Make it so large that about so many bytes are free."""
        subprocess.run(["mount", "-o", f"remount,rw,size={self._used() + free}", self.root], check=True)

    def shut(self) -> None:
        subprocess.run(["mount", "-o", "remount,ro", self.root], check=True)

    def _used(self) -> int:
        status = os.statvfs(self.root)
        return (status.f_blocks - status.f_bfree) * status.f_frsize


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    root = tmp_path / "disk"
    root.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(root)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only who may mount a disk can fill one")
    yield Disk(root)
    subprocess.run(["umount", root], check=True)


def test_a_disk_that_is_shut_or_full(
    small_county: SmallCounty, disk: Disk, watch: Callable[[Path], Watch]
) -> None:
    """At every step the disk lets nothing be written, or so much and no more; then there is room again."""
    home = small_county.copy(disk.root / "home")
    serving = watch(home)
    for command in small_county.commands().values():
        before = batches(home)
        disk.shut()
        ended = run(home, *command)
        assert ended.returncode == 2, ended.stderr
        assert "cannot be written" in ended.stderr
        _nothing_lost(home, ended, before)
        for free in FREE:
            disk.leave(free)
            ended = run(home, *command)
            if ended.returncode:
                assert ended.returncode == 2, ended.stderr
                assert "is full" in ended.stderr
                _nothing_lost(home, ended, before)
        disk.leave(ROOM)
        done(home, *command)
    same_state(home, small_county.after)
    assert serving.comes_to(str(SECOND_AS_OF))
    assert set(serving.answers) <= {str(FIRST_AS_OF), str(SECOND_AS_OF)}


def _nothing_lost(home: Path, ended: subprocess.CompletedProcess[str], before: list[str]) -> None:
    assert "Traceback" not in ended.stderr
    assert published_on(home) == FIRST_AS_OF
    # A batch may have landed and only its names not; it is there whole or not at all.
    assert set(before) <= set(batches(home))


def test_a_clock_that_goes_backwards(small_county: SmallCounty, tmp_path: Path) -> None:
    """The first delivery landed today, the second years ago: the second rules all the same."""
    library = next((str(file) for file in CLOCKS if file.exists()), None)
    if library is None:
        pytest.skip("needs libfaketime: apt-get install faketime")
    home = small_county.copy(tmp_path / "home")
    for command in small_county.commands().values():
        done(home, *command, LD_PRELOAD=library, FAKETIME=YEARS_AGO, FAKETIME_DONT_FAKE_MONOTONIC="1")
    assert published_on(home) == SECOND_AS_OF
    same_state(home, small_county.after)
