"""How figures add up within a school, between tables and between dates, which the reader knows too."""

from collections import defaultdict
from collections.abc import Callable

from dashboard.access.measures import Measures
from tests.attack.knowledge import Atom, Context, Knowledge


def relate(knowledge: Knowledge) -> None:
    for (context, school), measures in knowledge.counts.items():
        _within(knowledge, context, school, measures)
    _losses_by_subject(knowledge)
    _subjects_of_schools(knowledge)
    _groups_of_subjects(knowledge)


def _within(knowledge: Knowledge, context: Context, school: str, measures: Measures) -> None:
    at = _at(knowledge, context, school)
    sums = {**measures.subtotals, **measures.sum_totals}
    if measures.parts:
        sums["students"] = tuple(measures.parts)
    if at("supply"):
        sums["supply"] = ("scheduled", "made_up")
        sums |= {"supply ": measures.sum_totals["supply"]}
    for whole, parts in sums.items():
        total = whole.strip()
        if all(at(name) for name in (total, *parts)):
            knowledge.equal(
                [*((1.0, (context, school, part)) for part in parts), (-1.0, (context, school, total))]
            )
    for name in measures.counts:
        if name not in measures.subtotals and at(name) and at("students"):
            knowledge.at_most([(1.0, (context, school, name)), (-1.0, (context, school, "students"))])


def _at(knowledge: Knowledge, context: Context, school: str) -> Callable[[str], bool]:
    return lambda name: (context, school, name) in knowledge.true


def _losses_by_subject(knowledge: Knowledge) -> None:
    """Minutes by subject, or by programme area, are the school's minutes."""
    split: dict[tuple[Context, str, str, str], list[Atom]] = defaultdict(list)
    for context, school, name in knowledge.true:
        about = dict(context)
        for key in ("subject", "programme_area_code"):
            if about["table"] == "loss_cause" and key in about and not name.startswith(("n_", "students")):
                whole = _without(context, key)
                split[whole, school, name, key].append((context, school, name))
    for (whole, school, name, _), parts in split.items():
        atom = (whole, school, name)
        if atom in knowledge.true and sum(knowledge.true[p] for p in parts) == knowledge.true[atom]:
            knowledge.equal([*((1.0, part) for part in parts), (-1.0, atom)])


def _without(context: Context, key: str) -> Context:
    return tuple((k, v) for k, v in context if k != key)


def _subjects_of_schools(knowledge: Knowledge) -> None:
    """The school's minutes are its subjects' minutes; a student who needs something does so in a subject."""
    by_school: dict[tuple[str, str, str], list[Atom]] = defaultdict(list)
    for context, school, name in knowledge.true:
        about = dict(context)
        if about["table"] == "school_subject_coverage":
            by_school[about["edition"], school, name].append((context, school, name))
    for (edition, school, name), parts in by_school.items():
        for context in {c for c, s, n in knowledge.true if dict(c)["table"] == "status" and s == school}:
            atom = (context, school, name)
            if dict(context)["as_of_date"] != edition or atom not in knowledge.true:
                continue
            if name == "students_needing":
                for part in parts:
                    knowledge.at_most([(1.0, part), (-1.0, atom)])
                knowledge.at_most([(1.0, atom), *((-1.0, part) for part in parts)])
            elif (
                not name.startswith("students")
                and sum(knowledge.true[p] for p in parts) == knowledge.true[atom]
            ):
                knowledge.equal([*((1.0, part) for part in parts), (-1.0, atom)])


def _groups_of_subjects(knowledge: Knowledge) -> None:
    """Every student with a group in the subject is in one of its groups; so is everyone it would help."""
    groups: dict[tuple[str, str, str, str], list[Atom]] = defaultdict(list)
    for context, school, name in knowledge.true:
        about = dict(context)
        if about["table"] in ("group_forecast", "recovery") and name in ("students", "recovered"):
            groups[about["table"], about["edition"], about["subject"], school + "|" + name].append(
                (context, school, name)
            )
    subjects = {
        (dict(context)["edition"], dict(context)["subject"], school): context
        for context, school, _ in knowledge.true
        if dict(context)["table"] == "school_subject_coverage"
    }
    wholes = {
        ("group_forecast", "students"): ({"students": 1.0, "students_not_assigned": -1.0},),
        ("recovery", "students"): ({"students_short": 1.0, "students_at_risk": 1.0},
                                   {"students_needing": 1.0, "students_not_assigned": -1.0}),
        ("recovery", "recovered"): ({"missing": 1.0, "not_assigned": -1.0},),
    }  # fmt: skip
    for (table, edition, subject, holder), parts in groups.items():
        school, name = holder.split("|")
        context = subjects.get((edition, subject, school))
        if context is None:
            continue
        for whole in wholes[table, name]:
            atoms = {(context, school, part): weight for part, weight in whole.items()}
            if not all(atom in knowledge.true for atom in atoms):
                continue
            if sum(w * knowledge.true[a] for a, w in atoms.items()) == sum(knowledge.true[p] for p in parts):
                knowledge.equal([*((1.0, p) for p in parts), *((-w, a) for a, w in atoms.items())])
