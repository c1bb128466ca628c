"""Words for what counties register in lists of their own, and the way to what a row is about."""

from dashboard.access.scope import Row
from dashboard.components.table import Column
from dashboard.text import Text
from dashboard.view import View


def worded(text: Text, kind: str, code: str | None) -> str:
    """The page's word for a registered code; a code without one stands as it was written."""
    key = f"{kind}.{code}"
    return text(key) if text.has(key) else str(code or "")


def to_student(view: View, row: Row, **address: str) -> str:
    """The address of a student's subject, with its lessons, absences and grounds unfolded."""
    path, subject = f"/school/{row['school_id']}/student/{row['student_key']}", row["subject_code"]
    return f"{view.href(path, open=subject, **address)}#subject-{subject}"


def student_column(view: View, **address: str) -> Column:
    """A student's name, leading to the row's subject."""
    return Column("name", view.text("column.student"), href=lambda row: to_student(view, row, **address))


def school_column(view: View) -> Column:
    """A school's name, leading to the school."""
    return Column(
        "name", view.text("column.school"), href=lambda row: view.href(f"/school/{row['school_id']}")
    )
