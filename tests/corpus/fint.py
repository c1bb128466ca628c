"""Cases for FINT dumps: the JSON as bytes, the page, the entries, their links and values."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.corpus.case import (
    ANYTHING,
    LANDED,
    NOT_CLEAN,
    READ,
    REFUSED,
    Case,
    Outcome,
    anything,
    nothing,
    rows,
)
from tests.corpus.fint_entries import entry_cases
from tests.corpus.fint_pages import ABSENCE, FORM, LESSON, SPOILED, page_of, spoiled_bytes
from tests.corpus.good_fint import file_of
from tests.corpus.judge import NAME, NUMBER
from tests.corpus.places import manifests, places
from tests.corpus.text import (
    ENCODINGS,
    FOREIGN,
    Bytes,
    before,
    behind,
    cut,
    cut_in_a_letter,
    cut_in_a_quote,
    replaced,
)


def cases() -> Iterator[Case]:
    yield from _bytes()
    yield from _texts()
    yield from _pages()
    yield from entry_cases()
    yield from _whole_resources()
    yield from places(FORM, file_of(ABSENCE), alone=False)
    kept = ("not JSON", "nested", "end of time", "identity number", "surrogate")
    yield from (case for case in manifests(FORM) if any(word in case.mutation for word in kept))


def _bytes() -> Iterator[Case]:
    for mutation, change in FOREIGN.items():
        ends = NOT_CLEAN if mutation == "NUL byte in the middle" else REFUSED
        yield spoiled_bytes(ABSENCE, mutation, change, ends)
    for mutation, change in ENCODINGS.items():
        ends = {"byte-order mark": ANYTHING, "encoded twice": READ, "byte-order mark in the middle": READ}
        yield spoiled_bytes("fag", mutation, change, ends.get(mutation, NOT_CLEAN), anything)
    for share in (0.05, 0.3, 0.55, 0.8):
        yield spoiled_bytes(ABSENCE, f"cut at {share:.0%}", cut(share), REFUSED)
    yield spoiled_bytes("undervisningsgruppe", "cut inside a letter", cut_in_a_letter, REFUSED)
    yield spoiled_bytes(ABSENCE, "cut inside quotes", cut_in_a_quote, REFUSED)
    yield spoiled_bytes(ABSENCE, "last brace missing", lambda content: content[:-1], REFUSED)


def _texts() -> Iterator[Case]:
    """JSON that is none, or none that anyone meant."""
    spoiled: dict[str, tuple[Bytes, frozenset[Outcome]]] = {
        "CSV in its place": (lambda content: b"systemId;navn\n1;x\n", REFUSED),
        "brace too many": (behind(b"}"), REFUSED),
        "page twice": (lambda content: content + content, REFUSED),
        "text behind the page": (behind(b"\nferdig"), REFUSED),
        "comma behind the last entry": (replaced(b'"}]}}]}', b'"}]}},]}'), ANYTHING),
        "single quotes": (replaced(b'"', b"'"), REFUSED),
        "comment before the page": (before(b"// uttrekk\n"), REFUSED),
        "lines of entries": (lambda content: content.replace(b'}, {"systemId"', b'}\n{"systemId"'), REFUSED),
        "raw line break in a text": (replaced(b"Forsov", b"For\nsov", 1), ANYTHING),
        "escape that is none": (replaced(b"Forsov", b"For\\qsov", 1), ANYTHING),
        "truth in capitals": (replaced(b"true", b"True", 1), ANYTHING),
        "only blanks around": (lambda content: b" \n\t" * 100 + content + b"\n" * 100, LANDED),
    }
    for mutation, (change, ends) in spoiled.items():
        yield spoiled_bytes(ABSENCE, mutation, change, ends)


def _pages() -> Iterator[Case]:
    def entries(value: Any) -> Callable[[Any], Any]:
        return lambda page: {**page, "_embedded": {"_entries": value}}

    def total(value: Any) -> Callable[[Any], Any]:
        return lambda page: {**page, "total_items": value}

    for shown, value in (
        *(("null", None), ("an object", {}), ("a text", "[]"), ("a number", 7), ("true", True)),
    ):
        yield page_of(f"entries are {shown}", entries(value), REFUSED)
        yield page_of(f"page is {shown}", lambda page, value=value: value, REFUSED)  # type: ignore[misc]
    yield page_of("page is a list", lambda page: page["_embedded"]["_entries"], REFUSED)
    yield page_of("embedded is null", lambda page: {**page, "_embedded": None}, REFUSED)
    yield page_of("embedded is missing", lambda page: {"total_items": 6}, REFUSED)
    yield page_of("entries are missing", lambda page: {**page, "_embedded": {}}, REFUSED)
    yield page_of(
        "an error in place of the page", lambda page: {"status": 500, "message": f"{NAME} {NUMBER}"}, REFUSED
    )
    yield page_of(
        "no entries, as it says", lambda page: {"_embedded": {"_entries": []}, "total_items": 0}, READ
    )
    yield page_of("total says one more", total(7), REFUSED)
    yield page_of("total says fewer", total(2), READ, nothing)
    for shown, value in (
        ("below zero", -1),
        ("a text", "seks"),
        ("a fraction", 6.5),
        ("null", None),
        ("huge", 10**30),
    ):
        yield page_of(f"total is {shown}", total(value), ANYTHING)
    for shown, value in (("null", None), ("a number", 7), ("a text", "x"), ("a list", []), ("empty", {})):
        yield page_of(
            f"one entry is {shown}", _with_entry(value), NOT_CLEAN, rows(file_of(ABSENCE), [SPOILED])
        )
    yield spoiled_bytes(
        ABSENCE,
        "entries named twice",
        replaced(b'"total_items"', b'"_embedded": {"_entries": []}, "total_items"'),
        ANYTHING,
    )
    yield spoiled_bytes(
        ABSENCE,
        "nested 100,000 deep beside the entries",
        replaced(b'"total_items"', b'"x": ' + b"[" * 100_000 + b"]" * 100_000 + b', "total_items"'),
        ANYTHING,
    )
    yield spoiled_bytes(
        ABSENCE,
        "nested 100,000 deep inside an entry",
        replaced(b'"kommentar": "', b'"x": ' + b"[" * 100_000 + b"]" * 100_000 + b', "kommentar": "', 1),
        ANYTHING,
    )
    yield spoiled_bytes(ABSENCE, "nothing but opening brackets", lambda content: b"[" * 200_000, REFUSED)
    yield spoiled_bytes(
        ABSENCE,
        "number of 5,000 digits beside the entries",
        replaced(b'"total_items"', b'"x": ' + b"9" * 5000 + b', "total_items"'),
        ANYTHING,
    )
    yield page_of("unknown fields everywhere", _with_unknown, LANDED, nothing)


def _with_entry(value: Any) -> Callable[[Any], Any]:
    def change(page: Any) -> Any:
        page["_embedded"]["_entries"][SPOILED - 1] = value
        return page

    return change


def _with_unknown(page: Any) -> Any:
    for one in page["_embedded"]["_entries"]:
        one |= {"nytt": {"a": [1, None, {"b": "c"}]}, "æøå": "ny"}
    return {**page, "_links": {"self": [{"href": "x"}]}, "ny": None}


def _whole_resources() -> Iterator[Case]:
    def removed(resource: str) -> Callable[[Path], object]:
        return lambda folder: (folder / file_of(resource)).unlink()

    for resource in (
        "skole",
        "elev",
        "elevforhold",
        "undervisningsgruppe",
        "fag",
        "fravarstype",
        "elevfravar",
        "skolear",
        "person",
    ):
        yield Case(FORM, f"{resource} left out", removed(resource), ANYTHING, anything)
    yield Case(
        FORM,
        "the same page twice",
        lambda folder: shutil.copy(
            folder / file_of(ABSENCE), folder / file_of(ABSENCE).replace(".json", "-2.json")
        ),
        READ,
        nothing,
        None,
    )
    yield Case(
        FORM,
        "a resource nobody knows",
        lambda folder: (folder / "romskip.json").write_text('{"_embedded": {"_entries": [{}]}}'),
        READ,
        nothing,
        None,
    )
    yield Case(FORM, "two resources exchanged", _exchanged, ANYTHING, anything, None)
    yield Case(FORM, "no dump at all", _emptied, REFUSED, anything, None)
    yield Case(
        FORM,
        "a file in place of the folder",
        lambda folder: None,
        REFUSED,
        anything,
        file_of(ABSENCE),
        file_of(ABSENCE),
    )
    yield Case(
        FORM,
        "file named by an identity number",
        lambda folder: (folder / file_of(ABSENCE)).rename(folder / f"fravarsregistrering-{NUMBER}.json"),
        ANYTHING,
        anything,
        None,
    )
    yield Case(
        FORM,
        "file name with terminal codes",
        lambda folder: (folder / file_of(ABSENCE)).rename(folder / "\x1b[31m\u202e.json"),
        ANYTHING,
        anything,
        None,
    )


def _exchanged(folder: Path) -> None:
    one, other = folder / file_of("elev"), folder / file_of(LESSON)
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def _emptied(folder: Path) -> None:
    for file in folder.rglob("*.json"):
        if file.name != "delivery.json":
            file.unlink()
