"""Nobody reads outside their scope: random viewers, every page, query, export, document and callback."""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import cycle
from typing import Any

import duckdb
import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dashboard.access.roles import Role, Viewer
from dashboard.components.card import Cards
from dashboard.components.table import Table
from dashboard.documents.served import DOCUMENTS
from dashboard.queries import (
    absence,
    authority,
    benefits,
    changes,
    common,
    county,
    data,
    group,
    overview,
    rollout,
    school,
    student_lessons,
)
from dashboard.queries import student as student_queries
from dashboard.routing import PAGES
from tests.attack.counties import EARLIER
from tests.attack.listening import Heard, listening, page, signed_in
from tests.attack.scope import LINE, SCHOOLS, Scope, seen_schools

ADDRESSES: dict[str, tuple[str, ...]] = {
    "overview": ("/", f"/?as_of={EARLIER}"),
    "county": ("/county/{county}",),
    "school": (
        "/school/{school}",
        "/school/{school}?subject=ENG1007",
        "/school/{school}?group={school}:1:ENG1007",
    ),
    "student": ("/school/{school}/student/{student}",),
    "changes": ("/changes?compare=2026-01-26",),
    "corrections": ("/corrections",),
    "authority": ("/authority",),
    "authority_school": ("/school/{school}/authority",),
    "absence": ("/absence?period=autumn&subject=ENG1007",),
    "benefits": ("/benefits?county={county}",),
    "rollout": ("/rollout",),
    "data": ("/data",),
    "method": ("/method",),
}
"""How each page is asked for. A page that is not here fails the test below."""
ROUTES = {
    "/", "/<path:path>", "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>",
    "/_dash-dependencies", "/_dash-layout", "/_dash-update-component", "/_favicon.ico", "/_reload-hash",
    "/assets/<path:filename>", "/static/<path:filename>",
    "/document/<name>.pdf", "/export/<path:address>", "/healthz", "/readyz",
}  # fmt: skip
QUERIES = (absence, authority, benefits, changes, common, county, data, group, overview, rollout, school,
           student_queries, student_lessons)  # fmt: skip

viewers = st.builds(
    Viewer,
    st.sampled_from(Role),
    st.just("drawn"),
    st.sampled_from([*LINE, "46", None]),
    st.lists(st.sampled_from(sorted(SCHOOLS)), min_size=1, max_size=2, unique=True).map(tuple),
    st.lists(
        st.sampled_from(["99002:1:NAT1007", "98001:2:ENG1007", "97001:0:MAT1019"]), max_size=2, unique=True
    ).map(tuple),
)
DIRECTOR = Viewer(Role.DIRECTOR, "d", "98")
PRINCIPAL = Viewer(Role.PRINCIPAL, "p", "99", ("99002",))
TEACHER = Viewer(Role.TEACHER, "t", "99", ("99002",), ("99002:1:NAT1007",))
few = settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_the_driver_knows_every_page_route_and_callback(server: Flask) -> None:
    assert {page.name for page in PAGES} == set(ADDRESSES)
    assert {str(rule) for rule in server.url_map.iter_rules()} <= ROUTES
    assert set(DOCUMENTS) == {"authority", "steering"}


@given(viewer=viewers)
@example(viewer=Viewer(Role.DIRECTOR, "d", "98"))
@example(viewer=PRINCIPAL)
@example(viewer=TEACHER)
@example(viewer=Viewer(Role.OWNER, "o"))
@example(viewer=Viewer(Role.ANALYST, "a", "97"))
@few
def test_whatever_is_asked_for_lies_within_the_scope(
    server: Flask, truth: duckdb.DuckDBPyConnection, viewer: Viewer
) -> None:
    scope = Scope.of(viewer, truth)
    foreign_students = scope.foreign_students(truth)
    with listening() as heard, signed_in(viewer):
        shown = [page(server, address) for address in addresses(viewer)]
    for one in heard:
        if one.viewer.role is viewer.role and one.viewer.subject == viewer.subject:
            stays_within(one, scope, truth)
    for text in shown:
        assert not {key for key in re.findall(r"[0-9a-f]{8,32}", text) if key[:8] in foreign_students}


