"""From what the provider says about a person to roles and the part of the county they cover."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from dashboard.access.roles import Role
from dashboard.access.sign_in.toml import read_toml
from timerett.settings import SettingsError

CAPTURED = frozenset({"county", "school", "group"})
WHOLE_COUNTY = (Role.DIRECTOR, Role.ANALYST)
OF_SCHOOLS = (Role.PRINCIPAL, Role.TEACHER)


class Rule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"value": "is"}):
    """One way to a role: a claim with a certain value."""

    role: Role
    claim: str
    field: str = ""
    """Where the claim holds objects: which of their fields is meant, `membership.affiliation`."""
    value: str | None = None
    matches: str | None = None
    where: dict[str, str] = {}
    """Other fields of the same object, each with the pattern it must match."""
    requires: dict[str, str] = {}
    """Other claims, each with the pattern one of its values must match."""
    county: Annotated[str, Meta(pattern=r"^\d\d$")] | None = None
    schools: list[str] = []
    groups: list[str] = []

    @property
    def pattern(self) -> str:
        return self.matches if self.matches is not None else re.escape(self.value or "")


class RoleMap(Struct, frozen=True, forbid_unknown_fields=True):
    """What the file says."""

    rule: list[Rule]
    subject: str = "sub"
    """The claim that stands for the account in the audit log."""
    name: str = "name"
    schools: dict[str, str] = {}
    """What claims call a school → its school number."""
    groups: dict[str, str] = {}


class Grant(Struct, frozen=True):
    """A role and what it covers."""

    role: Role
    county: str | None = None
    schools: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.role}:{self.county or ''}"


def read_role_map(file: Path) -> RoleMap:
    found = read_toml(file, RoleMap, "a mapping file")
    if not found.rule:
        raise SettingsError(f"{file}: holds no [[rule]], so nobody could sign in. Write at least one.")
    for number, rule in enumerate(found.rule, start=1):
        fault = _fault(rule)
        if fault:
            raise SettingsError(f"{file}: rule {number} ({rule.role}): {fault}")
    return found


def _fault(rule: Rule) -> str | None:
    if (rule.value is None) == (rule.matches is None):
        return "needs either `is` (the exact value) or `matches` (a pattern), and not both."
    for pattern in (rule.pattern, *rule.where.values(), *rule.requires.values()):
        try:
            re.compile(pattern)
        except re.error as problem:
            return f"`{pattern}` is not a pattern ({problem.msg}). Correct it."
    captured = set(re.compile(rule.pattern).groupindex)
    if captured - CAPTURED:
        others = ", ".join(sorted(captured - CAPTURED))
        return f"captures {others}; only county, school and group have a meaning."
    if rule.where and not rule.field:
        return "`where` looks at the object `field` is taken from. Give `field` too, or use `requires`."
    return _fault_of_scope(rule, captured)


def _fault_of_scope(rule: Rule, captured: set[str]) -> str | None:
    has_county = bool(rule.county) or "county" in captured
    has_schools = bool(rule.schools) or "school" in captured
    has_groups = bool(rule.groups) or "group" in captured
    match rule.role:
        case Role.DIRECTOR | Role.ANALYST:
            if not has_county or has_schools or has_groups:
                return "covers a whole county: give `county`, or capture (?P<county>…); no schools or groups."
        case Role.PRINCIPAL:
            if not has_schools or has_groups:
                return "covers schools: give `schools`, or capture (?P<school>…); no groups."
        case Role.TEACHER:
            if not has_schools and not has_groups:
                return "covers a school and groups: capture (?P<school>…) or (?P<group>…), or give them."
        case Role.OWNER:
            if has_county or has_schools or has_groups:
                return "covers every county, as whole schools; leave county, schools and groups out."
    return None


def grants(claims: Mapping[str, Any], role_map: RoleMap) -> tuple[Grant, ...]:
    """Every role the claims give, in the order of the rules; rules of one role and county add up."""
    found: dict[tuple[Role, str | None], tuple[set[str], set[str]]] = {}
    for rule in role_map.rule:
        if not all(_any_matches(claims.get(name), pattern) for name, pattern in rule.requires.items()):
            continue
        for match in _matches(claims.get(rule.claim), rule):
            captured = match.groupdict()
            county = rule.county or captured.get("county")
            schools, groups = found.setdefault((rule.role, county), (set(), set()))
            schools.update(rule.schools, _translated(captured.get("school"), role_map.schools))
            groups.update(rule.groups, _translated(captured.get("group"), role_map.groups))
    return tuple(
        Grant(role, county, tuple(sorted(schools)), tuple(sorted(groups)))
        for (role, county), (schools, groups) in found.items()
    )


def _translated(value: str | None, names: Mapping[str, str]) -> list[str]:
    return [names.get(value, value)] if value else []


def _matches(claim: Any, rule: Rule) -> Iterator[re.Match[str]]:
    pattern = re.compile(rule.pattern)
    for item in claim if isinstance(claim, list) else [claim]:
        if not all(_any_matches(_at(item, path), wanted) for path, wanted in rule.where.items()):
            continue
        for value in _texts(_at(item, rule.field) if rule.field else item):
            match = pattern.fullmatch(value)
            if match:
                yield match


def _any_matches(claim: Any, pattern: str) -> bool:
    return any(re.fullmatch(pattern, value) for value in _texts(claim))


def _at(item: Any, path: str) -> Any:
    for name in path.split("."):
        item = item.get(name) if isinstance(item, Mapping) else None
    return item


def _texts(value: Any) -> list[str]:
    """The texts and numbers of a claim; anything else matches nothing."""
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, str | int):
        return [str(value)]
    return [text for item in value for text in _texts(item)] if isinstance(value, list) else []


def in_publication(
    given: Sequence[Grant], county_of: Mapping[str, str], counties: frozenset[str]
) -> tuple[Grant, ...]:
    """The grants as far as they cover what is published: of a school its county, of unknown ones nothing."""
    kept: list[Grant] = []
    for grant in given:
        if grant.role in OF_SCHOOLS:
            kept += _by_county(grant, county_of)
        elif grant.role is Role.OWNER or grant.county in counties:
            kept.append(grant)
    return tuple(kept)


def _by_county(grant: Grant, county_of: Mapping[str, str]) -> list[Grant]:
    places: dict[str, list[str]] = {}
    for school in grant.schools:
        county = county_of.get(school)
        if county and grant.county in (None, county):
            places.setdefault(county, []).append(school)
    return [
        msgspec.structs.replace(grant, county=county, schools=tuple(schools))
        for county, schools in sorted(places.items())
    ]
