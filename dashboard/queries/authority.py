"""What an answer to the supervisory authority rests on besides the figures of the pages."""

from dashboard.access.scope import Reader, Row
from dashboard.queries import changes


def sources(reader: Reader, year: str) -> dict[str, int]:
    """Subjects whose hours come from the national curriculum rows, and from the county's own."""
    rows = reader.reference("curriculum_rule_used", where="school_year = $year", year=year)
    local = {row["subject_code"] for row in rows if row["curriculum_source"] != "shipped"}
    return {"shipped": len({row["subject_code"] for row in rows} - local), "local": len(local)}


def closed(reader: Reader, year: str) -> Row | None:
    """The note of the year, if it is closed."""
    return next((row for row in changes.closed(reader) if row["school_year"] == year), None)
