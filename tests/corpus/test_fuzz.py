"""Chance finds what nobody thought of: bytes and values at random, in every format."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.corpus import fint, landing, oneroster, parquet, reports, sheets, workbooks
from tests.corpus.case import ANYTHING, STOPPED, Case, Form, anything, rows
from tests.corpus.conftest import Judge
from tests.corpus.good_fint import county, file_of
from tests.corpus.textual import TextFile

Edit = tuple[str, float, bytes]
FRUGAL = settings(
    max_examples=int(os.environ.get("TIMERETT_FUZZ_EXAMPLES", "5")),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# Signs that mean something to some reader.
SIGNS = st.sampled_from(
    [b'"', b"'", b";", b",", b"\n", b"\r", b"\x00", b"\xff", b"{", b"]", b"\\", b"\x1a", b"="]
)
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["flip", "insert", "delete", "double"]),
        st.floats(0, 1, exclude_max=True),
        st.one_of(SIGNS, st.binary(min_size=1, max_size=8)),
    ),
    min_size=1,
    max_size=4,
)
FILES: list[tuple[Form, str]] = [
    (landing.CSV, "absence.csv"),
    (parquet.PARQUET, "absence.parquet"),
    (fint.FORM, file_of("fravarsregistrering")),
    (reports.CSV["fravaer"], "fravaer.csv"),
    (workbooks.EXCEL["vedtak"], "vedtak.xlsx"),
    (oneroster.ZIP, "pakke.zip"),
    (oneroster.FOLDER, "users.csv"),
    (sheets.ANSWERS, "Timer.csv"),
    (sheets.BOOK, "skjema.xlsx"),
]
VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.integers(-(2**70), 2**70),
        st.floats(),
        st.text(max_size=12),
        st.sampled_from(["2026-02-30", "99999-12-31T00:00:00Z", "\ud800", "${x}/systemid/", "", "NaN"]),
    ),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3)
    ),
    max_leaves=5,
)
CELLS = st.one_of(
    st.text(max_size=20),
    st.integers(-(2**70), 2**70).map(str),
    st.floats().map(str),
    st.dates().map(str),
    st.datetimes().map(str),
    st.sampled_from(["=1+1", "#REF!", "1,5", "1.234,5", "24:00", "\u202e", "a\tb", '"', "X", "§", "ja"]),
)


def _edited(content: bytes, edits: list[Edit]) -> bytes:
    for kind, share, new in edits:
        place = int(share * max(len(content), 1))
        before, behind = content[:place], content[place:]
        if kind == "flip" and behind:
            content = before + bytes([behind[0] ^ (new[0] or 1)]) + behind[1:]
        elif kind == "insert":
            content = before + new + behind
        elif kind == "delete":
            content = before + behind[len(new) * 3 :]
        else:
            content = before + before[-200:] + behind
    return content


def _spoiled(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(change((folder / name).read_bytes()))


@pytest.mark.parametrize(("form", "name"), FILES, ids=[form.name for form, _ in FILES])
@FRUGAL
@given(edits=EDITS)
def test_bytes_at_random(judge: Judge, form: Form, name: str, edits: list[Edit]) -> None:
    spoil = _spoiled(name, lambda content: _edited(content, edits))
    case = Case(form, "bytes", spoil, ANYTHING | STOPPED, anything, partly=True)
    result = judge(case)
    assert not _but_naming(result.faults), result.said


@settings(FRUGAL, max_examples=2 * FRUGAL.max_examples)
@given(data=st.data())
def test_json_values_at_random(judge: Judge, data: st.DataObject) -> None:
    resource = data.draw(st.sampled_from(sorted(county())))

    def change(content: bytes) -> bytes:
        page = json.loads(content)
        at: Any = page["_embedded"]["_entries"]
        for _ in range(data.draw(st.integers(1, 4))):
            keys = list(at) if isinstance(at, dict) else list(range(len(at)))
            key = data.draw(st.sampled_from(keys))
            if not isinstance(at[key], dict | list) or not at[key]:
                break
            parent, at = at, at[key]
            last = (parent, key)
        else:
            parent, key = last
            parent[key] = data.draw(VALUES)
            return json.dumps(page).encode()
        at[key] = data.draw(VALUES)
        return json.dumps(page).encode()

    name = file_of(resource)
    case = Case(fint.FORM, "values", _spoiled(name, change), ANYTHING | STOPPED, anything)
    result = judge(case)
    assert not _but_naming(result.faults), result.said


@pytest.mark.parametrize(
    "file",
    [
        TextFile(landing.CSV, "absence.csv", ",", alone=True),
        TextFile(reports.CSV["timeregister"], "timeregister.csv", ";"),
        TextFile(sheets.TEXT, "Tidsmålinger.csv", ";"),
    ],
    ids=lambda file: file.form.name,
)
@FRUGAL
@given(data=st.data())
def test_cells_at_random(judge: Judge, file: TextFile, data: st.DataObject) -> None:
    """The row may be lost; its neighbours may not."""

    def change(content: bytes) -> bytes:
        lines = file.parsed(content)
        place = data.draw(st.integers(0, len(lines[0]) - 1))
        text = data.draw(CELLS)
        lines[3][place] = text
        return (
            "\n".join(file.separator.join(_quoted(cell) for cell in line) for line in lines).encode(
                errors="replace"
            )
            + b"\n"
        )

    case = Case(
        file.form,
        "cells",
        _spoiled(file.name, change),
        ANYTHING | STOPPED,
        rows(file.name, [4, 5]),
        file.name,
    )
    result = judge(case)
    assert not _but_naming(result.faults), result.said


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def _but_naming(faults: list[str]) -> list[str]:
    """Where chance struck decides which file a message must name."""
    return [fault for fault in faults if not fault.startswith("message does not name")]
