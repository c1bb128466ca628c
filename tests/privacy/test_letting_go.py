"""Who is erased is nowhere in the home, a new key leaves no old pseudonym, all others stay as they are."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from ingest.erased import RULE
from ingest.identity import IdentityStore, Pseudonyms, identity_key, pseudonym_key
from tests.privacy.search import Secrets
from tests.privacy.state import NAMES, NUMBERS, State
from timerett import audit
from timerett.erase import erase
from timerett.errors import WrongUseError
from timerett.export import export
from timerett.keys import rotate
from timerett.retention import retention
from timerett.warehouse import connect

OUT = Console(quiet=True)


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    monkeypatch.setenv("TIMERETT_HOME", str(tmp_path / "home"))
    for key in ("TIMERETT_PSEUDONYM_KEY", "TIMERETT_IDENTITY_KEY"):
        monkeypatch.delenv(key, raising=False)
    return State()


@pytest.mark.parametrize("by", ["pseudonym", "number"])
def test_who_is_erased_stands_nowhere_and_does_not_return(
    state: State, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, stays = state.keys["s1"], state.keys["s2"]
    secrets = Secrets([NUMBERS["s1"]], [gone, NAMES["s1"]])
    home = state.place.home
    assert {Path(file).name for file in secrets.found_below(home)} >= {
        *("warehouse.duckdb", "identity.sqlite", "audit.jsonl", "coverage.csv"),
        *("dbt.log", "dbt.log.1", "part.csv"),
    }
    assert (state.pages / "run").exists()
    before = state.contents()
    if by == "number":
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{NUMBERS['s1'][:6]} {NUMBERS['s1'][6:]}\n"))
    erase(gone if by == "pseudonym" else None, OUT)

    assert secrets.found_below(home) == {}
    assert not (home / "fint-api").exists()
    after = state.contents()
    for table, rows in before.items():
        others = [row for row in rows if stays in row or "e2" in row]
        assert [row for row in after[table] if stays in row or "e2" in row] == others, table
    assert after["yielded.absence"]
    assert len(after["lesson"]) == len(before["lesson"])
    assert state.store().names(state.keys.values()) == {stays: NAMES["s2"]}
    with pytest.raises(WrongUseError, match="Nobody is known by that"):
        erase(gone, OUT)

    landed = state.land(state.rows(), day=2)
    assert landed.quarantined == len(landed.reasons.filter(rule=RULE)["rows"]) > 0
    assert state.contents()["student"] == after["student"]


def test_what_was_counted_of_who_is_erased_stays_counted(state: State) -> None:
    """Only numbers: rows per file and table add up as before."""

    def accounts() -> list[tuple[object, ...]]:
        with connect(state.place.warehouse) as connection:
            return connection.execute(
                "SELECT f.*, (SELECT count(*) FROM landing.quarantine AS q WHERE q.batch_id = f.batch_id "
                "AND q.table_name = f.table_name AND q.source_file = f.source_file) "
                "FROM landing.batch_file AS f ORDER BY ALL"
            ).fetchall()

    before = accounts()
    erase(state.keys["s1"], OUT)
    assert accounts() == before
    assert all(row[7] == row[8] for row in before)


def test_a_new_pseudonym_key_leaves_no_old_pseudonym_and_loses_no_row(state: State) -> None:
    home = state.place.home
    old = Secrets([], [*state.keys.values(), state.teacher])
    before = state.contents()
    rotate("pseudonym", OUT)

    assert old.found_below(home) == {}
    assert not (home / "fint-api").exists()
    after = state.contents()
    assert {table: len(rows) for table, rows in after.items()} == {t: len(rows) for t, rows in before.items()}
    state.pseudonyms = Pseudonyms(pseudonym_key(state.place.keys))
    state.keys = {name: state.pseudonyms.student(number) for name, number in NUMBERS.items()}
    assert state.store().names(state.keys.values()) == {state.keys[name]: NAMES[name] for name in NAMES}
    assert audit.students(state.place.logs) == set(state.keys.values())
    # What the source says next is known already: everybody was taken along.
    landed = state.land({"student": state.rows()["student"]}, source="oneroster", kind="delta", day=3)
    assert [account.unchanged for account in landed.accounts] == [2]
    # A row that waited behind a better one returns when that one goes.
    state.land({"absence": []}, source="oneroster", day=4)
    assert state.contents()["absence"] == [
        tuple(30 if value == 31 else value for value in row) for row in after["absence"]
    ]


def test_a_new_identity_key_opens_the_names_and_the_old_one_nothing(state: State) -> None:
    old = identity_key(state.place.keys)
    assert old
    rotate("identity", OUT)
    assert state.store().names(state.keys.values()) == {state.keys[name]: NAMES[name] for name in NAMES}
    assert IdentityStore(state.place.identity_store, old).names(state.keys.values()) == {}
    # Pages sealed with the old key are of no use to anybody; they are fetched again.
    assert not (state.place.home / "fint-api").exists()


def test_school_years_that_are_let_go_take_their_students_with_them(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of who has moved on only the kept years stay; of who has left, nothing."""
    monkeypatch.setenv("TIMERETT_RETENTION_YEARS", "0")
    rows = state.rows()
    next_year = rows["enrolment"][1] | {
        "enrolment_id": "e3",
        "school_year": "2026-27",
        "start_date": "2026-08-17",
    }
    state.land({"enrolment": [next_year]}, kind="delta", day=240)
    gone = Secrets([NUMBERS["s1"]], [state.keys["s1"], NAMES["s1"]])
    retention(OUT, apply=False)
    assert gone.found_below(state.place.home) != {}
    retention(OUT, apply=True)

    assert gone.found_below(state.place.home) == {}
    after = state.contents()
    assert [row[0] for row in after["enrolment"]] == ["e3"]
    assert not after["absence"]
    assert not after["yielded.enrolment"]
    assert state.store().names(state.keys.values()) == {state.keys["s2"]: NAMES["s2"]}
    landed = state.land(rows, kind="delta", day=241)
    assert landed.reasons.filter(rule=RULE)["rows"].sum() > 0
    assert [row[0] for row in state.contents()["enrolment"]] == ["e3"]


def test_an_export_goes_where_erasing_finds_it_or_out_of_the_home(state: State) -> None:
    with connect(state.place.warehouse) as connection:
        connection.execute("SELECT 1")
    state.place.published.mkdir()
    state.place.current.symlink_to(state.place.warehouse)
    with pytest.raises(WrongUseError, match="erasing a student would not find the export"):
        export(state.place.home / "files", "csv", [], OUT)
