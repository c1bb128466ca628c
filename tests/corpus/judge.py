"""Runs one case through the real ingest and says everything that is wrong with what became of it."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import re
import shutil
import signal
import traceback
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import duckdb
import pytest
from rich.console import Console

from ingest.contract import TABLES
from tests.corpus import good
from tests.corpus.case import Case, Form, Outcome
from timerett.errors import CHECK_FAILED, exit_code
from timerett.ingestion import ingest

NUMBER = "13097248022"
SPACED, DASHED = f"{NUMBER[:6]} {NUMBER[6:]}", f"{NUMBER[:6]}-{NUMBER[6:]}"
NAME = "Plantet Navnesen"
SECONDS = 60
LONGEST_MESSAGE = 6000
_ADVICE = re.compile(
    r"\b(expected|save|export|fetch|correct|remove|keep|write|name|deliver|compare|rename|wait|ask|put|use|"
    r"check|choose|give|fill|unpack|split|open|ventet|hent|fyll|lever|skriv|lagre|velg|rett|slett|del|"
    r"åpne|kontroller|behold|ta|sett)\b",
    re.IGNORECASE,
)
_INTERNAL = re.compile(
    r"Traceback|<class|Exception|Error\b|duckdb|polars|msgspec|dataframely|Errno|codec|NoneType|Struct\b|"
    r"Unforeseen|object at 0x|fastexcel|calamine|\bpl\.|None\b"
)
Contents = dict[str, dict[tuple[Any, ...], tuple[str, int]]]


@dataclass
class Result:
    """What became of a delivery, and what is wrong with that."""

    outcome: Outcome | None
    said: str
    faults: list[str] = field(default_factory=list)


class Place:
    """A home in which the good delivery of a form has landed, made anew after each case that changed it."""

    def __init__(self, folder: Path, form: Form) -> None:
        self.form = form
        self._template, self.home, self._good = folder / "template", folder / "home", folder / "good"
        self._deliveries = folder / "deliveries"
        self._template.mkdir(parents=True)
        _landed_roster(self._template, folder / "roster", form)
        self._good.mkdir()
        form.write(self._good)
        good.manifest(self._good, good.FIRST_DAY)
        code, said = _run(self._template, form, self._good / form.target)
        self._before = Landing.of(self._template)
        assert code == 0, f"{form.name}: the good delivery must land\n{said}"
        assert not self._before.quarantined, f"{form.name}: the good delivery must land whole\n{said}"
        good.manifest(self._good)
        shutil.copytree(self._template, self.home)

    def judge(self, case: Case) -> Result:
        delivery = self._deliveries / "levering"
        shutil.copytree(self._good, delivery, symlinks=True)
        if case.alone:
            for file in delivery.iterdir():
                if file.name not in (case.file, "delivery.json"):
                    file.unlink()
        try:
            case.spoil(delivery)
            code, said = _run(self.home, case.form, delivery / (case.target or case.form.target))
        finally:
            shutil.rmtree(self._deliveries)
        now = Landing.of(self.home)
        result = Result(_outcome(code, now), said)
        result.faults += self._faults(case, result, now, delivery.name)
        if now.fingerprint != self._before.fingerprint or result.faults:
            shutil.rmtree(self.home)
            shutil.copytree(self._template, self.home)
        return result

    def _faults(self, case: Case, result: Result, now: Landing, delivery: str) -> Iterator[str]:
        landed = result.outcome in (Outcome.LANDED, Outcome.QUARANTINED)
        if result.outcome is None:
            yield "unforeseen fault"
        elif result.outcome not in case.ends:
            yield f"ended {result.outcome.value}; expected {' or '.join(sorted(e.value for e in case.ends))}"
        if not landed:
            yield from _message_faults(case, result.said, delivery)
        if landed or case.partly:
            yield from self._landing_faults(case, now)
        elif now.fingerprint != self._before.fingerprint:
            yield "nothing landed, yet what had landed before changed"
        yield from _wording_faults(result.said)
        yield from _leaks(self.home, result.said)

    def _landing_faults(self, case: Case, now: Landing) -> Iterator[str]:
        yield from now.miscounted
        if now.quarantined < case.bad_rows:
            yield f"{now.quarantined} rows in quarantine; {case.bad_rows} had to be"
        waiting = {(one.table, one.key) for one in now.waiting if one.is_orphan}
        for table, rows in self._before.contents.items():
            for row in rows.keys() - now.contents[table].keys():
                file, number = rows[row]
                key = tuple(str(value) for value in row[: len(TABLES[table].primary_key())])
                if not case.harmed(file, number) and (table, key) not in waiting:
                    yield f"lost a good row: {table} {key} ({file}, row {number})"
        for one in now.waiting:
            if not one.rule or _INTERNAL.search(one.rule):
                yield f"quarantined for no reason a person understands: {one.table}, {one.rule}"


@dataclass(frozen=True)
class Waiting:
    """One row in quarantine."""

    table: str
    rule: str
    is_orphan: bool
    key: tuple[str, ...]


@dataclass(frozen=True)
class Landing:
    """All that stands in a warehouse."""

    fingerprint: list[tuple[Any, ...]]
    contents: Contents
    waiting: list[Waiting]
    # Of the newest batch: rows in quarantine, and files whose rows do not add up.
    quarantined: int
    miscounted: list[str]

    @classmethod
    def of(cls, home: Path) -> Landing:
        with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
            return cls(
                _fingerprint(connection),
                _contents(connection),
                _waiting(connection),
                *_newest_accounts(connection),
            )


def _fingerprint(connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """The same as long as nothing in landing has changed, failures noted for `status` aside."""
    tables = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'landing' "
        "AND table_name <> 'batch_failure' ORDER BY 1"
    ).fetchall()
    parts = [f"SELECT '{t}', count(*), bit_xor(hash(t)) FROM landing.\"{t}\" AS t" for (t,) in tables]
    return connection.execute(" UNION ALL ".join(parts) + " ORDER BY 1").fetchall()


def _contents(connection: duckdb.DuckDBPyConnection) -> Contents:
    """Every landed row, key first, with the file and row it came from."""
    found: Contents = {}
    for table, schema in TABLES.items():
        key = schema.primary_key()
        names = ", ".join(f'"{name}"' for name in [*key, *(n for n in schema.columns() if n not in key)])
        rows = connection.execute(
            f'SELECT {names}, source_file, source_row FROM landing."{table}"'
        ).fetchall()
        found[table] = {row[:-2]: row[-2:] for row in rows}
    return found


def _waiting(connection: duckdb.DuckDBPyConnection) -> list[Waiting]:
    found = []
    for table, rule, is_orphan, payload in connection.execute(
        "SELECT table_name, rule, is_orphan, payload FROM landing.quarantine WHERE resolved_at IS NULL"
    ).fetchall():
        values = json.loads(payload or "{}")
        key = tuple(str(values.get(name)) for name in TABLES[table].primary_key()) if table in TABLES else ()
        found.append(Waiting(table, rule, is_orphan, key))
    return found


def _newest_accounts(connection: duckdb.DuckDBPyConnection) -> tuple[int, list[str]]:
    """read = landed + unchanged + superseded + quarantined; and the quarantined are really there."""
    rows = connection.execute(
        """
        WITH newest AS (SELECT batch_id FROM landing.batch ORDER BY loaded_at DESC LIMIT 1),
        kept AS (
            SELECT source_file, table_name, count(*) AS rows
            FROM landing.quarantine JOIN newest USING (batch_id)
            GROUP BY source_file, table_name
        )
        SELECT source_file, table_name, coalesce(kept.rows, 0),
            rows_read = rows_landed + rows_unchanged + rows_superseded + rows_quarantined
                AND rows_quarantined = coalesce(kept.rows, 0)
        FROM landing.batch_file JOIN newest USING (batch_id)
        FULL JOIN kept USING (source_file, table_name)
        """
    ).fetchall()
    wrong = [f"rows do not add up: {file}, {table}" for file, table, _, adds_up in rows if not adds_up]
    return sum(kept for _, _, kept, _ in rows), wrong


def _landed_roster(home: Path, folder: Path, form: Form) -> None:
    if form.base is None:
        return
    folder.mkdir()
    form.base(folder)
    good.manifest(folder, good.FIRST_DAY)
    code, said = _run(home, Form("roster", "landing", form.base), folder)
    assert code == 0, said


def _run(home: Path, form: Form, target: Path) -> tuple[int | None, str]:
    """The exit code and all that was said; None is an unforeseen fault."""
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, _overheard(said), _time_limit():
        patch.setenv("TIMERETT_HOME", str(home))
        try:
            ingest(form.source, target, delta=form.delta, check=False, out=Console(file=said, width=160))
        except Exception as problem:
            before = said.tell()
            code = exit_code(problem)
            if "Unforeseen" in said.getvalue()[before:]:
                return None, said.getvalue() + "".join(traceback.format_exception(problem))
            return code, said.getvalue()
    return 0, said.getvalue()


def _outcome(code: int | None, now: Landing) -> Outcome | None:
    if code is None:
        return None
    if code:
        return Outcome.STOPPED if code == CHECK_FAILED else Outcome.REFUSED
    return Outcome.QUARANTINED if now.quarantined else Outcome.LANDED


@contextlib.contextmanager
def _overheard(said: io.StringIO) -> Iterator[None]:
    handler, log = logging.StreamHandler(said), logging.getLogger()
    log.addHandler(handler)
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            yield
    finally:
        log.removeHandler(handler)


@contextlib.contextmanager
def _time_limit() -> Iterator[None]:
    def late(_signal: int, _frame: FrameType | None) -> None:
        raise RuntimeError(f"took more than {SECONDS} seconds")

    previous = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)


def _wording_faults(said: str) -> Iterator[str]:
    if found := _INTERNAL.search(said):
        yield f"internal wording: {found[0]}"
    if NAME in said:
        yield "tells a planted name"
    if len(said) > LONGEST_MESSAGE:
        yield f"says {len(said):,} letters"
    odd = {sign for sign in said if unicodedata.category(sign) in ("Cc", "Cf") and sign not in "\n\u00ad"}
    if odd:
        yield f"writes control characters to the terminal: {sorted(map(ascii, odd))}"


def _message_faults(case: Case, said: str, delivery: str) -> Iterator[str]:
    names = [case.file.rpartition("/")[2]] if case.file else [delivery]
    if case.file and case.file.endswith(".json"):
        names.append(Path(case.file).stem)
    if not any(name in said for name in names):
        yield f"message does not name {names[0]}"
    if not _ADVICE.search(said):
        yield "message does not say what to do"


def _leaks(home: Path, said: str) -> Iterator[str]:
    """Planted identity numbers, in what was said and in every file that is left."""
    forms = (NUMBER, SPACED, DASHED)
    if any(number in said for number in forms):
        yield "tells an identity number"
    for file in home.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            if any(number.encode() in content for number in forms):
                yield f"identity number in {file.relative_to(home)}"
