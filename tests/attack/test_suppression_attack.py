"""What a reader can work out with everything shown and a linear-programming solver: nothing hidden."""

from collections.abc import Iterator

import pytest
from flask import Flask

from dashboard.access.roles import Role, Viewer
from dashboard.access.suppression import Hidden
from tests.attack.counties import EARLIER
from tests.attack.knowledge import Knowledge, learn
from tests.attack.linear import Bound, attack, small_counts, small_sums
from tests.attack.listening import Heard, listening, page, signed_in
from tests.attack.relations import relate
from tests.attack.scope import SCHOOLS

THRESHOLD = 10
DIRECTOR = Viewer(Role.DIRECTOR, "d", "99")
OWNER = Viewer(Role.OWNER, "o")
TEACHER = Viewer(Role.TEACHER, "t", "99", ("99003",), ("99003:1:NAT1007",))
PRINCIPALS = [Viewer(Role.PRINCIPAL, "p", "99", (school,)) for school in ("99005", "99007")]
PAGES = (
    "/", "/county/99", "/county/98", "/county/97", f"/?as_of={EARLIER}", f"/county/99?as_of={EARLIER}",
    "/changes", "/changes?compare=2026-01-26", "/corrections", "/absence", "/absence?subject=ENG1007",
    "/absence?period=autumn", "/data", "/rollout", "/school/99003", "/school/99005", "/school/99008",
    f"/school/99008?as_of={EARLIER}",
)  # fmt: skip


def look(server: Flask, viewer: Viewer, pages: tuple[str, ...] = PAGES) -> list[Heard]:
    with listening() as heard, signed_in(viewer):
        for address in pages:
            page(server, address)
    return [one for one in heard if one.viewer.subject != "server"]


@pytest.fixture
def everything(server: Flask) -> Iterator[list[Heard]]:
    """A director, the project owner and a teacher lay together what they see, of both editions."""
    teachers = ("/", "/absence", "/changes")
    yield [*look(server, DIRECTOR), *look(server, OWNER), *look(server, TEACHER, teachers)]


def worked_out(knowledge: Knowledge) -> list[Bound]:
    relate(knowledge)
    targets = [*small_counts(knowledge, THRESHOLD, SCHOOLS), *small_sums(knowledge, THRESHOLD)]
    return attack(knowledge, targets)


def test_all_counts_below_the_threshold_stay_possible_for_every_hidden_one(everything: list[Heard]) -> None:
    """Filters, dates, editions, totals and pages held against each other; of sums, half and half as much
    again."""
    found = worked_out(learn(everything))
    assert len(found) > 1000
    assert [bound for bound in found if not bound.is_kept] == []


def test_the_attack_would_find_a_small_count_that_only_its_own_cell_hides(server: Flask) -> None:
    """The attacker is no better than its tests: shown what covers a small count, it tells it."""
    heard = look(server, DIRECTOR, ("/county/99",))
    knowledge = learn(heard)
    for atom, value in knowledge.true.items():
        if dict(atom[0])["table"] == "status" and not 0 < value < THRESHOLD:
            knowledge.equal([(1.0, atom)], value)
    assert any(bound.is_told for bound in worked_out(knowledge))


def test_the_same_figures_are_hidden_for_everybody(everything: list[Heard]) -> None:
    """What one role is shown and another is not, two of them would have between them."""
    shown: dict[object, set[bool]] = {}
    for one in everything:
        if one.measures is None or "school_id" not in one.group:
            continue
        for row in one.rows:
            key = (one.edition, one.table, one.where, repr(sorted(one.params.items())))
            key = (*key, *(str(row[name]) for name in one.group if name != "county_number"))
            for name in (*one.measures.parts, *one.measures.counts, *one.measures.sums):
                shown.setdefault((key, name), set()).add(isinstance(row[name], Hidden))
    assert {len(hidden) for hidden in shown.values()} == {1}


@pytest.mark.parametrize("principal", PRINCIPALS, ids=lambda viewer: viewer.school_ids[0])
def test_a_principal_is_shown_nothing_that_other_schools_are_part_of(
    server: Flask, principal: Viewer
) -> None:
    """So there is no total to take the own school, or two principals' schools, from."""
    for one in look(server, principal, ("/", "/absence", "/changes", "/corrections", "/data", "/county/99")):
        assert one.method != "published"
        if one.method == "aggregate":
            assert one.reader._scope(one.table)[1] == {"scope_schools": list(principal.school_ids)}


def test_places_in_a_list_tell_nothing(everything: list[Heard]) -> None:
    """Rows whose figure is hidden stand together, not between those whose figures frame it."""
    for one in everything:
        for name in ("share_over", "lost", "students_needing"):
            figures = [row[name] for row in one.rows if name in row]
            if one.method != "aggregate" or one.table not in ("absence_limit", "loss_cause"):
                continue
            hidden = [isinstance(figure, Hidden) for figure in figures]
            assert hidden == sorted(hidden), (one.table, name)
