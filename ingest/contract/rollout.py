"""Training, support, roles, integrations, migration, tests, milestones and releases."""

from __future__ import annotations

import dataframely as dy

from ingest.contract.columns import boolean, code, date, text, timestamp, whole
from ingest.contract.roster import SCHOOL
from ingest.contract.rules import Must

COUNTY = r"^\d{2}$"


class Training(dy.Schema):
    """One person's training in one topic."""

    training_id = text("Id of the training.", key=True)
    staff_key = text("Pseudonym of the person.")
    school_id = text("School number.", references=SCHOOL)
    format = code("How it was given.", "video", "webinar", "classroom")
    topic = text("What it was about.")
    completed_on = date("Day it was completed.", optional=True)
    due_on = date("Day it was due.")
    rating = whole("The person's evaluation, 1 to 5.", optional=True, least=1)


class SupportCase(dy.Schema):
    """One support case."""

    case_id = text("Id of the case.", key=True)
    school_id = text("School number.", references=SCHOOL)
    kind = code("What it is.", "error", "improvement", "question")
    area = text("Area of the system.")
    severity = text("Severity, as registered.")
    opened_at = timestamp("Opened, UTC.")
    closed_at = timestamp("Closed, UTC; empty while open.", optional=True)
    duplicate_of = text("The case it repeats.", optional=True)

    closes_after_it_opens = Must("closed_at >= opened_at")


class RoleAssignment(dy.Schema):
    """A person in a role at a school."""

    school_id = text("School number.", key=True, references=SCHOOL)
    role = text("Role.", key=True)
    staff_key = text("Pseudonym of the person.", key=True)
    valid_from = date("First day.")
    valid_to = date("Last day; empty while it lasts.", optional=True)


class IntegrationRun(dy.Schema):
    """One run of an integration with a county's central system."""

    integration = text("Name of the integration.", key=True)
    county_number = text("County number.", key=True, regex=COUNTY)
    started_at = timestamp("Start, UTC.", key=True)
    finished_at = timestamp("End, UTC; empty if it never finished.", optional=True)
    outcome = text("Outcome, as registered.")
    records = whole("Records moved.", optional=True)


class MigrationCheck(dy.Schema):
    """One object counted in the old system and in the new."""

    check_id = text("Id of the check.", key=True)
    county_number = text("County number.", regex=COUNTY)
    object = text("What was counted.")
    legacy_count = whole("Count in the old system.")
    new_count = whole("Count in the new system.")
    explained = boolean("Whether the difference is explained.", optional=True)
    checked_on = date("Day of the check.")


class AcceptanceTest(dy.Schema):
    """One acceptance test of one release."""

    test_id = text("Id of the test.", key=True)
    release = text("Release.", key=True)
    requirement = text("Requirement it tests.")
    area = text("Area of the system.")
    result = code("Result.", "passed", "failed", "blocked", "not_run")
    run_on = date("Day it was run.", optional=True)


class Milestone(dy.Schema):
    """A milestone of a county or a school."""

    county_number = text("County number.", key=True, regex=COUNTY)
    school_id = text("School number, `*` for all.", key=True)
    milestone = text("Milestone.", key=True)
    planned_on = date("Planned day.")
    actual_on = date("Actual day; empty until it happened.", optional=True)


class Release(dy.Schema):
    """One release from the supplier."""

    release = text("Name of the release.", key=True)
    supplier_date = date("Day the supplier delivered it.")
    accepted_on = date("Day it was accepted.", optional=True)
    notes = text("Notes.", optional=True)
