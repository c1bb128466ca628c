"""What a scenario needs, beside the marts: each school's rows of the running year, and the models' SQL.

Every row stands with the school it is laid out for, sorted by it, so that reading one school touches little.
It is part of the published file: it is swapped with the marts, and forgotten and erased with them.
"""

from __future__ import annotations

import duckdb
import polars as pl

from ingest.bridge import store
from scenario.chain import Model

SCHEMA = "scenario"
OF_STUDENT = ("absence_registration", "entitled_enrolment")
OF_ENROLMENT = ("stg_group_membership", "stg_subject_enrolment", "stg_exam_period")
OF_GROUP = ("stg_teaching_group", "stg_teaching_group_subject")
OF_YEAR = ("curriculum_match", "slot_demand", "slot_listing", "slot_room", "school_freshness")

# Students with a school's rows; the groups of the school and of its students; who is taught with them.
_WHOSE = """
CREATE TEMP TABLE running AS
SELECT DISTINCT school_year
FROM warehouse.staging.stg_teaching_group
JOIN warehouse.coverage.constellation_group USING (group_id)
WHERE last_date > (SELECT max(as_of_date) FROM warehouse.marts.student_subject_coverage);

CREATE TEMP TABLE of_student AS
SELECT school_id AS for_school, student_no, student_key, school_year
FROM warehouse.coverage.student_year
WHERE school_year IN (FROM running) AND school_id IS NOT NULL;

CREATE TEMP TABLE of_enrolment AS
SELECT for_school, enrolment_id
FROM warehouse.coverage.entitled_enrolment JOIN of_student USING (student_no);

CREATE TEMP TABLE of_group AS
SELECT school_id AS for_school, group_id
FROM warehouse.staging.stg_teaching_group WHERE school_year IN (FROM running)
UNION
SELECT for_school, group_id FROM warehouse.coverage.membership_span JOIN of_student USING (student_no);

CREATE TEMP TABLE of_constellation AS
SELECT DISTINCT for_school, constellation_no
FROM warehouse.coverage.constellation_group JOIN of_group USING (group_id);
"""


def lay_out(connection: duckdb.DuckDBPyConnection, models: list[Model]) -> None:
    """Fill the schema in a new file that has the warehouse attached; nothing where there are no models."""
    if not models:
        return
    connection.execute(f"CREATE SCHEMA {SCHEMA}")
    connection.execute(_WHOSE)
    rows = [(place, m.schema, m.name, m.is_view, m.sql) for place, m in enumerate(models)]
    names = ["place", "schema_name", "name", "is_view", "sql"]
    store(connection, "listed_model", pl.DataFrame(rows, schema=names, orient="row"))
    connection.execute(f"CREATE TABLE {SCHEMA}.model AS FROM listed_model")
    for name, query in _queries().items():
        connection.execute(f"CREATE TABLE {SCHEMA}.{name} AS {query} ORDER BY for_school")
    for temporary in (
        "listed_model",
        "running",
        "of_student",
        "of_enrolment",
        "of_group",
        "of_constellation",
    ):
        connection.execute(f"DROP TABLE {temporary}")


def _queries() -> dict[str, str]:
    coverage, staging = "warehouse.coverage", "warehouse.staging"
    queries = {
        name: f"SELECT for_school, r.* FROM {coverage}.{name} AS r JOIN of_student USING (student_no)"
        for name in OF_STUDENT
    }
    queries |= {
        name: f"SELECT for_school, r.* EXCLUDE (batch_id) FROM {staging}.{name} AS r "
        "JOIN of_enrolment USING (enrolment_id)"
        for name in OF_ENROLMENT
    }
    queries |= {
        name: f"SELECT for_school, r.* EXCLUDE (batch_id) FROM {staging}.{name} AS r "
        "JOIN of_group USING (group_id)"
        for name in OF_GROUP
    }
    queries |= {
        name: f"SELECT NULL::VARCHAR AS for_school, r.* FROM {coverage}.{name} AS r "
        "WHERE school_year IN (FROM running)"
        for name in OF_YEAR
    }
    queries["school_now"] = f"SELECT NULL::VARCHAR AS for_school, r.* FROM {coverage}.school_now AS r"
    queries["decision_in_force"] = (
        f"SELECT for_school, r.* FROM {coverage}.decision_in_force AS r "
        "JOIN of_student USING (school_year, student_key)"
    )
    queries["group_subject_rate"] = (
        f"SELECT for_school, r.* FROM {coverage}.group_subject_rate AS r JOIN of_group USING (group_id) "
        "WHERE cutoff_date = (SELECT max(as_of_date) FROM warehouse.marts.student_subject_coverage)"
    )
    queries["constellation"] = (
        f"SELECT for_school, constellation_no, group_id FROM {coverage}.constellation_group "
        "JOIN of_constellation USING (constellation_no)"
    )
    queries["lesson"] = (
        "SELECT for_school, constellation_no, lesson_id, r.school_id, starts_at, ends_at, status, cover, "
        f"replaces_lesson_id, subject_code, cause FROM {coverage}.lesson_fact AS r "
        "JOIN of_constellation USING (constellation_no)"
    )
    queries["lesson_share"] = (
        f"SELECT for_school, lesson_id, s.subject_code, s.minutes FROM {staging}.stg_lesson_subject AS s "
        f"JOIN {coverage}.lesson_fact USING (lesson_id) JOIN of_constellation USING (constellation_no)"
    )
    # Who leads what, by numbers of this publication alone, and only where somebody can still fall away.
    queries["lesson_leader"] = (
        "SELECT for_school, lesson_id, leader_no "
        f"FROM {staging}.stg_lesson_teacher AS t "
        f"JOIN {coverage}.lesson_fact AS r USING (lesson_id) JOIN of_constellation USING (constellation_no) "
        "JOIN (SELECT teacher_key, row_number() OVER (ORDER BY md5(teacher_key)) AS leader_no "
        f"FROM (SELECT DISTINCT teacher_key FROM {staging}.stg_lesson_teacher)) USING (teacher_key) "
        "WHERE r.is_ahead"
    )
    return queries
