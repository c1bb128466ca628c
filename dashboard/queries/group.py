"""One group: its lessons week by week, and, for those who may see them, its students."""

from dashboard.access.scope import Reader, Row

OF_GROUP = "school_year = $year and school_id = $school and group_id = $chosen"


def weeks(reader: Reader, year: str, school: str, group: str) -> list[Row]:
    """What became of the group's lessons, week by week up to the as-of date."""
    return reader.lessons(
        "group_week",
        {
            "scheduled": "scheduled_minutes",
            "held": "held_minutes",
            "lost": "cancelled_minutes",
            "made_up": "made_up_minutes",
            "substitute": "substitute_minutes",
            "assumed": "assumed_minutes",
        },
        group=["week_start", "iso_week"],
        grouped=False,
        where=f"{OF_GROUP} and week_start <= (select max(as_of_date) from marts.publication)",
        order="week_start",
        year=year,
        school=school,
        chosen=group,
    )


def students(reader: Reader, year: str, school: str, group: str) -> list[Row]:
    """The group's students in the subjects they have in it, those who lack most first."""
    return reader.students(
        """school_id, student_key, subject_code, status, required_minutes as required,
           offered_minutes as offered,
           missing_minutes as missing,
           (select name from marts.subject where subject.subject_code = rows.subject_code) as subject_name,
           count(distinct student_key) over () as students,
           count(distinct student_key) filter (status in ('not_assigned', 'short', 'at_risk')) over ()
             as needing""",
        "student_subject_coverage",
        where="""school_year = $year and school_id = $school and (student_key, subject_code) in (
            select (student_key, subject_code) from marts.student_subject_detail
            where school_year = $year and school_id = $school
              and list_contains(string_split(group_ids, '|'), $group))""",
        order="status in ('not_assigned', 'short', 'at_risk') desc, missing desc, student_key, subject_code",
        year=year,
        school=school,
        group=group,
    )
