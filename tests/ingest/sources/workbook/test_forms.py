"""The forms ask for what the contract holds, in words a spreadsheet can carry."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from ingest.contract import TABLES, benefits, rollout
from ingest.sources.workbook.forms import Form, code_lists, confirmation_forms, forms, work_processes
from ingest.sources.workbook.words import plain
from tests.ingest.sources.workbook.filled import FIRST, Book, read, rows, write_empty

ASKED = {
    table for table, schema in TABLES.items() if schema.__module__ in (benefits.__name__, rollout.__name__)
}


def test_every_benefit_and_rollout_table_has_a_form_with_every_column() -> None:
    assert {form.table for form in forms()} == ASKED
    for form in forms():
        assert {column.name for column in form.columns} == set(TABLES[form.table].columns())


@pytest.mark.parametrize("form", [*forms(), *confirmation_forms()], ids=lambda form: form.title)
def test_words_fit_a_spreadsheet_and_are_told_apart(form: Form) -> None:
    assert len(form.title) <= 31
    spoken = [plain(text) for column in form.columns for text in {column.heading, column.name, *column.also}]
    assert len(spoken) == len(set(spoken))
    for column in form.columns:
        assert len(column.heading) <= 32
        assert 0 < len(column.help) <= 255


def test_closed_lists_are_the_contracts() -> None:
    for form in forms():
        for column in form.columns:
            if column.kind == "code":
                codes = TABLES[form.table].columns()[column.name].dtype.categories.to_list()  # type: ignore[attr-defined]
                assert list(code_lists()[column.codes or ""].words) == codes


def test_no_word_means_two_codes() -> None:
    for name, codes in code_lists().items():
        words = [plain(word) for code, known in codes.words.items() for word in {code, *known}]
        repeated = {word for word in words if words.count(word) > 1}
        meanings = {
            word: {code for code, known in codes.words.items() if word in map(plain, [code, *known])}
            for word in repeated
        }
        assert all(len(found) == 1 for found in meanings.values()), (name, meanings)


def test_the_register_that_is_filled_in_beforehand_lands_as_it_is(tmp_path: Path) -> None:
    book = Book(tmp_path)
    (delivery,), problem = read(_untouched(book))
    assert not problem and not delivery.rejections and not delivery.remarks
    landed = {row["process_code"]: row for row in rows(delivery, "work_process")}
    for seed in work_processes():
        assert landed[seed.process_code]["role"] == seed.role
        assert landed[seed.process_code]["volume_source"] == seed.volume_source
        assert landed[seed.process_code]["change_kind"] == seed.change_kind


def _untouched(book: Book) -> Path:
    return book.file


def test_headings_are_locked_cells_are_free_and_lists_are_offered(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(Book(tmp_path).file)
    assert book.sheetnames[0] == "Les meg først"
    assert book["Lister"].sheet_state == "hidden"
    for form in forms():
        sheet = book[form.title]
        assert sheet.protection.sheet
        assert sheet.cell(FIRST - 1, 1).protection.locked
        assert not sheet.column_dimensions["A"].protection.locked
        assert sheet.freeze_panes == f"B{FIRST}"
        assert sheet.print_title_rows
        asked = {validation.promptTitle: validation for validation in sheet.data_validations.dataValidation}
        for column in form.columns:
            validation = asked[column.heading]
            assert validation.prompt == column.help
            if column.kind in ("code", "words", "school", "process", "milestone", "truth"):
                assert validation.type == "list"


def test_the_same_county_gives_the_same_bytes(tmp_path: Path) -> None:
    assert write_empty(tmp_path / "a.xlsx") == write_empty(tmp_path / "b.xlsx")


def test_every_part_is_well_formed(tmp_path: Path) -> None:
    with zipfile.ZipFile(Book(tmp_path).file) as archive:
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))  # noqa: S314 - our own file
