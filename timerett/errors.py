"""What a person is told when something goes wrong, and the exit code."""

from __future__ import annotations

import logging
import sys

import duckdb

from ingest.accounting import AccountingError
from ingest.delivery import SourceError
from ingest.identity import UnusableKeyError
from ingest.landing import BatchStoppedError
from timerett.lock import HeldError
from timerett.settings import SettingsError
from timerett.warehouse import WarehouseError

CHECK_FAILED = 1
BAD_INPUT = 2


class CheckFailedError(Exception):
    """The work was done right and found something wrong."""


class WrongUseError(Exception):
    """The command was asked for something it cannot do."""


def exit_code(problem: Exception) -> int:
    """Tell the problem on standard error; the code the process ends with."""
    if isinstance(problem, BatchStoppedError | CheckFailedError):
        return _tell(str(problem), CHECK_FAILED)
    if isinstance(problem, SourceError | UnusableKeyError | SettingsError | WarehouseError | WrongUseError):
        return _tell(str(problem), BAD_INPUT)
    if isinstance(problem, HeldError):
        return _tell(str(problem), BAD_INPUT)
    if isinstance(problem, OSError):
        return _tell(
            f"{problem.filename or 'A file'}: {problem.strerror or type(problem).__name__}.", BAD_INPUT
        )
    if isinstance(problem, AccountingError):
        return _tell(str(problem), CHECK_FAILED)
    # The message of an unforeseen error may hold data, so only its kind is told.
    logging.getLogger("timerett.faults").debug("unforeseen", exc_info=problem)
    where = "in the warehouse" if isinstance(problem, duckdb.Error) else "in the program"
    return _tell(
        f"Unforeseen fault {where} ({type(problem).__name__}). Nothing was left half-done. Please report it.",
        CHECK_FAILED,
    )


def _tell(message: str, code: int) -> int:
    sys.stderr.write(f"timerett: {message}\n")
    return code
