"""The files of OneRoster 1.1 and 1.2 that are read, and the columns used of them.

From the CSV bindings of 1EdTech OneRoster 1.1.1 and 1.2.1. In 1.2 users have no role and no schools:
roles.csv has them. Everything else of a package is left alone (grades, resources, demographics).
"""

from __future__ import annotations

from dataclasses import dataclass

# An extension column, as the standard allows: the administration system's own id of the elevforhold, so
# that absences and decisions from its reports meet the enrolment.
ENROLMENT_ID = "metadata.elevforholdId"


@dataclass(frozen=True)
class Form:
    """One file: the columns it must have, those used where it has them, and the files it points at."""

    table: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    points_at: tuple[str, ...] = ()
    only_in: str | None = None
    required_in_1_1: tuple[str, ...] = ()

    def must_have(self, version: str) -> tuple[str, ...]:
        return self.required + (self.required_in_1_1 if version == "1.1" else ())

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.required, *self.required_in_1_1, *self.optional)

    def needs(self, version: str) -> tuple[str, ...]:
        return tuple(file for file in self.points_at if FORMS[file].only_in in (None, version))


FORMS = {
    "orgs": Form("school", ("sourcedId", "name", "type"), ("status", "identifier", "parentSourcedId")),
    "academicSessions": Form(
        "enrolment",
        ("sourcedId", "type", "startDate", "endDate"),
        ("status",),
    ),
    "courses": Form("subject", ("sourcedId", "title"), ("status", "courseCode", "subjectCodes")),
    "classes": Form(
        "teaching_group",
        ("sourcedId", "title", "courseSourcedId", "classType", "schoolSourcedId", "termSourcedIds"),
        ("status", "subjectCodes"),
        points_at=("courses", "orgs", "academicSessions"),
    ),
    "users": Form(
        "student",
        ("sourcedId", "givenName", "familyName"),
        (
            "status",
            "userIds",
            "middleName",
            "identifier",
            "grades",
            "userMasterIdentifier",
            "primaryOrgSourcedId",
        ),
        points_at=("orgs", "roles"),
        required_in_1_1=("orgSourcedIds", "role"),
    ),
    "roles": Form(
        "enrolment",
        ("sourcedId", "userSourcedId", "roleType", "role", "orgSourcedId"),
        ("status", "beginDate", "endDate", ENROLMENT_ID),
        points_at=("users", "orgs"),
        only_in="1.2",
    ),
    "enrollments": Form(
        "group_membership",
        ("sourcedId", "classSourcedId", "schoolSourcedId", "userSourcedId", "role"),
        ("status", "beginDate", "endDate", ENROLMENT_ID),
        points_at=("classes", "users"),
    ),
}
FILES = tuple(FORMS)
PERIPHERAL = (
    "categories",
    "classResources",
    "courseResources",
    "demographics",
    "lineItemLearningObjectiveIds",
    "lineItems",
    "lineItemScoreScales",
    "resources",
    "resultLearningObjectiveIds",
    "results",
    "resultScoreScales",
    "scoreScales",
    "userProfiles",
    "userResources",
)
# Whether a table is a snapshot or changes is what the file it is made of says.
MADE_OF = {
    "school": "orgs",
    "subject": "courses",
    "teaching_group": "classes",
    "teaching_group_subject": "classes",
    "student": "users",
    "enrolment": "users",
    "group_membership": "enrollments",
    "subject_enrolment": "enrollments",
}
