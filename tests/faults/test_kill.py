"""Killed at any moment: the last good figures are served, the next run needs no hand, none counts twice."""

from __future__ import annotations

import os
import random
import resource
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from ingest.identity import IdentityStore, identity_key
from tests.faults.home import (
    COMMAND,
    FIRST_AS_OF,
    PUBLISH,
    SECOND_AS_OF,
    SmallCounty,
    batches,
    done,
    kill,
    published_on,
    same_state,
)
from tests.faults.watch import Watch

SEED = 20260302
# Twenty-five in the suite, fifty with TIMERETT_KILLS=2. Ingest is killed where it was killed before, and from
# where that left it.
TIMES = int(os.environ.get("TIMERETT_KILLS", "1"))
TICKS = os.sysconf("SC_CLK_TCK")
KILLS = {name: TIMES * kills for name, kills in {"fint": 9, "report": 7, "build": 3, "publish": 6}.items()}
LINES = {"fint": 16, "report": 7}
Moment = Callable[[Path, int], bool]


def test_killed_all_through_the_night(
    small_county: SmallCounty, tmp_path: Path, watch: Callable[[Path], Watch]
) -> None:
    """While ingesting and while building; what each left behind is what the next begins with."""
    home, chance = small_county.copy(tmp_path / "home"), random.Random(SEED)
    commands = small_county.commands()
    serving = watch(home)
    _kill_ingests(home, tmp_path, commands, chance)
    for name in commands.keys() - KILLS.keys():
        done(home, *commands[name])
    assert _names(home) == _names(small_county.after)
    _kill_builds(home, tmp_path, _nodes(small_county.after), chance)
    assert set(serving.answers) == {str(FIRST_AS_OF)}
    done(home, "build")
    same_state(home, small_county.after)
    assert serving.comes_to(str(SECOND_AS_OF))
    assert set(serving.answers) <= {str(FIRST_AS_OF), str(SECOND_AS_OF)}


def _kill_ingests(
    home: Path, folder: Path, commands: dict[str, tuple[str, ...]], chance: random.Random
) -> None:
    told = []
    for name in ("fint", "report"):
        untouched = _copy_state(home, folder / f"before-{name}")
        before = batches(home)
        work, after = _undisturbed(home, folder / "trial", commands[name])
        for number in range(KILLS[name]):
            by_lines = number % 2
            moment = _told(chance, LINES[name]) if by_lines else _worked(work * chance.uniform(0.2, 0.95))
            at_work = kill(home, (*COMMAND, *commands[name]), moment, folder / "said.txt")
            told.append((name, at_work, batches(home) == before))
            assert set(before) <= set(batches(home)) <= set(after)
            if batches(home) == after:
                assert "nothing changed" in done(home, *commands[name])
                _restore(untouched, home)
        done(home, *commands[name])
        assert batches(home) == after
    # How many hit before anything had landed depends on the machine's speed; that some did does not.
    assert sum(at_work for _, at_work, _ in told) >= 0.5 * len(told), told
    assert any(untouched for *_, untouched in told), told
    assert published_on(home) == FIRST_AS_OF


def _kill_builds(home: Path, folder: Path, nodes: int, chance: random.Random) -> None:
    """Spread over the whole build, a little earlier or later each time; at last while figures are written."""
    kills = KILLS["build"] - 1
    shares = [(number + chance.random()) / kills for number in range(kills)]
    for moment in (*(_started(home, int(nodes * share)) for share in shares), _begun(home)):
        (home / "logs" / "dbt.log").write_bytes(b"")
        assert kill(home, (*COMMAND, "build"), moment, folder / "said.txt")
        assert published_on(home) == FIRST_AS_OF


