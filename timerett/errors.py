"""What a person is told when something goes wrong, and the exit code."""

from __future__ import annotations

import sys

import duckdb

from ingest.accounting import AccountingError
from ingest.delivery import SourceError
from ingest.identity import UnusableKeyError
from ingest.landing import BatchStoppedError
from ingest.plain import plain
from timerett import faults
from timerett.closed_years import ClosedYearError
from timerett.lock import HeldError
from timerett.settings import Settings, SettingsError, settings
from timerett.warehouse import WarehouseError

CHECK_FAILED = 1
BAD_INPUT = 2
NEW_LINE = "\n"


class CheckFailedError(Exception):
    """The work was done right and found something wrong."""


class WrongUseError(Exception):
    """The command was asked for something it cannot do."""


FOUND_WRONG = (BatchStoppedError, CheckFailedError, AccountingError, ClosedYearError)
FORESEEN = (SourceError, UnusableKeyError, SettingsError, WarehouseError, WrongUseError, HeldError)


def exit_code(problem: Exception) -> int:
    """Tell the problem on standard error; the code the process ends with."""
    if isinstance(problem, FORESEEN) and not isinstance(problem, WarehouseError):
        return _tell(str(problem), BAD_INPUT)
    place = settings()
    of_the_machine = faults.of_the_machine(problem, place.home)
    if of_the_machine:
        return _tell(of_the_machine, BAD_INPUT)
    if isinstance(problem, FOUND_WRONG):
        return _tell(str(problem), CHECK_FAILED)
    if isinstance(problem, WarehouseError):
        return _tell(str(problem), BAD_INPUT)
    if isinstance(problem, OSError):
        return _tell(
            f"{problem.filename or 'A file'}: {problem.strerror or 'cannot be used'}. "
            "Check that it is there and may be read and written.",
            BAD_INPUT,
        )
    return _tell(_unforeseen(problem, place), CHECK_FAILED)


def _unforeseen(problem: Exception, place: Settings) -> str:
    faults.record(problem, place.logs, during=" ".join(sys.argv[1:2]))
    where = "in the warehouse" if isinstance(problem, duckdb.Error) else "in the program"
    return (
        f"Unforeseen fault {where} ({type(problem).__name__}). Nothing was left half-done. Please report it, "
        f"with the last line of {place.logs / faults.LOG}: it says where in the code, and holds no data."
    )


def _tell(message: str, code: int) -> int:
    sys.stderr.write(f"timerett: {plain(message, keep=NEW_LINE)}\n")
    return code
