"""From claims to roles: what a rule says, and that nothing gives more than it says."""

from pathlib import Path
from typing import Any

import pytest

from dashboard.access.roles import Role
from dashboard.access.sign_in.mapping import Grant, grants, in_publication, read_role_map
from timerett.settings import SettingsError

FEIDE = """
subject = "https://n.feide.no/claims/eduPersonPrincipalName"

[schools]
NO974558386 = "99001"
NO974558387 = "99002"

[[rule]]
role = "director"
claim = "eduPersonEntitlement"
is = "urn:mace:feide.no:county.no:timerett:director"
county = "99"

[[rule]]
role = "principal"
claim = "eduPersonEntitlement"
matches = 'urn:mace:feide\\.no:county\\.no:timerett:principal:(?P<school>NO\\d{9})'

[[rule]]
role = "teacher"
claim = "groups"
field = "id"
matches = 'fc:gogroup:county\\.no:u:(?P<school>NO\\d{9}):(?P<group>[^:]+):.*'
where = { "type" = "fc:gogroup", "membership.affiliation" = "faculty" }
requires = { "eduPersonAffiliation" = "employee" }
"""

ENTRA = """
subject = "oid"

[[rule]]
role = "owner"
claim = "roles"
is = "Timerett.Owner"

[[rule]]
role = "principal"
claim = "groups"
is = "5f0c6f3e-0000-4000-8000-000000000001"
schools = ["99001", "99002"]

[[rule]]
role = "analyst"
claim = "roles"
matches = 'Timerett\\.Analyst\\.(?P<county>\\d\\d)'
"""


def of(tmp_path: Path, text: str, claims: dict[str, Any]) -> tuple[Grant, ...]:
    file = tmp_path / "roles.toml"
    file.write_text(text)
    return grants(claims, read_role_map(file))


def group(local: str, affiliation: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"fc:gogroup:county.no:u:NO974558386:{local}:2025-08-01:2026-07-31",
        "type": "fc:gogroup",
        "membership": {"affiliation": affiliation},
        **more,
    }


def test_a_feide_teacher_gets_the_groups_taught(tmp_path: Path) -> None:
    claims = {
        "eduPersonAffiliation": ["member", "employee"],
        "groups": [group("MAT-A", "faculty"), group("ENG-B", "student"), group("NOR-C", "faculty", type="x")],
    }
    assert of(tmp_path, FEIDE, claims) == (Grant(Role.TEACHER, None, ("99001",), ("MAT-A",)),)
    assert of(tmp_path, FEIDE, {**claims, "eduPersonAffiliation": ["member", "student"]}) == ()


def test_a_feide_principal_of_two_schools_has_one_role(tmp_path: Path) -> None:
    prefix = "urn:mace:feide.no:county.no:timerett:principal"
    claims = {"eduPersonEntitlement": [f"{prefix}:NO974558387", f"{prefix}:NO974558386"]}
    assert of(tmp_path, FEIDE, claims) == (Grant(Role.PRINCIPAL, None, ("99001", "99002")),)


def test_the_order_of_claims_does_not_decide_the_order_of_rules_does(tmp_path: Path) -> None:
    prefix = "urn:mace:feide.no:county.no:timerett"
    both = [f"{prefix}:principal:NO974558386", f"{prefix}:director"]
    found = of(tmp_path, FEIDE, {"eduPersonEntitlement": both})
    assert [grant.role for grant in found] == [Role.DIRECTOR, Role.PRINCIPAL]
    assert found == of(tmp_path, FEIDE, {"eduPersonEntitlement": both[::-1]})


def test_entra_roles_and_groups(tmp_path: Path) -> None:
    claims = {"roles": ["Timerett.Analyst.99"], "groups": ["5f0c6f3e-0000-4000-8000-000000000001"]}
    assert of(tmp_path, ENTRA, claims) == (
        Grant(Role.PRINCIPAL, None, ("99001", "99002")),
        Grant(Role.ANALYST, "99"),
    )
    assert of(tmp_path, ENTRA, {"roles": "Timerett.Owner"}) == (Grant(Role.OWNER),)


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"roles": None},
        {"roles": []},
        {"roles": {"Timerett.Owner": True}},
        {
            "roles": [
                "timerett.owner",
                "Timerett.Owner ",
                "xTimerett.Owner",
                "Timerett.Ownerx",
                "Timerett\nOwner",
            ]
        },
        {"roles": ["Timerett.Owner\n"]},
        {"roles": ["Timerett.Analyst.999", "Timerett-Analyst-99", "Timerett.Analyst."]},
        {"groups": [True, 7, None, {"id": "5f0c6f3e-0000-4000-8000-000000000001"}]},
        {"role": ["Timerett.Owner"]},
    ],
)
def test_what_no_rule_says_gives_nothing(tmp_path: Path, claims: dict[str, Any]) -> None:
    assert of(tmp_path, ENTRA, claims) == ()


def test_only_published_schools_and_counties_are_covered() -> None:
    counties = {"99001": "99", "99002": "99", "98001": "98"}
    given = (
        Grant(Role.DIRECTOR, "99"),
        Grant(Role.DIRECTOR, "97"),
        Grant(Role.PRINCIPAL, None, ("99001", "98001", "12345")),
        Grant(Role.TEACHER, "98", ("99001",), ("g",)),
        Grant(Role.OWNER),
    )
    assert in_publication(given, counties, frozenset({"99", "98"})) == (
        Grant(Role.DIRECTOR, "99"),
        Grant(Role.PRINCIPAL, "98", ("98001",)),
        Grant(Role.PRINCIPAL, "99", ("99001",)),
        Grant(Role.OWNER),
    )


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("", "holds no [[rule]]"),
        ('[[rule]]\nrole = "boss"\nclaim = "r"\nis = "x"', "boss"),
        ('[[rule]]\nrole = "owner"\nclaim = "r"', "either `is`"),
        ('[[rule]]\nrole = "owner"\nclaim = "r"\nis = "x"\nmatches = "x"', "either `is`"),
        ('[[rule]]\nrole = "owner"\nclaim = "r"\nmatches = "("', "is not a pattern"),
        ('[[rule]]\nrole = "owner"\nclaim = "r"\nis = "x"\ncounty = "99"', "every county"),
        ('[[rule]]\nrole = "director"\nclaim = "r"\nis = "x"', "whole county"),
        ('[[rule]]\nrole = "director"\nclaim = "r"\nis = "x"\ncounty = "9"', "county"),
        ('[[rule]]\nrole = "analyst"\nclaim = "r"\nis = "x"\ncounty = "99"\nschools = ["1"]', "whole county"),
        ('[[rule]]\nrole = "principal"\nclaim = "r"\nis = "x"', "covers schools"),
        ('[[rule]]\nrole = "teacher"\nclaim = "r"\nis = "x"', "school and groups"),
        ('[[rule]]\nrole = "owner"\nclaim = "r"\nmatches = "(?P<place>x)"', "only county, school and group"),
        ('[[rule]]\nrole = "owner"\nclaim = "r"\nis = "x"\nwhere = { a = "b" }', "Give `field` too"),
        ('[[rule]]\nrole = "owner"\nclaim = "r"\nis = "x"\nschol = "1"', "schol"),
        ("[[rule]\n", "is not TOML"),
    ],
)
def test_a_wrong_file_is_told_in_words(tmp_path: Path, rule: str, told: str) -> None:
    file = tmp_path / "roles.toml"
    file.write_text(rule if rule else "rule = []")
    with pytest.raises(SettingsError) as problem:
        read_role_map(file)
    assert told in str(problem.value)
    assert str(file) in str(problem.value)
