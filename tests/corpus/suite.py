"""Which cases the tests run: all of them would take six minutes, `python -m tests.corpus` does that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.corpus.case import Case

# What has once ended in a fault, read for ever or told too much.
REMEMBERED = (
    *(
        "one blank",
        "only line breaks",
        "only a byte-order mark",
        "nested",
        "400 digits",
        "9223372036854775808",
    ),
    *(
        "1e308",
        "99999999999999",
        "Latin-1 letter",
        "overlong",
        "pipe that",
        "endless",
        "end of time",
        "surrogate",
    ),
    *("as lists", "as structures", "as a span", "as clock", "file named by", "skole, identity"),
    *("a thousand", "laughs", "of blanks in"),
)


def chosen(cases: Iterable[Case], one_of: int) -> Sequence[Case]:
    """One of so many, and all that are remembered."""
    return [
        case
        for place, case in enumerate(cases)
        if place % one_of == 0 or any(word in case.mutation for word in REMEMBERED)
    ]
