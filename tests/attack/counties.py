"""Three invented counties of uneven size in one publication, with an earlier edition a few students apart."""

from pathlib import Path

import duckdb

from tests.dashboard import benefits, changes, evidence, fixture, project

EARLIER = "2026-02-16"
KEPT_HISTORY = "2026-01-26"
COUNTIES = {
    "99": [
        *[("99001", 312), ("99002", 188), ("99003", 47), ("99004", 96)],
        *[("99005", 75), ("99006", 213), ("99007", 152), ("99008", 8)],
    ],
    "98": [("98001", 301), ("98002", 74), ("98003", 140), ("98004", 33)],
    "97": [("97001", 260), ("97002", 57)],
}
GONE = {"99002": 3, "98004": 1, "97002": 2, "99006": 11}
"""Students who were not there yet on the earlier date."""


def build(folder: Path) -> Path:
    """The folder of publications: an earlier edition and the newest, which the link leads to."""
    folder.mkdir(parents=True)
    newest = _publication(folder / "serving-000002.duckdb", {})
    earlier = _publication(folder / "serving-000001.duckdb", GONE)
    with duckdb.connect(str(earlier)) as db:
        for table in ("publication", "school_coverage"):
            db.execute(f"update marts.{table} set as_of_date = date '{EARLIER}'")
        db.execute("delete from marts.coverage_history")
        db.execute(f"attach '{newest}' as newest (read_only)")
        db.execute(f"""insert into marts.coverage_history
            from newest.marts.coverage_history where as_of_date < date '{EARLIER}'""")
        db.execute(f"delete from marts.change_since where from_date >= date '{EARLIER}'")
        db.execute(f"delete from marts.coverage_change where from_date >= date '{EARLIER}'")
    _remember(earlier, [earlier, newest])
    (folder / "current.duckdb").symlink_to(newest.name)
    return folder


def _publication(path: Path, gone: dict[str, int]) -> Path:
    parts = {}
    shipped = fixture.SCHOOLS
    try:
        for number, schools in COUNTIES.items():
            shape = {row[0][2:]: row for row in shipped}
            fixture.SCHOOLS = [
                (
                    school,
                    f"{shape[school[2:]][1]} {number}",
                    size - gone.get(school, 0),
                    *shape[school[2:]][3:],
                )
                for school, size in schools
            ]
            parts[number] = _county(path.with_name(f"{path.stem}-{number}.duckdb"), number)
    finally:
        fixture.SCHOOLS = shipped
    parts.pop("99").rename(path)
    with duckdb.connect(str(path)) as db:
        for number, part in parts.items():
            _add(db, number, part)
            part.unlink()
        db.execute("""insert into marts.county values
            ('95', 'Gamle fylke', date '1990-01-01', date '2019-12-31', '98')""")
        db.execute(f"delete from marts.coverage_history where as_of_date < date '{KEPT_HISTORY}'")
    return path


def _county(path: Path, number: str) -> Path:
    with duckdb.connect(str(path)) as db:
        for part in (fixture._reference, fixture._students, fixture._aggregates, fixture._history):
            part(db)
        fixture._groups(db)
        evidence.add(db)
        project.add(db)
        if number == "99":
            benefits.add(db)
        changes.add(db)
        for helper in ("member", "grp", "week", "shape", "hours"):
            db.execute(f"drop table {helper}")
    return path


def _add(db: duckdb.DuckDBPyConnection, number: str, part: Path) -> None:
    """The other county's rows; what its schools have no part in is there already."""
    db.execute(f"attach '{part}' as part (read_only)")
    tables = db.execute("""
        select table_name, list(column_name) from duckdb_columns()
        where database_name = 'part' and schema_name = 'marts' group by table_name order by table_name
    """).fetchall()
    for table, columns in tables:
        if "county_number" in columns:
            db.execute(
                f"insert into marts.{table} by name"
                f" select * replace ('{number}' as county_number) from part.marts.{table}"
            )
        elif "school_id" in columns:
            db.execute(f"insert into marts.{table} by name from part.marts.{table}")
    db.execute("detach part")


def _remember(earlier: Path, files: list[Path]) -> None:
    """What was published then is what the history says was known then."""
    for file in files:
        with duckdb.connect(str(file)) as db:
            source = "marts.school_coverage"
            if file != earlier:
                db.execute(f"attach '{earlier}' as earlier (read_only)")
                source = "earlier.marts.school_coverage"
            columns = [name for (name, *_) in db.execute("describe marts.coverage_history").fetchall()]
            known = [name for (name, *_) in db.execute(f"describe {source}").fetchall()]
            shared = ", ".join(name for name in columns if name in known)
            told = "'known_then' as basis, 'earlier' as build_id, as_of_date + interval 1 day as built_at"
            db.execute(f"delete from marts.coverage_history where as_of_date = date '{EARLIER}'")
            db.execute(f"insert into marts.coverage_history by name select {told}, {shared} from {source}")
