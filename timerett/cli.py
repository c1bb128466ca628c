"""The command `timerett`."""

from __future__ import annotations

import logging
import sys
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Did every student get the instruction they are entitled to?",
)
keys_app = typer.Typer(no_args_is_help=True, help="The keys of pseudonyms and of the identity store.")
app.add_typer(keys_app, name="keys")
audit_app = typer.Typer(no_args_is_help=True, help="The log of looks at named students.")
app.add_typer(audit_app, name="audit")
# Off a terminal nothing is folded to a guessed width.
out = Console(width=None if sys.stdout.isatty() else 160)


class KeyName(Enum):
    identity = "identity"
    pseudonym = "pseudonym"


@app.command()
def ingest(
    source: Annotated[str, typer.Argument(help="fint, fint-api, report, oneroster, sheet or landing")],
    path: Annotated[Path, typer.Argument(help="The delivery's folder or file; the API's connection file")],
    *,
    delta: Annotated[bool, typer.Option("--delta", help="Changes only: nothing is removed")] = False,
    check: Annotated[bool, typer.Option("--check", help="Validate and report, land nothing")] = False,
    profile: Annotated[Path | None, typer.Option(help="A report's profile, a TOML file")] = None,
    draft: Annotated[Path | None, typer.Option(help="With --check: where a drafted profile goes")] = None,
) -> None:
    """Validate a delivery and land it."""
    from timerett.checking import check_report, is_for_reports  # noqa: PLC0415
    from timerett.ingestion import ingest as run  # noqa: PLC0415

    if is_for_reports(source, path, check=check, draft=draft):
        check_report(path, delta=delta, profile=profile, draft=draft, out=out)
        return
    run(source, path, delta=delta, check=check, out=out, profile=profile)


@app.command()
def build(
    as_of: Annotated[
        str | None, typer.Option(help="Date of the figures; else the day before the newest extract")
    ] = None,
) -> None:
    """Compute the figures and publish them."""
    from timerett.build import build as run  # noqa: PLC0415

    run(as_of=as_of, out=out)


@app.command()
def close(
    year: Annotated[str, typer.Argument(help="A school year that is over, as 2018-19")],
) -> None:
    """Freeze the published figures of a school year; later data go to the page of corrections."""
    from timerett.closing import close as run  # noqa: PLC0415

    run(year, out)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Where the files go")],
    tables: Annotated[list[str] | None, typer.Argument(help="Tables; all where none is named")] = None,
    file_format: Annotated[str, typer.Option("--format", help="parquet, csv or xlsx")] = "parquet",
) -> None:
    """Write the published figures as files."""
    from timerett.export import export as run  # noqa: PLC0415

    run(folder, file_format, tables or [], out)


@app.command()
def report(
    name: Annotated[str, typer.Argument(help="Which report: authority or steering")],
    file: Annotated[Path, typer.Argument(help="Where the PDF goes")],
    *,
    county: Annotated[str | None, typer.Option(help="County number; else all counties together")] = None,
    school: Annotated[str | None, typer.Option(help="authority: the answer for one school")] = None,
    year: Annotated[
        str | None, typer.Option(help="authority: school year, as 2018-19; else the newest")
    ] = None,
    language: Annotated[str, typer.Option(help="nb, nn or en")] = "nb",
) -> None:
    """Write a report as a PDF of its own."""
    from timerett.report import About  # noqa: PLC0415
    from timerett.report import report as run  # noqa: PLC0415

    run(name, file, About(county, school, year), language, out)


@app.command()
def digest(
    folder: Annotated[Path, typer.Argument(help="A new folder: a page, a mail and a PDF for each")],
    *,
    county: Annotated[str | None, typer.Option(help="County number; else every county")] = None,
    school: Annotated[str | None, typer.Option(help="School number; else the county and its schools")] = None,
    language: Annotated[str, typer.Option(help="nb, nn or en")] = "nb",
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="What changed since this date; else since a week before"),
    ] = None,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day it is for; else today")
    ] = None,
    addresses: Annotated[
        Path | None, typer.Option(help="TOML file: the sender, and who gets which mail")
    ] = None,
) -> None:
    """Write the weekly digest of each county and school, ready for the mail server."""
    from timerett.digest import Wanted  # noqa: PLC0415
    from timerett.digest import digest as run  # noqa: PLC0415

    days = {"since": since and since.date(), "on": on and on.date()}
    run(folder, Wanted(county, school, language, addresses=addresses, **days), out)


@app.command()
def sheets(
    folder: Annotated[Path, typer.Argument(help="Where the workbooks go")],
    *,
    county: Annotated[str | None, typer.Option(help="County number; else one workbook per county")] = None,
    file_format: Annotated[str, typer.Option("--format", help="xlsx or csv")] = "xlsx",
    unconfirmed: Annotated[
        bool, typer.Option("--unconfirmed", help="Past lessons that no register confirms, to be answered")
    ] = False,
    school: Annotated[str | None, typer.Option(help="With --unconfirmed: one school's number")] = None,
    since: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="With --unconfirmed: first day")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="With --unconfirmed: last day")
    ] = None,
) -> None:
    """Write the workbooks people fill in, to be read by `timerett ingest sheet`."""
    from timerett.sheets import Period, write_forms, write_unconfirmed  # noqa: PLC0415

    if unconfirmed:
        period = Period(since.date() if since else date.min, until.date() if until else date.max)
        write_unconfirmed(folder, school, period, out)
    else:
        write_forms(folder, county, file_format, out)


