"""Users: students and staff as pseudonyms; names go to the identity store alone.

A national identity number may stand in `userIds`, `identifier`, `userMasterIdentifier` or even be the
`sourcedId`; it gives the pseudonym every other source gives the same person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import polars as pl

from ingest.delivery import Person
from ingest.identity import Pseudonyms, identifier
from ingest.privacy import is_identity_number
from ingest.sources.oneroster.forms import ENROLMENT_ID
from ingest.sources.oneroster.rows import Rows, listed
from ingest.sources.output import PLACE, schema

STUDENT = "student"
_TYPED = re.compile(r"\{\s*([^{}:]+?)\s*:\s*([^{}]+?)\s*\}")
_NATIONAL = re.compile(r"f(ø|oe?)dselsn|fnr|\bnin\b|national|personn|d-?nummer", re.IGNORECASE)
_LEVEL = re.compile(r"^\s*vg\s*([1-4])\s*$", re.IGNORECASE)
# The common codes count school years from the first; upper-secondary school begins with the eleventh.
_COUNTED = {"11": "Vg1", "12": "Vg2", "13": "Vg3"}


@dataclass(frozen=True)
class Role:
    """A user at a school: what they are there, and for how long (`last` included)."""

    key: str
    org: str
    role: str
    main: bool | None
    first: date | None
    last: date | None
    enrolment_id: str | None
    file: str
    row: int


@dataclass(frozen=True)
class User:
    key: str
    student: bool
    name: str | None
    number: str | None
    level: str | None
    roles: tuple[Role, ...]


def read_roles(rows: Rows) -> tuple[dict[str, list[Role]], list[tuple[str, Role]]]:
    """The roles of users by user (version 1.2), and those that a delta deletes."""
    found: dict[str, list[Role]] = {}
    gone: list[tuple[str, Role]] = []
    for batch in rows.all("roles"):
        dated = rows.dated(batch, "roles", {"beginDate": "first", "endDate": "after"})
        for one in dated.iter_rows(named=True):
            user = one["userSourcedId"] or ""
            role = Role(
                one["sourcedId"],
                one["orgSourcedId"] or "",
                (one["role"] or "").casefold(),
                (one["roleType"] or "").casefold() != "secondary",
                one["first"],
                one["after"] - timedelta(days=1) if one["after"] else None,
                one[ENROLMENT_ID],
                one["source_file"],
                one["source_row"],
            )
            if one["deleted"]:
                gone.append((user, role))
            else:
                found.setdefault(user, []).append(role)
    return found, gone


class Users:
    """Every user by id."""

    def __init__(self, rows: Rows, pseudonyms: Pseudonyms, county: str | None) -> None:
        self.by_id: dict[str, User] = {}
        self.gone: list[tuple[str, Role]] = []
        self._pseudonyms = pseudonyms
        self._has_roles = rows.package.version != "1.1"
        roles, self.gone = read_roles(rows)
        without_role = 0
        for batch in rows.all("users"):
            placed: list[tuple[object, ...]] = []
            for one in batch.iter_rows(named=True):
                user = self._user(one, roles.get(one["sourcedId"], []))
                if one["deleted"]:
                    self.gone += [(one["sourcedId"], role) for role in user.roles if role.role == STUDENT]
                    continue
                without_role += not user.roles
                self.by_id[one["sourcedId"]] = user
                if user.student:
                    placed.append((one["source_file"], one["source_row"], user.key, county))
            _add_students(rows, placed)
        _reject_unnamed(rows, roles, self.by_id)
        if without_role:
            rows.outputs.unread["users.csv: users without a school or a role in this package"] += without_role

    def persons(self, numbers: dict[str, str]) -> Iterator[Person]:
        for user in self.by_id.values():
            if user.roles:
                schools = {numbers[role.org] for role in user.roles if role.org in numbers}
                kind: Literal["student", "staff"] = "student" if user.student else "staff"
                yield Person(user.key, kind, user.name, user.number, tuple(sorted(schools)))

    def _user(self, one: dict[str, Any], roles: list[Role]) -> User:
        if not self._has_roles:
            roles = _roles_of_1_1(one)
        student = any(role.role == STUDENT for role in roles)
        number = _identity_number(one)
        own = number or identifier("systemid", one["sourcedId"])
        key = self._pseudonyms.student(own) if student else self._pseudonyms.staff(own)
        parts = (one["givenName"], one["middleName"], one["familyName"])
        name = " ".join(part for part in parts if part) or None
        return User(key, student, name, number, level(one["grades"]), tuple(roles))


def _reject_unnamed(rows: Rows, roles: dict[str, list[Role]], known: dict[str, User]) -> None:
    """A student's role needs its user: without it nobody knows whose enrolment it is."""
    output = rows.outputs.of("enrolment") if roles else None
    for user, listed_roles in roles.items():
        for role in listed_roles:
            if output and role.role == STUDENT and user not in known:
                rule = "its user is in users.csv of the same package"
                output.reject(role.file, role.row, "enrolment", column="userSourcedId", rule=rule)


def _add_students(rows: Rows, placed: list[tuple[object, ...]]) -> None:
    columns = (*PLACE, "student_key", "county_number")
    types = {name: schema("student")[name] for name in columns}
    output = rows.outputs.of("student")
    frame = pl.DataFrame(placed, schema=types, orient="row")
    # One person may be several users, one for each school.
    frame = frame.unique("student_key", keep="first", maintain_order=True)
    rule = "lies in a known county: put county_number in delivery.json"
    output.add("student", output.require("student", frame, "county_number", rule))


def _roles_of_1_1(one: dict[str, Any]) -> list[Role]:
    """Version 1.1 has one role, at each of the user's organisations; the first is the main one."""
    role = (one["role"] or "").casefold()
    orgs = listed(one["orgSourcedIds"])
    where = (one["source_file"], one["source_row"])
    return [
        Role(one["sourcedId"], org, role, place == 0, None, None, None, *where)
        for place, org in enumerate(orgs)
    ]


def _identity_number(one: dict[str, Any]) -> str | None:
    """A number that is said to be one, else any id that its control digits show to be one."""
    ids = _TYPED.findall(one["userIds"] or "")
    stated = [identifier("", value) for kind, value in ids if _NATIONAL.search(kind)]
    others = (value for _, value in ids)
    named = (one["identifier"], one["userMasterIdentifier"], one["sourcedId"])
    guessed = [identifier("", value) for value in (*named, *others) if value]
    return next(
        (
            number
            for numbers, sure in ((stated, True), (guessed, False))
            for number in numbers
            if number.isdigit() and (sure or is_identity_number(number))
        ),
        None,
    )


def level(grades: str | None) -> str | None:
    """`Vg1` from the first grade, as written or as counted from the first school year."""
    first = next(iter(listed(grades)), None)
    if first is None:
        return None
    written = _LEVEL.match(first)
    return f"Vg{written[1]}" if written else _COUNTED.get(first, first)