def addresses(viewer: Viewer) -> Iterator[str]:
    """Every page, for what is the viewer's own and for what is not."""
    own = next(iter(viewer.school_ids), "99002")
    for places in ADDRESSES.values():
        for place in places:
            for number, at in ((viewer.county_number or "99", own), ("97", "97002"), ("99", "99001")):
                address = place.format(county=number, school=at, student="0" * 32)
                yield address
                if address == place:
                    break


@pytest.mark.parametrize("viewer", [DIRECTOR, PRINCIPAL], ids=lambda viewer: viewer.role)
def test_every_table_of_every_page_is_exported_within_the_scope(
    server: Flask, truth: duckdb.DuckDBPyConnection, viewer: Viewer
) -> None:
    client = server.test_client()
    own = next(iter(viewer.school_ids), "98002")
    others = {
        str(name)
        for at, name in truth.execute("select school_id, name from marts.school").fetchall()
        if at not in seen_schools(viewer)
    }
    with listening() as heard, signed_in(viewer), tables() as found:
        for name, places in ADDRESSES.items():
            address = places[0].format(county=viewer.county_number, school=own, student=a_student(own, truth))
            assert page(server, address), name
        kinds = cycle(("csv", "xlsx", "csv", "csv", "pdf"))
        for (path, table), kind in zip(sorted(found), kinds, strict=False):
            answer = client.get(f"/export{path.rstrip('/')}/{table}.{kind}")
            assert answer.status_code == 200, (path, table)
            if kind == "csv":
                assert not {name for name in others if name in answer.get_data(as_text=True)}, (path, table)
        for document in DOCUMENTS:
            for number in ("97", viewer.county_number):
                assert client.get(f"/document/{document}.pdf?county={number}").status_code in (200, 404)
    assert len(found) > 20
    scope = Scope.of(viewer, truth)
    for one in heard:
        if one.viewer == viewer:
            stays_within(one, scope, truth)


@contextmanager
def tables() -> Iterator[set[tuple[str, str]]]:
    """Which tables are on which page."""
    found: set[tuple[str, str]] = set()
    plain = Cards.card

    def card(cards: Cards, title: Any, table: Table, *args: Any, **named: Any) -> Any:
        found.add((cards.view.path, table.name))
        return plain(cards, title, table, *args, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Cards, "card", card)
        yield found


def a_student(school: str, truth: duckdb.DuckDBPyConnection) -> str:
    query = "select min(student_key) from marts.student_coverage where school_id = ?"
    return str((truth.execute(query, [school]).fetchone() or ("",))[0])


def stays_within(one: Heard, scope: Scope, truth: duckdb.DuckDBPyConnection) -> None:
    schools, counties = scope.schools, scope.counties
    if one.method == "published" or (one.method == "reference" and one.table != "school"):
        assert not any("school_id" in row or "student_key" in row for row in one.rows)
        return
    for row in one.rows:
        assert row.get("school_id") in {*schools, "*", None}, (one.table, row)
        assert set(str(row.get("school_ids") or "").split("|")) <= {*schools, "", "99002", "99006"}
        if scope.role not in (Role.PRINCIPAL, Role.TEACHER):
            assert row.get("county_number") in {*counties, None}, (one.table, row)
        if "student_key" in row:
            assert row["student_key"] in scope.students, (one.table, row)
        if row.get("group_id"):
            assert str(row["group_id"]).partition(":")[0] in schools, (one.table, row)
    if one.method == "aggregate" and one.measures and one.rows and str(one.edition) != EARLIER:
        counts_only_the_own(one, schools, truth)


def counts_only_the_own(one: Heard, schools: Iterable[str], truth: duckdb.DuckDBPyConnection) -> None:
    """No student of another school is in any count."""
    assert one.measures is not None
    within = f"school_id in {(*schools, '')} and ({one.where})"
    if one.county:
        within += f" and county_number = '{one.county}'"
    used = {name: value for name, value in one.params.items() if f"${name}" in within}
    columns = ", ".join(["*", *(f"{sql} as {name}" for name, sql in one.measures.derived.items())])
    keys = ", ".join(one.group)
    rows = truth.execute(
        f"select {keys + ', ' if keys else ''}{one.measures.students} from"
        f" (select {columns} from marts.{one.table} where {within}) rows"
        + (f" group by {keys}" if keys else ""),
        used,
    ).fetchall()
    own = {tuple(row[:-1]): row[-1] for row in rows}
    for row in one.rows:
        students = row.get("students")
        if isinstance(students, int):
            assert students == own[tuple(row[name] for name in one.group)], (one.table, row)


