"""Ingests the whole corpus and tells what became of every delivery."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.corpus.case import Case
from tests.corpus.corpus import cases_of, forms
from tests.corpus.judge import Place, Result

# The lines of the table that says what landed.
FRAME = tuple("┏┃┡│└ ")


def main(only: list[str]) -> int:
    """All forms, or those whose names hold one of the words given."""
    counts: Counter[str] = Counter()
    by_source: Counter[tuple[str, str]] = Counter()
    faulty = 0
    for form in forms():
        if only and not any(word in form.name for word in only):
            continue
        with tempfile.TemporaryDirectory() as folder:
            place = Place(Path(folder), form)
            for case in cases_of(form):
                result = place.judge(case)
                counts[_outcome(result)] += 1
                by_source[form.source, _outcome(result)] += 1
                faulty += bool(result.faults)
                _tell(case, result)
    _line("")
    for (source, outcome), number in sorted(by_source.items()):
        _line(f"{source:<12} {outcome:<32} {number:>5}")
    _line(f"\n{counts.total()} deliveries: " + ", ".join(f"{n} {what}" for what, n in counts.most_common()))
    if faulty:
        _line(f"{faulty} of them did not end as they must.")
    return bool(faulty)


def _outcome(result: Result) -> str:
    return result.outcome.value if result.outcome else "unforeseen fault"


def _tell(case: Case, result: Result) -> None:
    _line(f"{case.form.name:<22} {case.mutation:<75} {_outcome(result)}")
    for fault in result.faults:
        _line(f"    ! {fault}")
    if result.faults:
        lines = [line for line in result.said.splitlines() if not line.startswith(FRAME)]
        for line in lines[-3:]:
            _line(f"    | {line[:300]!a}")


def _line(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
