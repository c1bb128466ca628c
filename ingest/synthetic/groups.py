"""Students, classes and teaching groups of one school in one school year."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from ingest.synthetic import people
from ingest.synthetic.model import Cohort, Enrolment, Group, Membership, Mover, Series, Taking, World
from ingest.synthetic.programme import (
    FAMILIES,
    GENERAL,
    Block,
    blocks,
    fits_area,
    is_accelerated,
)
from ingest.synthetic.schools import MISSING_LANGUAGE_GROUP, School

CLASS_SIZE, WORKSHOP_SIZE = 29, 15
LARGEST_GROUP = 30
GROUPS_PER_TEACHER = 4
TEACHERS_PER_SCHOOL = 400
STUDENTS_PER_COHORT = 400
MISSING_LANGUAGE = "FSP6151"
_WEIGHTS = {"ST": 3.0, "ID": 1.0, "HS": 1.4, "PB": 0.5}
_LEVEL_SHARES = {3: (0.36, 0.33, 0.31), 2: (0.53, 0.47)}


def family_sizes(school: School) -> dict[tuple[str, int], int]:
    """(family, level) → number of students."""
    weights = {family: _WEIGHTS.get(family, 1.0) for family in school.families}
    whole = sum(weights.values())
    sizes: dict[tuple[str, int], int] = {}
    for family, weight in weights.items():
        levels = [number for number, areas in enumerate(FAMILIES[family], start=1) if areas]
        shares = _LEVEL_SHARES.get(len(levels), (1.0,))
        for number, share in zip(levels, shares, strict=True):
            sizes[family, number] = max(5, round(school.students * weight / whole * share))
    return sizes


def populate(world: World, movers: Sequence[Mover]) -> None:
    """Fill a world with cohorts, students, groups and memberships as planned before the year began."""
    serials = {1: 0, 2: 0, 3: 0}
    for (family, level), size in family_sizes(world.school).items():
        areas = FAMILIES[family][level - 1]
        count = -(-size // CLASS_SIZE)
        names = [f"{level}{family}{chr(ord('A') + number)}" for number in range(count)]
        cohort = Cohort(f"{level}{family}", areas, level, names)
        for number in range(size):
            cohort.enrolments.append(_enrol(world, cohort, serials[level], names[number * count // size]))
            serials[level] += 1
        cohort.enrolments += [
            _receive(world, cohort, mover)
            for mover in movers
            if (mover.family, mover.level) == (family, level)
        ]
        _form_groups(world, cohort)
        world.cohorts.append(cohort)
        world.enrolments += cohort.enrolments
    _give_teachers(world)


def _enrol(world: World, cohort: Cohort, serial: int, class_name: str) -> Enrolment:
    entered = world.year.starts - cohort.level + 1
    person = people.student(entered - 16, world.school.index * STUDENTS_PER_COHORT + serial)
    number = f"{entered % 100:02d}{world.school.index + 1:03d}{serial:04d}"
    area = cohort.areas[0] if len(cohort.areas) == 1 or world.rng.random() < 0.45 else cohort.areas[1]
    return Enrolment(
        enrolment_id=f"EF{number}-{world.year.short}-1",
        student_number=number,
        person=person,
        area=area,
        level=cohort.level,
        class_name=class_name,
        start=world.first_day,
        end=world.year_end,
    )


def _receive(world: World, cohort: Cohort, mover: Mover) -> Enrolment:
    return Enrolment(
        enrolment_id=f"EF{mover.student_number}-{world.year.short}-2",
        student_number=mover.student_number,
        person=mover.person,
        area=mover.area,
        level=cohort.level,
        class_name=cohort.class_names[0],
        start=mover.start,
        end=world.year_end,
        known_from=mover.start,
        special="school_change",
    )


def _form_groups(world: World, cohort: Cohort) -> None:
    by_area = {area: blocks(world.curriculum, area) for area in cohort.areas}
    for block in _merged_choices(by_area.values()):
        cohort.common.append(_choose(world, cohort, block, by_area))
    for block in by_area[cohort.areas[0]]:
        if not block.is_choice and _is_taught_in_workshops(world, cohort, block):
            _workshop_groups(world, cohort, block)
        elif not block.is_choice:
            _class_groups(world, cohort, block)


def _merged_choices(area_blocks: Iterable[list[Block]]) -> list[Block]:
    merged: dict[str, Block] = {}
    for found in area_blocks:
        for block in found:
            if block.is_choice:
                before = merged[block.name].options if block.name in merged else ()
                options = before + tuple(option for option in block.options if option not in before)
                merged[block.name] = Block(block.name, options, is_choice=True)
    return list(merged.values())


def _choose(world: World, cohort: Cohort, block: Block, by_area: dict[str, list[Block]]) -> list[Series]:
    """Let every student take one subject of the choice, and form as many groups as they need."""
    takers: dict[tuple[str, ...], list[tuple[Enrolment, str]]] = {option: [] for option in block.options}
    for enrolment in cohort.enrolments:
        own = next(found for found in by_area[enrolment.area] if found.name == block.name)
        code = _pick(world.rng, own, enrolment.area)
        option = next(option for option in block.options if code in option)
        takers[option].append((enrolment, code))
    parallel: list[Series] = []
    for option, chosen in takers.items():
        count = -(-len(chosen) // LARGEST_GROUP)
        groups = [
            _group(world, f"{cohort.name} {option[0]}-{number + 1}", option, cohort)
            for number in range(count)
        ]
        if _is_forgotten(world, cohort, option):
            for group in groups:
                group.exists = False
        for number, (enrolment, code) in enumerate(chosen):
            _join(world, enrolment, groups[number * count // len(chosen)], (code,))
        minutes = max(world.curriculum.minutes(code) for code in option)
        parallel += [Series((group,), minutes) for group in groups if group.exists]
    return parallel


def _pick(rng: random.Random, block: Block, area: str) -> str:
    allowed = [code for code in block.subjects if fits_area(area, block, code)]
    return rng.choice(allowed)


def _is_forgotten(world: World, cohort: Cohort, option: tuple[str, ...]) -> bool:
    return world.school.part == MISSING_LANGUAGE_GROUP and cohort.level == 1 and MISSING_LANGUAGE in option


def _is_taught_in_workshops(world: World, cohort: Cohort, block: Block) -> bool:
    """Vocational programme subjects and specialisation are taught in half classes."""
    kind = world.curriculum.subjects[block.name].kind
    return cohort.name[1:] not in GENERAL and kind in ("programfag", "YFF")


def _workshop_groups(world: World, cohort: Cohort, block: Block) -> None:
    codes = block.options[0]
    minutes = sum(world.curriculum.minutes(code) for code in codes)
    for name in cohort.class_names:
        members = [enrolment for enrolment in cohort.enrolments if enrolment.class_name == name]
        count = max(1, -(-len(members) // WORKSHOP_SIZE))
        halves = [
            _group(world, f"{name}{number + 1} {'/'.join(codes)}", codes, cohort, (name,))
            for number in range(count)
        ]
        for number, enrolment in enumerate(members):
            _join(world, enrolment, halves[number * count // len(members)], codes)
        cohort.by_class.setdefault(name, []).append([Series((group,), minutes) for group in halves])


def _class_groups(world: World, cohort: Cohort, block: Block) -> None:
    codes = block.options[0]
    minutes = sum(world.curriculum.minutes(code) for code in codes)
    by_class = {
        name: _group(world, f"{name} {'/'.join(codes)}", codes, cohort, (name,))
        for name in cohort.class_names
    }
    for enrolment in cohort.enrolments:
        _join(world, enrolment, by_class[enrolment.class_name], codes)
    waiting = list(cohort.class_names)
    if block.name.startswith("KRO"):
        while len(waiting) > 1:
            pair = (by_class[waiting.pop(0)], by_class[waiting.pop(0)])
            cohort.common.append([Series(pair, minutes)])
    for name in waiting:
        cohort.by_class.setdefault(name, []).append([Series((by_class[name],), minutes)])


def _join(world: World, enrolment: Enrolment, group: Group, codes: tuple[str, ...]) -> None:
    for code in codes:
        _take(enrolment, code)
    if group.exists:
        enrolment.memberships.append(Membership(group, enrolment.start, world.year_end, enrolment.known_from))


def _group(
    world: World, name: str, codes: tuple[str, ...], cohort: Cohort, class_names: tuple[str, ...] = ()
) -> Group:
    label = name.replace("/", "+").replace(" ", "_")
    group = Group(
        group_id=f"UG{world.school.school_id}-{world.year.short}-{label}",
        name=name,
        subjects=codes,
        teacher=0,
        class_names=class_names or tuple(cohort.class_names),
    )
    world.groups.append(group)
    return group


def _take(enrolment: Enrolment, code: str) -> None:
    taking = Taking(code, enrolment.start, enrolment.end, known_from=enrolment.known_from)
    enrolment.takings.append(taking)


def _give_teachers(world: World) -> None:
    """Teachers keep to a subject prefix and take a few groups each."""
    taught: dict[str, tuple[int, int]] = {}
    for group in world.groups:
        prefix = group.subjects[0][:3]
        teacher, load = taught.get(prefix, (-1, GROUPS_PER_TEACHER))
        if load >= GROUPS_PER_TEACHER:
            teacher, load = len(world.teachers), 0
            world.teachers.append(people.teacher(world.school.index * TEACHERS_PER_SCHOOL + teacher))
        group.teacher = teacher
        taught[prefix] = (teacher, load + 1)


def has_surplus(enrolment: Enrolment) -> bool:
    """Whether the student takes more than the area demands (R1 or S1 in place of 2P)."""
    return any(is_accelerated(code) for code in enrolment.codes())
