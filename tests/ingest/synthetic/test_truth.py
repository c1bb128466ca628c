"""truth.json says what the files say."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pytest

from ingest.synthetic.programme import Curriculum
from tests.ingest.synthetic.conftest import County, Extract, day_of_period, identity, target, targets

ENROLMENT = "utdanning.elev/elevforhold.json"
SUBJECTS = "utdanning.timeplan/faggruppemedlemskap.json"
MEMBERS = "utdanning.timeplan/undervisningsgruppemedlemskap.json"
GROUPS = "utdanning.timeplan/undervisningsgruppe.json"
LESSONS = "utdanning.timeplan/time.json"


@cache
def _subjects(extract: Path) -> dict[str, dict[str, str]]:
    """Enrolment → subject → status."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for entry in Extract(extract, {}).clean(SUBJECTS):
        code = target(entry, "faggruppe").rsplit("-", 1)[1]
        found[target(entry, "elevforhold")][code] = target(entry, "fagstatus")
    return found


@cache
def _taught(extract: Path) -> dict[str, set[str]]:
    """Enrolment → subjects of its groups."""
    serves = {
        identity(entry): {code.removeprefix("FA_") for code in targets(entry, "fag")}
        for entry in Extract(extract, {}).entries(GROUPS)
    }
    found: dict[str, set[str]] = defaultdict(set)
    for entry in Extract(extract, {}).clean(MEMBERS):
        found[target(entry, "elevforhold")] |= serves[target(entry, "undervisningsgruppe")]
    return found


def _registered(county: County, school_id: str) -> dict[str, dict[str, str]]:
    """Lesson → its row, as last known."""
    return {row["Time-ID"]: row for row in county.last_of(school_id).good_rows("timeregister.csv")}


def _day(text: str) -> date:
    day, month, year = text.split(".")
    return date(int(year), int(month), int(day))


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def test_rows_are_counted_as_they_were_written(county: County) -> None:
    for extract in county.extracts:
        for file, rows in extract.truth["rows"].items():
            written = len(extract.rows(file)) if file.endswith(".csv") else extract.size(file)
            assert written == rows, (extract.path.name, file)


def test_good_rows_and_bad_rows_make_all_rows(county: County) -> None:
    files = {
        "lessons_in_register": "timeregister.csv",
        "absences_by_lesson": "fravaer.csv",
        "decisions": "vedtak.csv",
    }
    for extract in county.extracts:
        for what, file in files.items():
            bad = sum(extract.truth["dirty"].get(file, {}).values())
            assert extract.truth["counts"][what] + bad == extract.truth["rows"][file]


def test_bad_rows_are_few_and_break_every_rule(county: County) -> None:
    dirty = county.last.truth["dirty"]
    assert {"bad_date", "unknown_code", "end_before_start", "truncated", "orphan"} == set(
        dirty["timeregister.csv"]
    )
    assert {"duplicate", "orphan", "truncated"} <= set(dirty["fravaer.csv"])
    for file, rules in dirty.items():
        if county.last.truth["rows"][file] > 1000:
            assert sum(rules.values()) < 0.005 * county.last.truth["rows"][file]


def test_bad_rows_are_where_the_truth_says(county: County) -> None:
    for file, rules in county.last.truth["dirty_keys"].items():
        if file.endswith(".csv"):
            present = Counter(next(iter(row.values())) for row in county.last.rows(file))
        else:
            present = Counter(identity(entry) for entry in county.last.entries(file))
        for rule, keys in rules.items():
            assert all(present[key] >= (2 if rule == "duplicate" else 1) for key in keys), (file, rule)


def test_ordinary_students_are_taught_all_they_take(county: County) -> None:
    hours = {code: subject.hours for code, subject in Curriculum("2025-26").subjects.items()}
    (forgotten,) = county.situations("missing_language_group")
    for planted in county.situations("ordinary_student"):
        extract = county.last_of(planted["school_id"]).path
        for enrolment_id in set(planted["enrolment_ids"]) - set(forgotten["enrolment_ids"]):
            own = {code for code in _subjects(extract)[enrolment_id] if hours[code]}
            assert own
            assert own <= _taught(extract)[enrolment_id]


def test_a_language_group_was_forgotten(county: County) -> None:
    (planted,) = county.situations("missing_language_group")
    code, extract = planted["expect"]["subject_code"], county.last.path
    assert len(planted["enrolment_ids"]) > 5
    for enrolment_id in planted["enrolment_ids"]:
        assert code in _subjects(extract)[enrolment_id]
        assert code not in _taught(extract)[enrolment_id]