@app.command()
def status() -> None:
    """What is loaded, how old it is, and what failed."""
    from timerett.status import status as run  # noqa: PLC0415

    run(out)


@app.command()
def serve(
    bind: Annotated[str, typer.Option(help="Address and port")] = "127.0.0.1:8050",
    workers: Annotated[int, typer.Option(min=1)] = 2,
) -> None:
    """Serve the dashboard."""
    from timerett.serve import serve as run  # noqa: PLC0415

    run(bind, workers)


@app.command()
def claims(
    file: Annotated[Path, typer.Argument(help="A person's claims, as one JSON object")],
) -> None:
    """Which roles a person with these claims gets at sign-in."""
    from dashboard.access.sign_in.trying import try_claims  # noqa: PLC0415

    try_claims(file, out)


@app.command()
def synth(
    folder: Annotated[Path, typer.Argument(help="An empty or new folder")],
    schools: Annotated[int, typer.Option(min=1)] = 12,
    years: Annotated[str, typer.Option(help="School years, separated by commas")] = "2025-26",
    seed: Annotated[int, typer.Option()] = 1,
    oneroster: Annotated[bool, typer.Option("--oneroster", help="Also as OneRoster packages")] = False,
) -> None:
    """Write a synthetic county's source files."""
    from ingest.progress import progress  # noqa: PLC0415
    from ingest.school_year import school_year  # noqa: PLC0415
    from ingest.synthetic import generate  # noqa: PLC0415
    from timerett.errors import WrongUseError  # noqa: PLC0415

    if folder.exists() and any(folder.iterdir()):
        raise WrongUseError(f"{folder}: is not empty. Name a new folder.")
    wrong = [year for year in years.split(",") if school_year(year) != year]
    if wrong:
        raise WrongUseError(f"--years {', '.join(wrong)}: not a school year. Write it as 2025-26.")
    folder.mkdir(parents=True, exist_ok=True)
    generate(
        folder,
        schools=schools,
        years=years.split(","),
        seed=seed,
        oneroster=oneroster,
        progress=progress(),
    )
    out.print(f"Synthetic deliveries are in {folder}.", highlight=False)


@app.command()
def demo() -> None:
    """A synthetic county from nothing to the dashboard."""
    from timerett.demo import demo as run  # noqa: PLC0415

    run(out)


@app.command()
def erase(
    student: Annotated[
        str | None, typer.Argument(help="Pseudonym; without it the identity number is asked for, unseen")
    ] = None,
) -> None:
    """Remove everything held about one student, for good."""
    from timerett.erase import erase as run  # noqa: PLC0415

    run(student, out)


@app.command()
def retention(
    apply: Annotated[bool, typer.Option("--apply", help="Remove it; else only show what would go")] = False,
) -> None:
    """Let go of students of school years older than TIMERETT_RETENTION_YEARS closed ones."""
    from timerett.retention import retention as run  # noqa: PLC0415

    run(out, apply=apply)


@keys_app.command()
def rotate(which: Annotated[KeyName, typer.Argument(help="identity or pseudonym")]) -> None:
    """Put a new key in the place of one, and make anew what was made with the old."""
    from timerett.keys import rotate as run  # noqa: PLC0415

    run(which.value, out)


@audit_app.command()
def verify(
    head: Annotated[str | None, typer.Option(help="What an earlier verify told you to note")] = None,
) -> None:
    """Whether the log is whole and unaltered; else what was altered, from which line."""
    from timerett.auditing import verify as run  # noqa: PLC0415

    run(head, out)


@audit_app.command("list")
def list_looks(
    student: Annotated[str | None, typer.Option(help="Looks at this pseudonym")] = None,
    *,
    number: Annotated[
        bool, typer.Option("--number", help="Looks at the identity number asked for, unseen")
    ] = False,
    who: Annotated[str | None, typer.Option(help="Looks by this account")] = None,
    since: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day")] = None,
    until: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day")] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write a file instead")] = None,
    language: Annotated[str, typer.Option(help="nb, nn or en")] = "nb",
) -> None:
    """Who looked at whom, when and why allowed: for answering somebody who asks."""
    from timerett.auditing import listed  # noqa: PLC0415

    listed(
        student,
        number=number,
        who=who,
        since=since.date() if since else None,
        until=until.date() if until else None,
        file=csv,
        language=language,
        out=out,
    )


def main() -> None:
    """Run the command; errors for people on standard error, never a stack trace."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger().setLevel(logging.WARNING)
    logging.getLogger("timerett").setLevel(logging.INFO)
    # A log that cannot be written, as on a full disk, is no reason to print where in the code.
    logging.raiseExceptions = False
    from timerett.errors import exit_code  # noqa: PLC0415

    code = 0
    try:
        app()
    except Exception as problem:
        code = exit_code(problem)
    sys.exit(code)
