"""Values that have no business in a cell, by the kind of cell, and whether the row may land with them."""

from __future__ import annotations

from tests.corpus.case import ANYTHING, LANDED, QUARANTINED, READ, Outcome

Cells = dict[str, frozenset[Outcome]]

# Not a value of any kind but text.
_NO_VALUE: Cells = dict.fromkeys(
    ("NaN", "Infinity", "#REF!", "#DIV/0!", "=1+1", "@SUM(A1)", "ukjent", "null", "\ufffd"), QUARANTINED
)
DATES: Cells = {
    **_NO_VALUE,
    **dict.fromkeys(
        (
            *("0000-00-00", "00.00.0000", "2026-02-31", "31.02.2026", "2026-13-01", "32.01.2026"),
            *(
                "10000-01-01",
                "01.01.10000",
                "-0001-01-01",
                "45000",
                "-1",
                "45000.5",
                "i går",
                "12.01.",
            ),
            *("٢٠٢٦-٠١-١١", "2026‑01‑11", "2026-01-11T24:00:00Z", "11. januar 2026", "20260230"),
            "",
        ),
        QUARANTINED,
    ),
    **dict.fromkeys(("9999-12-31", "31.12.9999", "1899-12-31", "31.12.1899", "1600-02-29"), READ),
}
WHOLE_NUMBERS: Cells = {
    **_NO_VALUE,
    **dict.fromkeys(
        (
            *("-5", "−5", "--5", "3.5", "3,5", "1e308", "0x10", "1_000", "９", "99999999999999999999"),
            *("30 min", "ca. 15 min", "1 time 20 min", "30-45", "1/2", "x" * 5000),
        ),
        QUARANTINED,
    ),
    **dict.fromkeys(("+30", "030", "9223372036854775807", "1 000", ""), READ),
}
DECIMALS: Cells = {
    **_NO_VALUE,
    **dict.fromkeys(("-0.5", "12,5,6", "1.2.3", "99999999999999", "56 timer", "½", "1e400"), QUARANTINED),
    **dict.fromkeys(("1e2", ".5", "56.123456789", ""), READ),
}
CODES: Cells = {
    **_NO_VALUE,
    **dict.fromkeys(("Z", "Х", "XX", "X;M", "", "\u200bX"), QUARANTINED),
    **dict.fromkeys(("x", " X"), READ),
}
TRUTHS: Cells = {**_NO_VALUE, **dict.fromkeys(("kanskje", "2", "ja/nei"), QUARANTINED), "TRUE": LANDED}
# Free text lands as it is: what a spreadsheet or a browser would run is disarmed where it is shown.
TEXTS: Cells = dict.fromkeys(
    (
        *("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "<script>alert(1)</script>", "{{ 7*7 }}"),
        *("'; DROP TABLE landing.absence; --", "${jndi:ldap://x}", "%s%n", "../../../etc/passwd"),
        *("\u202eabc", "a\u200bb", "\u0007\u001b[31mrød", "🏫", "e\u0301", "\ufeffx", "\ufffd", "\u2028"),
        *("NULL", "#REF!", "NaN", "x" * 100_000),
    ),
    READ,
)
IDENTIFIERS: Cells = {
    "": QUARANTINED,
    **dict.fromkeys((" ", "\u200b", "\u00a0", "\u202e1", "x" * 10_000, "=1", "a/b?c#d", "'", "\\"), ANYTHING),
}