def test_killed_while_publishing(
    small_county: SmallCounty, tmp_path: Path, watch: Callable[[Path], Watch]
) -> None:
    home = tmp_path / "home"
    shutil.copytree(small_county.after, home, symlinks=True)
    _publish_first(small_county, home)
    serving, chance = watch(home), random.Random(SEED)
    outcomes = []
    for _ in range(KILLS["publish"]):
        kill(home, PUBLISH, _writing(home, chance), tmp_path / "said.txt")
        outcomes.append(published_on(home))
        if outcomes[-1] == SECOND_AS_OF:
            _publish_first(small_county, home)
    assert FIRST_AS_OF in outcomes
    assert kill(home, PUBLISH, lambda said, process: False, tmp_path / "said.txt") is False
    same_state(home, small_county.after)
    assert serving.comes_to(str(SECOND_AS_OF))
    assert set(serving.answers) <= {str(FIRST_AS_OF), str(SECOND_AS_OF)}


def _undisturbed(home: Path, trial: Path, command: tuple[str, ...]) -> tuple[float, list[str]]:
    """How much processor time the command takes, and which batches there are afterwards."""
    shutil.copytree(home, trial, symlinks=True)
    before = _children()
    done(trial, *command)
    taken, after = _children() - before, batches(trial)
    shutil.rmtree(trial)
    return taken, after


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _worked(seconds: float) -> Moment:
    """After so much processor time of its own, however busy the machine is."""

    def come(said: Path, process: int) -> bool:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS >= seconds

    return come


def _told(chance: random.Random, most: int) -> Moment:
    """Some while after a line of progress: between two tables of a landing, or in the midst of one."""
    lines, pause = chance.randrange(1, most), chance.uniform(0, 0.1)
    reached: list[float] = []

    def come(said: Path, process: int) -> bool:
        if not reached and said.read_bytes().count(b"\n") >= lines:
            reached.append(time.monotonic())
        return bool(reached) and time.monotonic() - reached[0] >= pause

    return come


def _started(home: Path, nodes: int) -> Moment:
    """When so many models, seeds and tests of this build have begun."""
    log = home / "logs" / "dbt.log"
    return lambda said, process: log.read_bytes().count(b" START ") >= max(nodes, 1)


def _nodes(home: Path) -> int:
    return (home / "logs" / "dbt.log").read_bytes().rpartition(b"Running with dbt")[2].count(b" START ")


def _begun(home: Path) -> Moment:
    """The new version has been begun."""
    return lambda said, process: any((home / "published").glob("*.unfinished*"))


def _writing(home: Path, chance: random.Random) -> Moment:
    """Some while after that."""
    pause, begun = chance.uniform(0, 0.5), _begun(home)
    reached: list[float] = []

    def come(said: Path, process: int) -> bool:
        if not reached and begun(said, process):
            reached.append(time.monotonic())
        return bool(reached) and time.monotonic() - reached[0] >= pause

    return come


def _copy_state(home: Path, target: Path) -> Path:
    """What an ingest may change."""
    target.mkdir()
    for name in ("warehouse.duckdb", "identity.sqlite"):
        shutil.copy2(home / name, target / name)
    return target


def _restore(state: Path, home: Path) -> None:
    (home / "warehouse.duckdb.wal").unlink(missing_ok=True)
    for file in state.iterdir():
        shutil.copy2(file, home / file.name)


def _publish_first(county: SmallCounty, home: Path) -> None:
    """The first delivery's figures are the published ones; their number is the newest."""
    published = home / "published"
    newest = max(int(file.stem.partition("-")[2]) for file in published.glob("serving-*.duckdb"))
    version = published / f"serving-{newest + 1:06d}.duckdb"
    shutil.copy((county.before / "published" / "current.duckdb").resolve(), version)
    (published / "current.next").symlink_to(version.name)
    (published / "current.next").replace(published / "current.duckdb")


def _names(home: Path) -> dict[str, str]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        keys = [key for (key,) in connection.execute("SELECT student_key FROM landing.student").fetchall()]
    key = identity_key(home / "keys")
    assert key
    return IdentityStore(home / "identity.sqlite", key).names(keys)
