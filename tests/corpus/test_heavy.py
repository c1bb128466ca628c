"""Bombs and giants: the process ends as it must, and holds no more memory than it may."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from tests.corpus.command import run
from tests.corpus.good_fint import file_of, write
from tests.corpus.heavy import HEAVY, MEGABYTE, Heavy
from tests.corpus.judge import NUMBER

# An ingest of next to nothing holds 250 MB, most of it libraries.
MOST_MEMORY = 900 * MEGABYTE


@pytest.mark.parametrize("heavy", HEAVY, ids=lambda heavy: heavy.name)
def test_memory_is_bounded(tmp_path: Path, heavy: Heavy) -> None:
    folder, home = tmp_path / "levering", tmp_path / "home"
    folder.mkdir()
    ended = run(home, "ingest", heavy.source, heavy.write(folder))
    assert ended.code in heavy.ends, ended.said[-2000:]
    assert not re.search("Traceback|Unforeseen", ended.said), ended.said[-2000:]
    assert len(ended.said) < 20_000
    assert NUMBER not in ended.said
    assert ended.peak < MOST_MEMORY, f"{ended.peak / MEGABYTE:.0f} MB"


def test_a_file_cut_while_it_is_read_kills_nothing(tmp_path: Path) -> None:
    """A page mapped into memory and cut short would end the process by a signal."""
    folder, home = tmp_path / "levering", tmp_path / "home"
    folder.mkdir()
    write(folder)
    page = folder / file_of("fravarsregistrering")
    page.write_bytes(page.read_bytes() + b" " * 50 * MEGABYTE)

    def cut() -> None:
        size = page.stat().st_size
        while not (home / "lock").exists():
            time.sleep(0.001)
        for share in range(9, 0, -1):
            with page.open("r+b") as opened:
                opened.truncate(size * share // 10)

    ended = run(home, "ingest", "fint", folder, meanwhile=cut)
    assert ended.code in (0, 1, 2), ended.said[-2000:]
    assert not re.search("Traceback|Unforeseen", ended.said), ended.said[-2000:]
