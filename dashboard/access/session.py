"""From a request to a viewer.

With sign-in configured, what the provider said of the person decides, as far as the publication knows the
schools and counties in it. Without, the only way in is the trial: a caller on this machine's loopback address
and a publication of synthetic data. There the address of the page says which role to try.
"""

from collections.abc import Mapping, Sequence

import flask

from dashboard.access.roles import Role, Viewer
from dashboard.access.scope import Reader, Row
from dashboard.access.sign_in.mapping import Grant, in_publication
from dashboard.access.sign_in.session import account
from dashboard.access.suppression import Hidden
from dashboard.queries import common
from dashboard.text import Text

LOOPBACK = frozenset({"127.0.0.1", "::1"})
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")
TRIAL_GROUPS = 3
TRIAL_PARAMS = frozenset({"role", "as"})


class SignedOutError(Exception):
    """Nobody is signed in, and the trial is not open here."""


class NothingCoveredError(Exception):
    """Somebody is signed in, but this publication has no school or county of theirs."""


def signed_in_viewer(reader: Reader) -> Viewer:
    """Who is signed in, with the role in use. `reader` is a project owner's."""
    signed_in = account()
    if signed_in is None:
        raise SignedOutError
    covered = _covered(reader)
    if not covered:
        raise NothingCoveredError
    grant = next((each for each in covered if each.key == signed_in.chosen), covered[0])
    return Viewer(grant.role, signed_in.subject, grant.county, grant.schools, grant.groups)


def roles(reader: Reader, text: Text) -> list[tuple[str, str]]:
    """The roles the claims give, by key: in words, with the place where there are several."""
    covered = _covered(reader)
    places = {row["county_number"]: row["name"] for row in reader.reference("county")}
    names = {row["school_id"]: row["name"] for row in reader.reference("school")}
    found = []
    for grant in covered:
        label = text(f"role.{grant.role}")
        schools = [str(names[school]) for school in grant.schools]
        place = text.listed(schools) if len(schools) in (1, 2) else places.get(grant.county)
        found.append((grant.key, f"{label}, {place}" if place else label))
    return found


def role_in_use(choices: Sequence[tuple[str, str]]) -> str:
    """The key of the role in use."""
    signed_in = account()
    keys = [key for key, _ in choices]
    if signed_in is None or not keys:
        return ""
    return signed_in.chosen if signed_in.chosen in keys else keys[0]


def without_trial(params: Mapping[str, str]) -> dict[str, str]:
    """The parameters of an address without those that have power in the trial only."""
    return {name: value for name, value in params.items() if name not in TRIAL_PARAMS}


def _covered(reader: Reader) -> tuple[Grant, ...]:
    signed_in = account()
    county_of = {row["school_id"]: row["county_number"] for row in reader.reference("school")}
    counties = frozenset(row["county_number"] for row in reader.reference("county"))
    return in_publication(signed_in.grants, county_of, counties) if signed_in else ()


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
    rows = common.recovery(scoped, years[0], TRIAL_GROUPS, school) if years else []
    return tuple(row["group_id"] for row in rows)
