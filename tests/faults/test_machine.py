"""A full disk, a shut folder, a clock that goes back: told, nothing is lost, and the next run goes on."""

from __future__ import annotations

import os
import shutil
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
LATER, EARLIER = "2027-06-01 05:00:00", "2024-01-01 05:00:00"
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


@pytest.mark.parametrize("free", [0, 2 * MEGABYTE, 6 * MEGABYTE], ids=["none", "little", "almost"])
def test_a_full_disk(
    small_county: SmallCounty, disk: Disk, free: int, watch: Callable[[Path], Watch]
) -> None:
    """At every step of the night the disk holds so much and no more; then there is room again."""
    home = small_county.copy(disk.root / "home")
    serving = watch(home)
    for command in small_county.commands().values():
        before = batches(home)
        disk.leave(free)
        ended = run(home, *command)
        if ended.returncode:
            assert ended.returncode == 2, ended.stderr
            assert "is full" in ended.stderr
            assert "Traceback" not in ended.stderr
            assert published_on(home) == FIRST_AS_OF
            # A batch may have landed and only its names not; it is there whole or not at all.
            assert set(before) <= set(batches(home))
        disk.leave(ROOM)
        done(home, *command)
    same_state(home, small_county.after)
    assert serving.ask() == str(SECOND_AS_OF)
    assert set(serving.answers) <= {str(FIRST_AS_OF), str(SECOND_AS_OF)}


def test_a_folder_that_cannot_be_written(small_county: SmallCounty, disk: Disk) -> None:
    home = small_county.copy(disk.root / "home")
    for command in small_county.commands().values():
        disk.shut()
        ended = run(home, *command)
        assert ended.returncode == 2, ended.stderr
        assert "cannot be written" in ended.stderr
        assert "Traceback" not in ended.stderr
        assert published_on(home) == FIRST_AS_OF
        disk.leave(ROOM)
        done(home, *command)
    same_state(home, small_county.after)


def test_a_clock_that_goes_backwards(small_county: SmallCounty, tmp_path: Path) -> None:
    """The first delivery landed next summer, the second two years ago: the second rules all the same."""
    library = next((str(file) for file in CLOCKS if file.exists()), None)
    if library is None:
        pytest.skip("needs libfaketime: apt-get install faketime")
    home = tmp_path / "home"
    # With keys of its own the county would have other pseudonyms.
    shutil.copytree(small_county.before / "keys", home / "keys")
    for delivery, moment in ((0, LATER), (1, EARLIER)):
        for command in small_county.commands(delivery).values():
            done(home, *command, LD_PRELOAD=library, FAKETIME=moment, FAKETIME_DONT_FAKE_MONOTONIC="1")
    assert published_on(home) == SECOND_AS_OF
    same_state(home, small_county.after)