def test_students_without_a_language(county: County) -> None:
    for planted in county.situations("slot_without_subject"):
        (enrolment_id,) = planted["enrolment_ids"]
        subjects = _subjects(county.last_of(planted["school_id"]).path)[enrolment_id]
        assert subjects
        assert not any(code.startswith("FSP") for code in subjects)


def test_students_in_no_group(county: County) -> None:
    for planted in county.situations("enrolled_in_no_group"):
        (enrolment_id,) = planted["enrolment_ids"]
        extract, code = county.last_of(planted["school_id"]).path, planted["expect"]["subject_code"]
        assert code in _subjects(extract)[enrolment_id]
        assert code not in _taught(extract)[enrolment_id]


def test_students_with_status_f(county: County) -> None:
    for planted in county.situations("status_f"):
        (enrolment_id,) = planted["enrolment_ids"]
        subjects = _subjects(county.last_of(planted["school_id"]).path)[enrolment_id]
        assert subjects[planted["expect"]["subject_code"]] == "F"


@pytest.mark.parametrize(("situation", "days"), [("class_change", 1), ("class_change_with_gap", 15)])
def test_a_class_change_has_its_gap_or_none(county: County, situation: str, days: int) -> None:
    for planted in county.situations(situation):
        (enrolment_id,) = planted["enrolment_ids"]
        extract, last_day = (
            county.last_of(planted["school_id"]),
            date.fromisoformat(planted["last_day_in_old"]),
        )
        spans = {
            target(entry, "undervisningsgruppe"): entry
            for entry in extract.clean(MEMBERS)
            if target(entry, "elevforhold") == enrolment_id
        }
        assert planted["moved"]
        if (extract.day - last_day).days >= days:
            for old, new in planted["moved"]:
                assert day_of_period(spans[old], "slutt") == last_day
                assert (day_of_period(spans[new], "start") - last_day).days == days


def test_a_change_of_school_gives_one_student_two_enrolments(county: County) -> None:
    students = {identity(entry): target(entry, "elev") for entry in county.last.entries(ENROLMENT)}
    second_enrolments = 0
    for planted in county.situations("school_change"):
        first, second = planted["enrolment_ids"]
        if second in students:
            second_enrolments += 1
            assert students[first] == students[second]
    assert second_enrolments


def test_one_school_registers_nothing(county: County) -> None:
    (planted,) = county.situations("registers_nothing")
    for extract in county.extracts:
        assert planted["school_id"] not in {row["Skolenr"] for row in extract.good_rows("timeregister.csv")}


def test_one_school_stops_delivering(county: County) -> None:
    (planted,) = county.situations("loads_late")
    for number, extract in enumerate(county.extracts):
        schools = {
            entry["skolenummer"]["identifikatorverdi"]
            for entry in extract.entries("utdanning.utdanningsprogram/skole.json")
        }
        assert (planted["school_id"] in schools) == (number < 2)
        for file in ("timeregister.csv", "skolerute.csv"):
            assert (planted["school_id"] in {row["Skolenr"] for row in extract.rows(file)}) == (number < 2)


def test_one_school_is_small(county: County) -> None:
    (planted,) = county.situations("small_school")
    enrolled = [e for e in county.last.entries(ENROLMENT) if target(e, "skole") == planted["school_id"]]
    assert 0 < len(enrolled) == planted["expect"]["students"] < 40


def test_replacements_replace_cancelled_lessons(county: County) -> None:
    found = 0
    for planted in county.situations("made_up"):
        rows = _registered(county, planted["school_id"])
        for lesson_id in planted["lesson_ids"]:
            # The lesson that is replaced may not be registered yet.
            if replaced := rows.get(rows[lesson_id]["Erstatter time-ID"]):
                found += 1
                assert replaced["Status"] == "avlyst"
                assert replaced["Grupper"] == rows[lesson_id]["Grupper"]
    assert found
    for planted in county.situations("made_up_ahead"):
        rows = _registered(county, planted["school_id"])
        assert {rows[lesson_id]["Status"] for lesson_id in planted["lesson_ids"]} <= {"planlagt"}


def test_lessons_are_cancelled_ahead(county: County) -> None:
    for planted in county.situations("cancelled_ahead"):
        rows, day = _registered(county, planted["school_id"]), county.last_of(planted["school_id"]).day
        for lesson_id in planted["lesson_ids"]:
            assert rows[lesson_id]["Status"] == "avlyst"
            assert _day(rows[lesson_id]["Dato"]) >= day


def test_declared_shares_sum_to_the_lesson(county: County) -> None:
    for planted in county.situations("cross_subject_day"):
        rows = _registered(county, planted["school_id"])
        for lesson_id in planted["lesson_ids"]:
            row = rows[lesson_id]
            shares = [int(part.partition("=")[2]) for part in row["Fagfordeling"].split("|")]
            assert len(shares) > 1
            assert sum(shares) == _minutes(row["Slutt"]) - _minutes(row["Start"])


