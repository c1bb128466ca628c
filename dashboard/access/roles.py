"""Who is looking: a role and the part of the county it covers."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    DIRECTOR = "director"
    PRINCIPAL = "principal"
    TEACHER = "teacher"
    OWNER = "owner"
    ANALYST = "analyst"


@dataclass(frozen=True)
class Viewer:
    role: Role
    subject: str
    """The signed-in account, for the audit log."""
    county_number: str | None = None
    school_ids: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()

    @property
    def sees_names(self) -> bool:
        return self.role in (Role.PRINCIPAL, Role.TEACHER)

    @property
    def sees_students(self) -> bool:
        return self.role in (Role.PRINCIPAL, Role.TEACHER, Role.ANALYST)


class RefusedError(Exception):
    """The role does not see what was asked for. The page says so; nothing is read."""