@pytest.mark.parametrize(
    "path", ["/school/{}", "/school/{}/student/" + "0" * 32, "/school/{}?subject=ENG1007"], ids=str
)
@pytest.mark.parametrize("viewer", [DIRECTOR, PRINCIPAL, TEACHER], ids=lambda viewer: viewer.role)
def test_another_school_answers_as_one_that_does_not_exist(server: Flask, viewer: Viewer, path: str) -> None:
    answers = set()
    with signed_in(viewer):
        for at in ("97001", "00000", "97001' or '1'='1", "97001;drop table marts.school", "%00"):
            address = path.format(at)
            answers.add(without_address(page(server, address), at))
            export = f"/export{address.partition('?')[0]}/students.csv"
            assert server.test_client().get(export).status_code == 404
    assert len(answers) == 1


def without_address(shown: str, at: str) -> str:
    """Nor the moment it was written, which the page carries so that the browser sees that it is another."""
    return re.sub(r'(href|value|data-\w+)="[^"]*"|\d{12,}', "", shown).replace(at, "")


@pytest.mark.parametrize("role", list(Role))
def test_the_address_gives_nobody_another_role(server: Flask, role: Role) -> None:
    """Who is signed in is what counts; what the address says of roles and schools is passed over."""
    with signed_in(PRINCIPAL), listening() as heard:
        page(server, f"/?role={role}&as=97001&school_id=97001&county_number=97")
    assert {
        row["school_id"] for one in heard if one.viewer == PRINCIPAL for row in one.rows if "school_id" in row
    } == {"99002"}


VALUES = ("' or 1=1 --", "$school", "99002' union select 1", "\x00", "NULL", "2025-26'; --", "٣")


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize(
    "name", ["year", "subject", "period", "compare", "as_of", "county", "indicator", "lang"]
)
def test_values_in_the_address_are_values(server: Flask, name: str, value: str) -> None:
    from urllib.parse import quote  # noqa: PLC0415

    with signed_in(TEACHER):
        for path in ("/absence", "/changes"):
            shown = page(server, f"{path}?{name}={quote(value)}")
            assert "state-failed" not in shown
            assert "state-unreadable" not in shown


@contextmanager
def called() -> Iterator[set[str]]:
    """Which queries are asked."""
    names: set[str] = set()

    def counted(name: str, plain: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*args: Any, **named: Any) -> Any:
            names.add(name)
            return plain(*args, **named)

        return asked

    with pytest.MonkeyPatch.context() as patch:
        for module in QUERIES:
            for name, plain in queries_of(module):
                patch.setattr(module, name, counted(f"{module.__name__}.{name}", plain))
        yield names


def queries_of(module: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
    for name, plain in inspect.getmembers(module, inspect.isfunction):
        first = next(iter(inspect.signature(plain).parameters), "")
        if plain.__module__ == module.__name__ and not name.startswith("_") and first in ("reader", "of"):
            yield name, plain


def test_the_driver_reaches_every_query(server: Flask, truth: duckdb.DuckDBPyConnection) -> None:
    """A query that no page asks for here could not be held against the scope."""
    with called() as names:
        for viewer in (DIRECTOR, PRINCIPAL, Viewer(Role.OWNER, "o")):
            own = next(iter(viewer.school_ids), "98002")
            with signed_in(viewer):
                for places in ADDRESSES.values():
                    number = viewer.county_number or "99"
                    student = a_student(own, truth)
                    page(server, places[-1].format(county=number, school=own, student=student))
    known = {f"{module.__name__}.{name}" for module in QUERIES for name, _ in queries_of(module)}
    assert known - names <= IMPORTED


IMPORTED = {f"dashboard.queries.common.{name}" for name in ("publication", "school_years", "schools")} | {
    "dashboard.queries.benefits.by_county",
    "dashboard.queries.benefits.names",
    "dashboard.queries.changes.corrected_standing_by_school",
    "dashboard.queries.changes.standing_by_school",
    "dashboard.queries.county.schools_of_subject",
    "dashboard.queries.student.spans",
}
"""Asked for under their own names, in a document, the digest or a choice these pages do not make."""
