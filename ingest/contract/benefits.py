"""Work processes, time samples, volumes, targets and positions."""

from __future__ import annotations

import dataframely as dy

from ingest.contract.columns import code, date, decimal, school_year, text, whole
from ingest.contract.roster import SCHOOL

PROCESS = "work_process.process_code"


class WorkProcess(dy.Schema):
    """One work process of the register (arbeidsprosess)."""

    process_code = text("Code of the process.", key=True)
    name = text("Name in bokmål.")
    name_en = text("Name in English.")
    role = text("The role that does it.")
    change_kind = code("What the new system does to it.", "removed", "changed", "new", "unchanged")
    unit = text("What one case is.")
    owner = text("Who answers for the benefit.")
    volume_source = text("Where its volume comes from.")


class TimeSample(dy.Schema):
    """Measured minutes per case of a process at a school."""

    sample_id = text("Id of the sample.", key=True)
    process_code = text("Process.", references=PROCESS)
    school_id = text("School number.", references=SCHOOL)
    sampled_on = date("Day of the sample.")
    phase = code("Before or after the new system.", "baseline", "follow_up")
    minutes_per_case = decimal("Minutes per case.")
    cases = whole("Number of cases sampled.", least=1)
    method = text("How it was measured.")


class ProcessVolume(dy.Schema):
    """Cases of a process at a school in a month, from a filled-in sheet."""

    process_code = text("Process.", key=True, references=PROCESS)
    school_id = text("School number.", key=True, references=SCHOOL)
    month = date("First day of the month.", key=True)
    cases = whole("Number of cases.")


class BenefitTarget(dy.Schema):
    """Hours a county plans to save in a month."""

    process_code = text("Process.", key=True, references=PROCESS)
    county_number = text("County number.", key=True, regex=r"^\d{2}$")
    month = date("First day of the month.", key=True)
    planned_hours = decimal("Planned hours; negative for new work.", least=None)


class StaffPosition(dy.Schema):
    """How a position's hours are planned and used (stillingsplan)."""

    school_id = text("School number.", key=True, references=SCHOOL)
    school_year = school_year(key=True)
    position_id = text("The source's id of the position.", key=True)
    plan = code("Planned or actual.", "planned", "actual", key=True)
    role = text("Role.")
    teaching_hours = decimal("Hours of teaching.")
    pedagogical_hours = decimal("Hours of other pedagogical work.")
    administrative_hours = decimal("Hours of administration.")
