"""Cases for the entries of a FINT page: their ids, links and values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.corpus.case import (
    ANYTHING,
    LANDED,
    NOT_CLEAN,
    QUARANTINED,
    READ,
    Case,
    Harmed,
    Outcome,
    anything,
    nothing,
    rows,
    whole,
)
from tests.corpus.fint_pages import ABSENCE, ACTIVITY, LARGE, LESSON, SPOILED, page_of, spoiled_bytes
from tests.corpus.good_fint import Entry, county, file_of, link
from tests.corpus.judge import DASHED, NAME, NUMBER, SPACED
from tests.corpus.text import (
    Bytes,
    replaced,
)


def entry_cases() -> Iterator[Case]:
    yield from _entries()
    yield from _links()
    yield from _values()
    yield from _planted()


def _entry(
    resource: str,
    mutation: str,
    change: Callable[[Entry], Any],
    ends: frozenset[Outcome],
    harmed: Harmed | None = None,
) -> Case:
    def on_page(page: Any) -> Any:
        listed = page["_embedded"]["_entries"]
        listed[SPOILED - 1] = change(listed[SPOILED - 1])
        return page

    return page_of(mutation, on_page, ends, harmed or rows(file_of(resource), [SPOILED]), resource)


def _added(
    mutation: str, resource: str, make: Callable[[list[Entry]], list[Entry]], ends: frozenset[Outcome]
) -> Case:
    def on_page(page: Any) -> Any:
        listed = page["_embedded"]["_entries"]
        return {
            "_embedded": {"_entries": [*listed, *make(listed)]},
            "total_items": len(listed) + len(make(listed)),
        }

    return page_of(mutation, on_page, ends, nothing, resource)


def _entries() -> Iterator[Case]:
    def system_id(value: Any) -> Callable[[Entry], Entry]:
        return lambda one: {**one, "systemId": value}

    def named(value: Any) -> Callable[[Entry], Entry]:
        return system_id({"identifikatorverdi": value})

    yield _entry(
        ABSENCE, "no systemId", lambda one: {k: v for k, v in one.items() if k != "systemId"}, NOT_CLEAN
    )
    for shown, value in (("null", None), ("a text", "A3"), ("a list", []), ("an empty object", {})):
        yield _entry(ABSENCE, f"systemId is {shown}", system_id(value), NOT_CLEAN)
    for shown, value in (
        *(("null", None), ("a number", 7), ("empty", ""), ("an object", {"x": 1})),
        *(("a NUL character", "\x00"), ("half a surrogate pair", "\ud800"), ("reversed", "\u202eA3\x1b[31m")),
        *(("of 100,000 letters", "x" * 100_000), ("a formula", "=cmd|' /C calc'!A0"), ("a blank", " ")),
    ):
        yield _entry(ABSENCE, f"id is {shown}", named(value), ANYTHING)
    yield _added("the same entry twice", ABSENCE, lambda listed: [listed[0]], LANDED)
    yield _added("every entry twice", ABSENCE, lambda listed: listed, LANDED)
    yield _added(
        "entries that contradict under one id",
        ABSENCE,
        lambda listed: [{**listed[0], "foresPaVitnemal": False}],
        QUARANTINED,
    )
    yield _added(
        "lessons that contradict under one id",
        LESSON,
        lambda listed: [
            {**listed[0], "tidsrom": {"start": "2026-05-01T08:00:00Z", "slutt": "2026-05-01T09:00:00Z"}}
        ],
        QUARANTINED,
    )
    yield _added(
        "two students of one systemId",
        "elev",
        lambda listed: [{**listed[0], "elevnummer": {"identifikatorverdi": "599999"}}],
        ANYTHING,
    )
    yield _added(
        "two schools of one number", "skole", lambda listed: [{**listed[0], "navn": "En annen"}], ANYTHING
    )


def _links() -> Iterator[Case]:
    def links(value: Any) -> Callable[[Entry], Entry]:
        return lambda one: {**one, "_links": value}

    def linked(name: str, value: Any) -> Callable[[Entry], Entry]:
        return lambda one: {**one, "_links": {**one["_links"], name: value}}

    for shown, value in (("null", None), ("a text", "x"), ("a list", []), ("a number", 1), ("missing", {})):
        yield _entry(ABSENCE, f"links are {shown}", links(value), NOT_CLEAN)
    for shown, value in (
        *(
            ("null", None),
            ("a text", "elev/systemid/1"),
            ("an object", {"href": "x/systemid/1"}),
            ("empty", []),
        ),
        *(("a list of null", [None]), ("a list of texts", ["x"]), ("a list of lists", [[]])),
    ):
        yield _entry(ABSENCE, f"one link is {shown}", linked("elevfravar", value), NOT_CLEAN)
    for shown, value in (
        *(
            ("null", None),
            ("a number", 1),
            ("empty", ""),
            ("slashes", "////"),
            ("a sentence", "det vet jeg ikke"),
        ),
        *(
            ("of a field nobody knows", "https://x/elevfravar/farge/gul"),
            ("percent signs", "a/systemid/%ff%zz%00"),
        ),
        *(
            ("to nothing", "${utdanning.vurdering.elevfravar}/systemid/borte"),
            ("a script", "javascript:alert(1)"),
        ),
        *(
            ("of 100,000 letters", "x/systemid/" + "9" * 100_000),
            ("control characters", "x/systemid/\x1b[31m\u202e"),
        ),
        *(("an identity number", f"https://x/felles/person/fodselsnummer/{NUMBER}"),),
        *(("an identity number by percent", f"https://x/person/fodselsnummer/{NUMBER[:6]}%20{NUMBER[6:]}"),),
        *(("an identity number in a query", f"https://x/elevfravar/systemid/FR9?fnr={NUMBER}"),),
    ):
        yield _entry(ABSENCE, f"address is {shown}", linked("elevfravar", [{"href": value}]), NOT_CLEAN)
    yield _entry(
        ABSENCE,
        "absence of two enrolments",
        linked("elevfravar", [link("elevfravar", "FR1"), link("elevfravar", "FR2")]),
        READ,
    )
    yield _entry(
        "undervisningsgruppemedlemskap",
        "membership of the group itself",
        linked("elevforhold", [link("undervisningsgruppemedlemskap", "UM3")]),
        NOT_CLEAN,
    )
    yield _entry(
        "elevforhold",
        "enrolment of itself",
        linked("elev", [link("elevforhold", "EF3")]),
        NOT_CLEAN,
        anything,
    )
    yield _entry("elevforhold", "enrolment without a school", linked("skole", []), NOT_CLEAN, anything)
    yield _entry(
        "elevforhold",
        "enrolment of an unknown year",
        linked("skolear", [link("skolear", "1999")]),
        ANYTHING,
        anything,
    )
    yield _entry(
        "elev",
        "student of another's number",
        linked("person", [link("person", "01810199100", "fodselsnummer")]),
        ANYTHING,
        anything,
    )
    yield _entry(LESSON, "lesson of no group", linked("undervisningsgruppe", []), NOT_CLEAN)
    yield _entry(
        LESSON,
        "lesson of a hundred groups",
        linked("undervisningsgruppe", [link("undervisningsgruppe", f"g{n}") for n in range(100)]),
        NOT_CLEAN,
    )


def _values() -> Iterator[Case]:
    times = (
        *(
            "",
            "i går",
            "0000-00-00T00:00:00Z",
            "2026-02-31T08:00:00Z",
            "2026-01-13T24:00:00Z",
            "2026-01-13T25:61:00Z",
        ),
        *(
            "99999-01-01T00:00:00Z",
            "+999999-01-01T00:00:00Z",
            "-0001-01-01T00:00:00Z",
            "2026-01-13T08:00:00+99:00",
        ),
        *("1e10", "1767958200", "NaN", "2026-W03-2", "12.01.2026 08:00", "٢٠٢٦-٠١-١٣T٠٨:٠٠:٠٠Z", NUMBER),
    )
    for text in times:
        for_message = f"start is “{text if text != NUMBER else 'an identity number'}”"
        yield _entry(ABSENCE, for_message, _period(start=text), NOT_CLEAN)
    for text in ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "1899-12-31", "2026-03-29T02:30:00+02:00"):
        yield _entry(ABSENCE, f"end is “{text}”", _period(slutt=text), ANYTHING)
    for shown, value in (("null", None), ("a text", "2026"), ("a list", []), ("empty", {})):
        yield _entry(
            LESSON, f"period is {shown}", lambda one, value=value: {**one, "tidsrom": value}, NOT_CLEAN
        )  # type: ignore[misc]
    yield _entry(
        LESSON,
        "lesson ends before it starts",
        lambda one: {**one, "tidsrom": {"start": one["tidsrom"]["slutt"], "slutt": one["tidsrom"]["start"]}},
        QUARANTINED,
    )
    yield _entry(
        LESSON,
        "lesson of no length",
        lambda one: {**one, "tidsrom": {"start": one["tidsrom"]["start"], "slutt": one["tidsrom"]["start"]}},
        QUARANTINED,
    )
    for text in (
        "-30",
        "1e3",
        "30.5",
        '"30"',
        '"mye"',
        "true",
        "null",
        "[]",
        LARGE,
        "9223372036854775808",
        "1e999",
        "NaN",
        "Infinity",
    ):
        shown = text if len(text) < 30 else "of 400 digits"
        yield spoiled_bytes(
            ACTIVITY,
            f"minutes are {shown}",
            _third(b'"minutter": 30', f'"minutter": {text}'.encode()),
            ANYTHING if text in ("NaN", "Infinity", "1e3", '"30"', LARGE, "1e999", "30.5") else NOT_CLEAN,
            whole(file_of(ACTIVITY))
            if text in ("NaN", "Infinity", LARGE, "1e999")
            else rows(file_of(ACTIVITY), [SPOILED]),
        )
    for text in ("-1", "1e308", "1e999", '"mye"', "null", "NaN", "99999999999999"):
        yield spoiled_bytes(
            "fravarsoversikt",
            f"percent is {text}",
            _third(b'"prosent": 7.5', f'"prosent": {text}'.encode()),
            ANYTHING,
            whole(file_of("fravarsoversikt"))
            if text in ("NaN", "1e999")
            else rows(file_of("fravarsoversikt"), [SPOILED]),
        )
    for text in ("1940-08-11", "1916-05-22", "9999-12-31", "0001-01-01", "2026-03-29"):
        yield _entry(ACTIVITY, f"day is {text}", lambda one, text=text: {**one, "dato": text}, ANYTHING)  # type: ignore[misc]
    yield _entry("varsel", "sent on no day", lambda one: {**one, "sendt": "aldri"}, QUARANTINED)
    yield _entry(
        "elevforhold",
        "period backwards",
        lambda one: {**one, "gyldighetsperiode": {"start": "2026-06-01", "slutt": "2025-01-01"}},
        ANYTHING,
        anything,
    )
    yield spoiled_bytes(
        "fravarstype", "code of nobody", replaced(b'"kode": "X"', b'"kode": "Q"'), NOT_CLEAN, anything
    )
    yield spoiled_bytes(
        "skolear",
        "year that is none",
        replaced(b'"kode": "20252026"', b'"kode": "99990000"'),
        ANYTHING,
        anything,
    )
    yield spoiled_bytes(
        "skole", "school number of letters", replaced(b'"1002"', b'"\\u202e10"'), ANYTHING, anything
    )


def _period(**values: str) -> Callable[[Entry], Entry]:
    return lambda one: {**one, "periode": {**one["periode"], **values}}


def _third(old: bytes, new: bytes) -> Bytes:
    def change(content: bytes) -> bytes:
        parts = content.split(old)
        return old.join(parts[:SPOILED]) + new + old.join(parts[SPOILED:])

    return change


def _planted() -> Iterator[Case]:
    """An identity number in every text of an entry, the keys of links aside; one resource at a time."""
    for position, resource in enumerate(county()):
        number = (NUMBER, SPACED, DASHED)[position % 3]

        def change(one: Entry, number: str = number) -> Any:
            return _with_texts(one, number)

        place = 1 if len(county()[resource]) < SPOILED else SPOILED
        yield _planted_case(resource, place, change)
    with_name = {
        "kommentar": f"{NAME} {NUMBER}",
        "navn": f"{NAME} {NUMBER}",
        "beskrivelse": f"{NAME} {NUMBER}",
    }
    yield _entry(ABSENCE, "name and identity number in remarks", lambda one: {**one, **with_name}, READ)
    yield _entry(
        "elev",
        "identity number as student number",
        lambda one: {**one, "elevnummer": {"identifikatorverdi": NUMBER}},
        READ,
        anything,
    )
    yield _entry(
        "undervisningsgruppemedlemskap",
        "identity number as group",
        lambda one: {
            **one,
            "_links": {**one["_links"], "undervisningsgruppe": [link("undervisningsgruppe", NUMBER)]},
        },
        QUARANTINED,
    )


def _planted_case(resource: str, place: int, change: Callable[[Entry], Any]) -> Case:
    def on_page(page: Any) -> Any:
        listed = page["_embedded"]["_entries"]
        listed[place - 1] = change(listed[place - 1])
        return page

    return page_of("identity number in every text", on_page, ANYTHING, anything, resource)


def _with_texts(value: Any, text: str) -> Any:
    if isinstance(value, dict):
        return {key: _with_texts(one, text) for key, one in value.items()}
    if isinstance(value, list):
        return [_with_texts(one, text) for one in value]
    if isinstance(value, str):
        return f"{value.rpartition('/')[0]}/{text}" if "/" in value else text
    return value
