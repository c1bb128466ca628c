"""Benefits: planned, estimated and realised never mix; what did not come is said as plainly as what did."""

import re
from pathlib import Path

import duckdb
import pytest
import yaml
from flask import Flask

from dashboard.access.roles import RefusedError, Role
from dashboard.pages.benefits_cause import PROMISED_USE, main_verdict, use_of_time
from dashboard.pages.benefits_standing import Standing, first
from dashboard.queries import benefits
from dashboard.text import LANGUAGES, Text, phrases
from tests.dashboard.conftest import ReaderFor
from tests.dashboard.reading import read

MARTS = Path(__file__).parents[2] / "dbt_project" / "models" / "marts"
OF_BENEFITS = (
    "attribution", "attribution_summary", "benefit_plan", "benefit_total", "measurement_due",
    "measuring_cost", "position_plan", "process_volume", "sampling_plan", "standardisation",
    "training_effect", "work_process", "work_process_time",
)  # fmt: skip
UNTIL = "date '2026-02-01'"


def told(truth: duckdb.DuckDBPyConnection, county: str = "99") -> tuple[str, ...]:
    """Realised hours with their interval, and what was promised, as a reader of the page sees them."""
    [(hours, low, high)] = truth.execute(
        "select hours_so_far, low_so_far, high_so_far from marts.benefit_total where state = 'realised'"
        f" and sum_by = 'all' and month = {UNTIL} and county_number = ?",
        [county],
    ).fetchall()
    [(planned,)] = truth.execute(
        f"select sum(planned_hours) from marts.benefit_plan where month <= {UNTIL}"
    ).fetchall()
    return tuple(Text("nb").hours_said(60 * value) for value in (hours, planned, low, high))


def test_the_page_opens_with_what_came_of_what_was_promised(
    server: Flask, truth: duckdb.DuckDBPyConnection
) -> None:
    hours, planned, low, high = told(truth)
    shown = read(server, "/benefits", "?role=owner")
    assert (
        f"{hours} av {planned} lovede timer er realisert så langt, trolig mellom {low} og {high}."
        " Det er mindre enn lovet." in shown
    )
    [(moving,)] = truth.execute(
        "select hours_so_far from marts.benefit_total where state = 'realised' and sum_by = 'process_code'"
        f" and sum_key = 'ABS-REG' and month = {UNTIL} and county_number = '99'"
    ).fetchall()
    before = (
        f"{Text('nb').hours_said(60 * moving)} av de realiserte timene gjelder arbeid som endret seg allerede"
    )
    assert before in shown
    assert "1 prosess er bare planlagt: ingen har målt etterpå. 1 måling er på overtid." in shown
    due = "«Føre karakterer» skulle vært målt for 232 dager siden (ansvarlig: Seksjonsleder opplæring)"
    assert due in shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ["owner", "director", "analyst"])
def test_every_card_stands_in_every_language(server: Flask, language: str, role: str) -> None:
    shown = read(server, "/benefits", f"?role={role}&lang={language}")
    for card in ("bridge", "realisation", "processes", "event_study", "positions", "due", "likeness"):
        assert f"card-{card}" in shown
    assert "kroner" not in shown.replace("aldri kroner", "")


def test_who_answers_for_one_school_is_refused(server: Flask) -> None:
    assert "Skrive og sende varsel" not in read(server, "/benefits", "?role=principal")


def test_another_countys_director_sees_no_hours_of_this_one(reader_for: ReaderFor) -> None:
    of = benefits.whose(reader_for(Role.DIRECTOR, county="03"), "99")
    assert of.county == "03"
    assert benefits.so_far(of, "all") == []
    assert benefits.promised(of) == []
    assert benefits.due(of) == []
    assert benefits.next_samples(of) == []
    assert benefits.measuring_counties(of.reader) == []


def test_the_owner_sees_a_county_as_its_director_does(reader_for: ReaderFor) -> None:
    owner, director = reader_for(Role.OWNER, county=None), reader_for(Role.DIRECTOR)
    chosen, own = benefits.whose(owner, "99"), benefits.whose(director, "")
    assert chosen.reader.viewer.role is Role.DIRECTOR
    for query in (benefits.curve, benefits.promised, benefits.due, benefits.volumes, benefits.positions):
        assert query(chosen) == query(own) != []
    with pytest.raises(RefusedError):
        owner.students("*", "student_coverage", order="1")


