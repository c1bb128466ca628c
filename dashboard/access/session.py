"""From a request to a viewer.

Sign-in is not configured, so the only way in is the trial: a caller on this machine's loopback address and a
publication of synthetic data. There the address of the page says which role to try.
"""

from collections.abc import Mapping

import flask

from dashboard.access.roles import Role, Viewer
from dashboard.access.scope import Reader, Row
from dashboard.access.suppression import Hidden
from dashboard.queries import common

LOOPBACK = frozenset({"127.0.0.1", "::1"})
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")
TRIAL_GROUPS = 3


class SignedOutError(Exception):
    """Nobody is signed in, and the trial is not open here."""


def trial_open(synthetic: bool) -> bool:
    """A proxy's address is loopback too, so a forwarded request does not count as local."""
    request = flask.request
    forwarded = any(header in request.headers for header in FORWARDED)
    return synthetic and request.remote_addr in LOOPBACK and not forwarded


def trial_viewer(params: Mapping[str, str], reader: Reader) -> Viewer:
    """The role to try. `reader` is a project owner's: it knows counties and schools, and no student."""
    role = next((r for r in Role if r.value == params.get("role")), Role.DIRECTOR)
    schools = _with_figures(reader)
    if not schools:
        return Viewer(role, f"trial-{role}")
    county = schools[0]["county_number"]
    known = [row["school_id"] for row in schools]
    school = params.get("as") if params.get("as") in known else known[0]
    match role:
        case Role.PRINCIPAL:
            return Viewer(role, "trial-principal", county, (str(school),))
        case Role.TEACHER:
            groups = _some_groups(reader, str(school), county)
            return Viewer(role, "trial-teacher", county, (str(school),), groups)
        case Role.OWNER:
            return Viewer(role, "trial-owner")
        case _:
            return Viewer(role, f"trial-{role}", county)


def _with_figures(reader: Reader) -> list[Row]:
    counts = {
        row["school_id"]: row["students"]
        for row in reader.aggregate("school_coverage", common.STATUS_MEASURES, group=["school_id"])
    }
    schools = [row for row in reader.reference("school", order="name") if row["school_id"] in counts]
    return sorted(schools, key=lambda row: isinstance(counts[row["school_id"]], Hidden))


def _some_groups(reader: Reader, school: str, county: str) -> tuple[str, ...]:
    scoped = reader.seen_by(Viewer(Role.PRINCIPAL, "trial-teacher", county, (school,)))
    years = common.school_years(scoped)
    rows = (
        common.recovery(scoped, years[0], TRIAL_GROUPS, "school_id = $school", school=school) if years else []
    )
    return tuple(row["group_id"] for row in rows)