def test_lessons_vanish_while_they_still_lie_ahead(county: County) -> None:
    held = [_starts(extract) for extract in county.extracts]
    for planted in county.situations("removed_from_timetable"):
        for lesson_id in planted["lesson_ids"]:
            number = next(number for number, found in enumerate(held) if lesson_id not in found)
            assert number > 0
            assert date.fromisoformat(held[number - 1][lesson_id]) >= county.extracts[number].day


def _starts(extract: Extract) -> dict[str, str]:
    """Lesson → day it starts, without decoding the largest of the files."""
    text = (extract.path / "fint" / LESSONS).read_text(encoding="utf-8")
    return dict(re.findall(r'"identifikatorverdi":"(T[\d-]+)"[^\n]*?"start":"(\d{4}-\d\d-\d\d)T', text))


def test_nothing_is_registered_before_it_happened(county: County) -> None:
    for extract in county.extracts:
        held = {row["Dato"] for row in extract.good_rows("timeregister.csv") if row["Status"] == "holdt"}
        away = {row["Dato"] for row in extract.good_rows("fravaer.csv")}
        assert max(_day(text) for text in held) < extract.day
        assert max(_day(text) for text in away) < extract.day


def test_later_deliveries_know_more(county: County) -> None:
    (stale,) = county.situations("loads_late")
    known = [
        {
            row["Time-ID"]
            for row in extract.good_rows("timeregister.csv")
            if row["Skolenr"] != stale["school_id"]
        }
        for extract in county.extracts
    ]
    assert known[0] < known[1] < known[2] < known[3]


def test_every_code_of_absence_occurs(county: County) -> None:
    shares = Counter(row["Kode"] for row in county.last.good_rows("fravaer.csv"))
    assert set(shares) == {"X", "M", "D", "!", "R", "§"}
    assert shares["X"] > shares["D"] > shares["M"]


def test_warnings_reach_most_but_not_all_who_are_over_the_limit(county: County) -> None:
    over, unwarned = (
        list(county.situations(name)) for name in ("over_absence_limit", "over_limit_without_warning")
    )
    assert 0 < len(unwarned) < len(over) / 2
    for planted in unwarned:
        warned = {
            identity(entry)
            for entry in county.last_of(planted["school_id"]).entries("utdanning.elev/varsel.json")
        }
        number = planted["enrolment_ids"][0].split("-")[0].removeprefix("EF")
        assert f"VA{number}-2526-{planted['expect']['subject_code']}" not in warned


def test_the_administration_systems_totals_agree_where_nothing_else_is_planted(county: County) -> None:
    """Teaching hours are those of the lessons in the timetable that are not known to be cancelled."""
    wrong = {
        group for planted in county.situations("reconciliation_difference") for group in planted["group_ids"]
    }
    taught = _minutes_by_group(county.last)
    subjects = {
        identity(entry): target(entry, "fag").removeprefix("FA_")
        for entry in county.last.entries(GROUPS)
        if len(targets(entry, "fag")) == 1
    }
    told = {
        (target(entry, "elevforhold"), target(entry, "fag").removeprefix("FA_")): entry
        for entry in county.last.entries("utdanning.vurdering/fravarsoversikt.json")
    }
    ordinary = {
        student for planted in county.situations("ordinary_student") for student in planted["enrolment_ids"]
    }
    compared = 0
    for entry in county.last.clean(MEMBERS):
        student, group = target(entry, "elevforhold"), target(entry, "undervisningsgruppe")
        if student in ordinary and group in subjects and group in taught and group not in wrong:
            compared += 1
            hours = told[student, subjects[group]]["skolear"]["undervisningstimer"]
            assert abs(hours * 60 - taught[group]) <= 30
    assert compared > 5000


def _minutes_by_group(extract: Extract) -> Counter[str]:
    """Taught or not known otherwise; groups with replacements or joint subjects are left to other tests."""
    register = {row["Time-ID"]: row for row in extract.good_rows("timeregister.csv")}
    minutes: Counter[str] = Counter()
    apart = {
        group
        for row in register.values()
        if row["Erstatter time-ID"] or row["Fagfordeling"]
        for group in row["Grupper"].split("|")
    }
    for entry in extract.clean(LESSONS):
        row = register.get(identity(entry))
        start, end = (datetime.fromisoformat(entry["tidsrom"][name]) for name in ("start", "slutt"))
        lost = row and (row["Status"] == "avlyst" or row["Dekning"] in ("tilsyn", "selvstudium"))
        if start.date() < extract.day and not lost:
            for group in set(targets(entry, "undervisningsgruppe")) - apart:
                minutes[group] += int((end - start).total_seconds()) // 60
    return minutes
