"""Every row that was read is accounted for."""

from __future__ import annotations

from tests.demo.county import DemoCounty

# An entry states the half-year and the year, each a row.
ROWS_OF_ENTRY = {"utdanning.vurdering/fravarsoversikt.json": 2}


def test_read_is_landed_unchanged_superseded_and_quarantined(demo_county: DemoCounty) -> None:
    wrong = demo_county.rows(
        "SELECT batch_id, source_file, table_name FROM marts.batch_file WHERE rows_read "
        "<> rows_landed + rows_unchanged + rows_superseded + rows_quarantined"
    )
    assert wrong == []
    assert demo_county.values("SELECT sum(rows_read) > 0 FROM marts.batch_file") == [True]


def test_every_row_of_every_file_was_read(demo_county: DemoCounty) -> None:
    """For the table a file is mainly about; others take several rows, or none, of one row."""
    read = demo_county.rows(
        "SELECT strftime(extracted_at AT TIME ZONE 'Europe/Oslo', '%Y-%m-%d'), source_file, "
        "list(rows_read ORDER BY table_name) FROM marts.batch_file JOIN marts.batch USING (batch_id) "
        # The truth counts what the administration system delivers; sheets have tests of their own.
        "WHERE source LIKE 'fint%' OR source LIKE 'report%' GROUP BY ALL"
    )
    missed = []
    for day, file, counts in read:
        (delivery,) = [entry for entry in demo_county.truth["deliveries"] if entry["folder"].endswith(day)]
        rows = delivery["rows"][file] * ROWS_OF_ENTRY.get(file, 1)
        if rows not in counts:
            missed.append((day, file, rows, counts))
    assert missed == []


def test_quarantine_holds_as_many_rows_as_were_counted(demo_county: DemoCounty) -> None:
    differing = demo_county.rows(
        "SELECT batch_id, source_file, table_name, rows_quarantined, "
        "count(DISTINCT (held.source_row, held.payload)) "
        "FROM marts.batch_file AS file JOIN warehouse.landing.quarantine AS held "
        "USING (batch_id, source_file, table_name) GROUP BY ALL "
        "HAVING rows_quarantined <> count(DISTINCT (held.source_row, held.payload))"
    )
    assert differing == []


def test_what_landed_is_there(demo_county: DemoCounty) -> None:
    """The newest rows of every file are in the table they were counted for."""
    tables = demo_county.values("SELECT DISTINCT table_name FROM marts.batch_file ORDER BY 1")
    for table in tables:
        found = demo_county.rows(
            "SELECT batch_id, rows_landed, count(landed.batch_id) FROM marts.batch_file AS file "
            f'LEFT JOIN warehouse.landing."{table}" AS landed USING (batch_id, source_file) '
            "WHERE table_name = ? GROUP BY ALL HAVING count(landed.batch_id) > rows_landed",
            table,
        )
        assert found == [], table
