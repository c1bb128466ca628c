"""Students whose subjects are not as the programme area has them: decided, recorded or forgotten."""

from __future__ import annotations

from ingest.synthetic.calendar import iso_day
from ingest.synthetic.drawing import Drawing
from ingest.synthetic.model import Decision, Enrolment, Taking
from ingest.synthetic.programme import LANGUAGE_SLOT


class Entitlements:
    """Decisions, status F, and subjects without a group or a group without a subject."""

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self._world = drawing.world
        self._rng = drawing.rng

    def _decide(self, enrolment: Enrolment, code: str, kind: str, hours: str = "") -> Decision:
        decided = self._drawing.day(5, 140)
        decision = Decision(
            f"V{enrolment.enrolment_id[2:]}-1",
            code,
            kind,
            hours,
            self._world.first_day if self._rng.random() < 0.5 else decided,
            None,
            decided,
        )
        enrolment.decisions.append(decision)
        return decision

    def _decided(self, situation: str, kind: str, hours: str = "", stays_in_group: bool = True) -> None:
        enrolment = self._drawing.draw(situation)
        if enrolment is None:
            return
        code = self._rng.choice(sorted(enrolment.codes()))
        decision = self._decide(enrolment, code, kind, hours)
        if not stays_in_group:
            for membership in enrolment.memberships:
                if membership.group.subjects == (code,):
                    membership.end, membership.end_known_from = decision.decided_on, decision.decided_on + 1
        expect: dict[str, object] = {
            "subject_code": code,
            "once_the_as_of_date_is_after": iso_day(decision.decided_on),
        }
        if kind in ("fritak", "godkjent"):
            expect["required_minutes"] = 0
        elif hours:
            expect["required_minutes"] = round(float(hours.replace(",", ".")) * 60)
        self._drawing.plant(enrolment, expect, decision_ids=[decision.decision_id])

    def exempt(self) -> None:
        self._decided("exempt", "fritak", stays_in_group=False)

    def recognised(self) -> None:
        self._decided("recognised", "godkjent", stays_in_group=False)

    def plan_with_hours(self) -> None:
        self._decided(
            "individual_plan_with_hours", "IOP", hours=self._rng.choice(("28", "42,5", "56", "70,25"))
        )

    def plan_without_hours(self) -> None:
        self._decided("individual_plan_without_hours", "IOP")

    def adapted_language(self) -> None:
        self._decided("adapted_language", "særskilt språkopplæring")

    def status_exempt(self) -> None:
        enrolment = self._drawing.draw("status_f")
        if enrolment is None:
            return
        taking = self._rng.choice(enrolment.takings)
        taking.status = "F"
        if taking.code.startswith("KRO"):
            enrolment.memberships = [m for m in enrolment.memberships if m.group.subjects != (taking.code,)]
        self._drawing.plant(
            enrolment, {"subject_code": taking.code, "status": "exempt", "required_minutes": 0}
        )

    def no_language(self) -> None:
        enrolment = self._drawing.draw("slot_without_subject", lambda found: _language(found) is not None)
        if enrolment is None:
            return
        code = _language(enrolment)
        enrolment.takings = [taking for taking in enrolment.takings if taking.code != code]
        enrolment.memberships = [m for m in enrolment.memberships if code not in m.group.subjects]
        self._drawing.plant(enrolment, {"subject_code": LANGUAGE_SLOT, "status": "not_assigned"})

    def in_no_group(self) -> None:
        enrolment = self._drawing.draw("enrolled_in_no_group")
        if enrolment is None:
            return
        single = [m.group for m in enrolment.memberships if len(m.group.subjects) == 1]
        group = self._rng.choice(single)
        enrolment.memberships = [m for m in enrolment.memberships if m.group is not group]
        self._drawing.plant(enrolment, {"subject_code": group.subjects[0], "status": "not_assigned"})

    def subject_dropped(self) -> None:
        """A subject tried and dropped before the enrolment ends is no longer due."""
        enrolment = self._drawing.draw("subject_dropped", lambda found: "REA3035" not in found.codes())
        if enrolment is None:
            return
        day = self._drawing.day(20, 60)
        enrolment.takings.append(
            Taking("REA3035", enrolment.start, day, known_from=0, end_known_from=day + 1)
        )
        self._drawing.plant(
            enrolment, {"no_row_for": "REA3035", "once_the_as_of_date_is_after": iso_day(day)}
        )

    def no_subject_enrolments(self) -> None:
        """The groups' subjects stand in."""
        enrolment = self._drawing.draw("no_subject_enrolments")
        if enrolment is not None:
            codes = sorted({code for m in enrolment.memberships for code in m.group.subjects})
            enrolment.takings = []
            self._drawing.plant(enrolment, {"rows_from": "groups", "subject_codes": codes})


def _language(enrolment: Enrolment) -> str | None:
    return next((code for code in enrolment.codes() if code.startswith("FSP")), None)
