"""`timerett ingest report FILE --check`: what a file is, where its columns go, and what is wrong with it."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.table import Table

from ingest.delivery import Delivery, Kind, Rejection
from ingest.identity import Pseudonyms, pseudonym_key
from ingest.landing import BatchStoppedError, land
from ingest.plain import plain
from ingest.progress import progress
from ingest.sources import report
from ingest.sources.examine import Examination, examine
from ingest.sources.furniture import ROW
from ingest.sources.profile import home_profiles
from timerett.errors import CheckFailedError, WrongUseError
from timerett.ingestion import tell
from timerett.lock import exclusive, sweep
from timerett.settings import Settings, settings
from timerett.warehouse import connect

SHOWN_PROBLEMS = 12
SHOWN_VALUES = 3
_ADVICE = (
    ("is one of", "add the code to the profile, with what it means, or correct it in the source"),
    ("is a date and a local time", "say under [formats] in the profile how dates and times are written"),
    ("is a date", "say under [formats] in the profile how dates are written: dates = [...]"),
    ("number", 'say under [formats] whether decimals have a comma or a point: decimal = ","'),
    ("fields", "a cell holds the separator, or the row is cut: export again, or as Excel"),
    ("quotation mark", "a quotation mark inside a cell is not doubled: export again, or as Excel"),
    ("longer than", "something else than this report has got into the row: export again"),
)


def is_for_reports(source: str, path: Path, *, check: bool, draft: Path | None) -> bool:
    """Whether one report is to be looked at closely; a folder of them is only validated."""
    one_report = check and source == "report" and path.is_file()
    if draft and not one_report:
        raise WrongUseError("--draft goes with: timerett ingest report FILE --check --draft PROFILE.toml")
    return one_report


def check_report(file: Path, *, delta: bool, profile: Path | None, draft: Path | None, out: Console) -> None:
    """Print what would become of a report; write a drafted profile where one is asked for or needed."""
    place = settings()
    if draft and draft.exists():
        raise WrongUseError(f"{draft}: is there already. Name a new file for the draft.")
    given = [profile] if profile else home_profiles(place.home / "profiles")
    candidates = report.candidate_profiles(given, only=bool(profile))
    pseudonyms = Pseudonyms(pseudonym_key(place.keys))
    found = examine(file, candidates, pseudonyms, given=bool(profile), wants_draft=draft is not None)
    _tell_form(found, out)
    if found.readable:
        kind: Kind = "delta" if delta else "full"
        with exclusive(place.home, "ingest"):
            try:
                _tell_fates(found, kind, place, pseudonyms, out)
            finally:
                sweep(place.home)
    _tell_draft(found, draft, out)
    if not found.readable:
        raise CheckFailedError(f"{file.name}: cannot be read yet; see above.")


def _tell_form(found: Examination, out: Console) -> None:
    fit = found.fit
    _line(out, f"{found.file.name}")
    _line(out, f"  Profile: {f'{fit.profile.name}, because {fit.why}' if fit else 'none fits'}")
    for what, text in found.form:
        _line(out, f"  {what}: {text}")
    if fit is None:
        return
    if found.missing and not any(found.targets.values()):
        _line(out, f"  But none of its headings is there: {', '.join(found.missing)}")
        return
    columns = Table(title="Columns", title_justify="left")
    columns.add_column("Heading")
    columns.add_column("Goes to")
    for name, targets in found.targets.items():
        columns.add_row(_plain(name), "\n".join(map(_plain, targets)) or "(not used)")
    out.print(columns)
    if found.missing:
        _line(out, f"  Missing: {', '.join(found.missing)}")
    unfilled = fit.profile.unfilled()
    if unfilled:
        _line(out, f"  Still to fill in: {', '.join(unfilled)}")
    for table, frame in found.samples.items():
        _tell_rows(table, frame, out)


def _tell_rows(table: str, frame: pl.DataFrame, out: Console) -> None:
    # Column by column: a row of many columns would be cut to the width of the screen.
    shown = Table(title=f"First rows of {table}, as they would land", title_justify="left")
    shown.add_column("Column")
    for number in frame[ROW]:
        shown.add_column(f"Row {number}")
    for column in frame.drop(ROW).iter_columns():
        values = ("" if value is None else _plain(str(value)) for value in column)
        shown.add_row(column.name, *values)
    out.print(shown)


def _tell_fates(
    found: Examination, kind: Kind, place: Settings, pseudonyms: Pseudonyms, out: Console
) -> None:
    chosen = [found.fit.profile] if found.fit else []
    for delivery in report.read_all(
        found.file,
        pseudonyms=pseudonyms,
        kind=kind,
        progress=progress(),
        spool=place.home / "spool",
        profiles=chosen,
        only=True,
    ):
        _tell_problems(delivery, out)
        with connect(place.warehouse) as connection:
            try:
                landed = land(connection, delivery, check=True, progress=progress())
            except BatchStoppedError as problem:
                raise CheckFailedError(str(problem)) from None
        tell(landed, delivery, check=True, out=out)


def _shown(rule: str, value: str) -> str:
    """A code as it stands, since it is to be translated; anything else by its shape: it may be a name."""
    if rule.startswith("is one of") and " " not in value.strip():
        return value
    return re.sub(r"\d", "9", re.sub(r"[^\W\d_]", "a", value))


def _tell_problems(delivery: Delivery, out: Console) -> None:
    """The first problems of every column, with what stood there and what to do."""
    by_rule: dict[tuple[str, str | None, str], list[Rejection]] = {}
    for one in delivery.rejections:
        by_rule.setdefault((one.table, one.column, one.rule), []).append(one)
    ordered = sorted(by_rule.items(), key=lambda item: -len(item[1]))
    for (table, column, rule), rejected in ordered[:SHOWN_PROBLEMS]:
        first = rejected[0]
        values = list(dict.fromkeys(_shown(rule, one.value) for one in rejected if one.value))[:SHOWN_VALUES]
        where = f"{table}.{column}" if column else table
        _line(out, f"  {first.source_file}, row {first.source_row}, {where}: {rule}")
        such = f", such as {_joined(values)}" if values else ""
        _line(out, f"    not so in {len(rejected):,} rows, from this one on{such}")
        advice = next((text for sign, text in _ADVICE if sign in rule), "correct the source and export again")
        _line(out, f"    {advice}.")
    if len(ordered) > SHOWN_PROBLEMS:
        _line(out, f"  and {len(ordered) - SHOWN_PROBLEMS} other kinds of problems")


def _joined(values: list[str]) -> str:
    return ", ".join(f"«{value}»" for value in values)


def _tell_draft(found: Examination, file: Path | None, out: Console) -> None:
    if found.draft is None:
        if not found.readable:
            _line(out, "  No line looks like headings, so no profile can be drafted.")
        return
    _line(out, "")
    _line(
        out, f"Draft profile, for the table {found.draft.table}; {found.draft.open_places} places to fill in:"
    )
    _line(out, "")
    _line(out, found.draft.text)
    if file:
        file.write_text(found.draft.text, encoding="utf-8")
        _line(
            out, f"Written to {file}. Fill it in, then: timerett ingest report FILE --check --profile {file}"
        )
    else:
        _line(out, "To keep it: timerett ingest report FILE --check --draft PROFILE.toml")


def _line(out: Console, text: str) -> None:
    out.print(plain(text, keep="\n"), highlight=False, markup=False, soft_wrap=True)


def _plain(text: str) -> str:
    """Brackets in headings and cells are not the table's own markup."""
    return plain(text).replace("[", "\\[")
