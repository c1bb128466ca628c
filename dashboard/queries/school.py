"""One school: its weeks, its groups, and, for the principal, its students."""

from collections.abc import Sequence

from dashboard.access.measures import Measures
from dashboard.access.scope import Reader, Row
from dashboard.access.suppression import Hidden
from dashboard.queries.common import NEEDING, by_school, minutes

AT_SCHOOL = "school_year = $year and school_id = $school"


def weeks(reader: Reader, year: str, school: str) -> list[Row]:
    """Lesson minutes lost for each subject and week up to the as-of date."""
    return reader.lessons(
        "school_subject_week",
        {
            "subject_name": "any_value(subject_name)",
            "scheduled": "sum(scheduled_minutes)::bigint",
            "lost": "sum(lost_minutes)::bigint",
        },
        group=["subject_code", "week_start", "iso_week"],
        where=f"{AT_SCHOOL} and week_start <= (select max(as_of_date) from marts.publication)",
        order="subject_code, week_start",
        year=year,
        school=school,
    )


def days(reader: Reader, year: str, school: str) -> list[Row]:
    """Lesson minutes scheduled and lost, day by day up to the as-of date."""
    return reader.lessons(
        "school_day_loss",
        {
            "day_kind": "day_kind",
            "scheduled": "scheduled_minutes",
            "lost": "lost_minutes",
            "made_up": "made_up_minutes",
        },
        group=["lesson_date"],
        grouped=False,
        where=AT_SCHOOL,
        order="lesson_date",
        year=year,
        school=school,
    )


def of_subject(rows: Sequence[Row], subject: str | None) -> list[Row]:
    """Those of one subject, where one is chosen; what is hidden follows from all of them together."""
    return [row for row in rows if subject in (None, row["subject_code"])]


def groups(reader: Reader, year: str, school: str) -> list[Row]:
    """Each group's plan and forecast, those that fall furthest short first."""
    return reader.aggregate(
        "group_forecast",
        Measures(
            students="any_value(members)",
            facts={
                "group_name": "any_value(group_name)",
                "subject_name": "any_value(subject_name)",
                "required": "any_value(required_minutes)",
                "scheduled": "any_value(scheduled_minutes)",
                "cancelled": "any_value(cancelled_minutes)",
                "made_up": "any_value(made_up_minutes)",
                "remaining": "any_value(remaining_minutes)",
                "projected": "any_value(projected_minutes)",
                "gap": "any_value(projected_minutes) - any_value(required_minutes)",
                "loss_rate": "any_value(loss_rate)",
                "weekly_planned": "any_value(weekly_minutes_planned)",
                "weekly_needed": "any_value(weekly_minutes_needed)",
                "status": "any_value(status)",
            },
        ),
        group=["group_id", "subject_code"],
        where=AT_SCHOOL,
        order="gap, group_id",
        adds_up_within=["subject_code"],
        year=year,
        school=school,
    )


def subjects(reader: Reader, year: str, school: str) -> list[Row]:
    """Students with something to be done in each subject, most first.

    What is hidden of the whole school its subjects do not show either: they would add up.
    """
    rows = reader.aggregate(
        "school_subject_coverage",
        Measures(
            parts={"students_needing": NEEDING, "students_others": f"sum(students)::bigint - {NEEDING}"},
            sums=minutes("missing", of=("students", "students_needing")),
            ratios={"share_needing": ("students_needing", "students")},
        ),
        group=["subject_code", "subject_name"],
        where=AT_SCHOOL,
        order="subject_code",
        largest=["students_needing", "missing"],
        sums_add_up=True,
        year=year,
        school=school,
    )
    whole = next(row for row in by_school(reader, year) if row["school_id"] == school) if rows else {}
    hidden = {
        name: whole[name] for name in ("students_needing", "missing") if isinstance(whole.get(name), Hidden)
    }
    for row in rows:
        row.update({name: sign for name, sign in hidden.items() if row[name] != 0})
        if hidden and row["students_needing"] != 0:
            row.update(dict.fromkeys(("students_others", "share_needing"), next(iter(hidden.values()))))
    return rows


def students_needing(
    reader: Reader, year: str, school: str, subject: str | None, limit: int, *, status: str | None = None
) -> list[Row]:
    """Each student and subject where hours or a group are missing, largest shortfall first.

    Of a `status`: the students whose worst one it is, in the subjects it holds for.
    """
    return reader.students(
        """school_id, student_key, subject_code, programme_area_code, level, status,
           required_minutes as required,
           offered_minutes as offered, remaining_minutes as remaining, missing_minutes as missing,
           subject_name, group_ids as groups, loss_rate,
           count(*) over () as found, count(distinct student_key) over () as students""",
        "student_subject_coverage",
        where=f"""{AT_SCHOOL} and ($subject is null or subject_code = $subject)
            and if($status is null, status in ('not_assigned', 'short', 'at_risk'), status = $status
                and student_key in (select student_key from marts.student_coverage as worst
                    where worst.school_year = $year and worst.school_id = $school
                      and worst.status = $status))""",
        order=f"status <> 'not_assigned', missing desc, student_key, subject_code limit {int(limit)}",
        with_detail=True,
        year=year,
        school=school,
        subject=subject,
        status=status,
    )