def test_ways_of_knowing_stay_apart(reader_for: ReaderFor, truth: duckdb.DuckDBPyConnection) -> None:
    of = benefits.whose(reader_for(Role.OWNER), "99")
    found = {row["state"]: row["hours"] for row in benefits.so_far(of, "all")}
    assert set(found) == set(benefits.STATES)
    kinds = [row for row in benefits.so_far(of, "change_kind") if row["state"] == "realised"]
    assert sum(row["hours"] for row in kinds) == pytest.approx(found["realised"])
    assert {row["sum_key"]: row["hours"] > 0 for row in kinds} == {
        "removed": True, "changed": True, "new": False,
    }  # fmt: skip
    [(estimated,)] = truth.execute(
        "select 60 * hours_so_far from marts.benefit_total where county_number = '99' and sum_by = 'all'"
        f" and state = 'estimated' and month = {UNTIL}"
    ).fetchall()
    assert found["estimated"] == estimated


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((50, 80), "mindre enn lovet"),
        ((150, 180), "mer enn lovet"),
        ((90, 130), "kan være så mye som lovet"),
        ((-20, 60), "ikke påvist"),
        ((-60, -20), "kostet tid"),
    ],
)
def test_the_first_sentence_says_what_the_interval_allows(ends: tuple[int, int], said: str) -> None:
    low, high = (60 * end for end in ends)
    realised = {"hours": (low + high) / 2, "low": low, "high": high}
    found = Standing(6000.0, 6000.0, {"realised": realised}, None, [], [])  # type: ignore[arg-type]
    assert said in first(found, Text("nb"))
    nobody = Standing(6000.0, 6000.0, {}, None, [], [])  # type: ignore[arg-type]
    assert "Ingen vet om gevinsten har kommet" in first(nobody, Text("nb"))


@pytest.mark.parametrize("table", OF_BENEFITS)
def test_the_invented_county_has_the_published_columns(table: str, truth: duckdb.DuckDBPyConnection) -> None:
    contract = yaml.safe_load((MARTS / f"{table}.yml").read_text())["models"][0]["columns"]
    held = truth.execute(f"select * from marts.{table} limit 0").description
    assert {column["name"] for column in contract} == {column[0] for column in held or ()}


def used(before: float, after: float) -> list[dict[str, object]]:
    """Minutes of pedagogical work each teaching position had before and with the system."""
    return [
        {"role": "teacher", "plan": "actual", "is_after_adoption": late, "pedagogical_each": minutes}
        for late, minutes in ((False, before), (True, after))
    ]


@pytest.mark.parametrize(("verdict", "shown"), [("increase", True), ("no_clear_change", False)])
def test_more_time_than_before_is_not_called_the_system_s_unless_it_is_shown(
    verdict: str, shown: bool
) -> None:
    verdicts = [{"indicator": PROMISED_USE, "verdict": verdict, "is_control": False}]
    said = use_of_time(used(60 * 770, 60 * 780), verdicts, Text("nb"))
    assert said.startswith("Hver lærerstilling har 10 timer mer til pedagogisk arbeid enn før")
    assert said.endswith("ikke påvist at systemet er årsaken") is not shown
    assert (
        use_of_time(used(60 * 770, 60 * 770), verdicts, Text("nb"))
        == "Lærerne bruker like mye tid på pedagogisk arbeid som før"
    )


def test_the_promise_itself_is_what_is_first_answered() -> None:
    verdicts = [{"indicator": name, "is_control": False} for name in ("hours:administrative", PROMISED_USE)]
    assert main_verdict(verdicts) == verdicts[1]
    assert main_verdict(verdicts, "hours:administrative") == verdicts[0]
    assert main_verdict(verdicts[:1]) == verdicts[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_speaks_of_money_but_to_say_that_none_is_meant(language: str) -> None:
    money = re.compile(r"\b[Kk]ron\w+|\b(NOK|EUR)\b|\b[Pp]eng\w+|\b[Mm]oney\b|\b[Ss]alar\w+|€|\bkr\b")
    never = re.compile(r"\b(aldri|ikke|ikkje|never|not) (i )?(kroner|pengar|penger|money)\b", re.IGNORECASE)
    found = {key: said for key, said in phrases(language).items() if money.search(never.sub("", said))}
    assert found == {}


def test_no_published_column_holds_money() -> None:
    money = re.compile(r"kron|nok|cost(?!_share)|salary|amount|price|_kr\b", re.IGNORECASE)
    for file in MARTS.glob("*.yml"):
        for model in yaml.safe_load(file.read_text(encoding="utf-8"))["models"]:
            assert not [column["name"] for column in model["columns"] if money.search(column["name"])], file
