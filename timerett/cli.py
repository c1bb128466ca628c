"""The command `timerett`."""

from __future__ import annotations

import logging
import sys
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
out = Console()


@app.command()
def ingest(
    source: Annotated[str, typer.Argument(help="fint, report or landing")],
    path: Annotated[Path, typer.Argument(help="Folder or file of the delivery")],
    delta: Annotated[bool, typer.Option("--delta", help="Changes only: nothing is removed")] = False,
    check: Annotated[bool, typer.Option("--check", help="Validate and report, land nothing")] = False,
) -> None:
    """Validate a delivery and land it."""
    from timerett.ingestion import ingest as run  # noqa: PLC0415

    run(source, path, delta=delta, check=check, out=out)


@app.command()
def build(
    as_of: Annotated[
        str | None, typer.Option(help="Date of the figures, 2026-03-02; else the latest extract's")
    ] = None,
) -> None:
    """Compute the figures and publish them."""
    from timerett.build import build as run  # noqa: PLC0415

    run(as_of=as_of, out=out)


def main() -> None:
    """Run the command; errors for people on standard error, never a stack trace."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger().setLevel(logging.WARNING)
    logging.getLogger("timerett").setLevel(logging.INFO)
    from timerett.errors import exit_code  # noqa: PLC0415

    code = 0
    try:
        app()
    except Exception as problem:
        code = exit_code(problem)
    sys.exit(code)
