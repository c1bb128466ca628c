"""A synthetic county from nothing to a dashboard: generate, land, build for every delivery, serve."""

from __future__ import annotations

import shutil
from pathlib import Path

from rich.console import Console

from ingest.progress import progress
from timerett.build import build
from timerett.errors import WrongUseError
from timerett.ingestion import ingest
from timerett.serve import DEFAULT_BIND, serve
from timerett.settings import Settings, settings
from timerett.warehouse import connect

DONE = ".done"
# The other counties' schools come as a register, their rollout in sheets.
SOURCES = (("fint", "fint"), ("report", "reports"), ("landing", "landing"), ("sheet", "sheets"))


def demo(out: Console, *, start_server: bool = True) -> None:
    """What an earlier run has done is not done again."""
    place = settings()
    _refuse_real_data(place)
    county = place.home / "demo"
    synthesise(county)
    deliveries = sorted(folder for folder in county.iterdir() if folder.is_dir())
    for number, delivery in enumerate(deliveries, start=1):
        if (delivery / DONE).exists() and place.current.exists():
            continue
        out.rule(f"Delivery {number} of {len(deliveries)}: {delivery.name}")
        for source, name in SOURCES:
            if (delivery / name).is_dir():
                ingest(source, delivery / name, delta=False, check=False, out=out)
        build(as_of=None, out=out)
        (delivery / DONE).touch()
    if start_server:
        out.print(
            f"The dashboard is on http://{DEFAULT_BIND} (stop with Ctrl-C). Syntetiske data.", highlight=False
        )
        serve()


def synthesise(county: Path) -> None:
    """The county's source files, whole or not at all."""
    if county.exists():
        return
    from ingest.synthetic import generate  # noqa: PLC0415 - only the first run needs it

    unfinished = county.with_name(f"{county.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    generate(unfinished, progress=progress())
    unfinished.rename(county)


def _refuse_real_data(place: Settings) -> None:
    """Invented students must never stand among real ones."""
    if not place.warehouse.exists():
        return
    with connect(place.warehouse) as connection:
        real = connection.execute("SELECT count(*) FROM landing.batch WHERE NOT synthetic").fetchall()[0][0]
    if real:
        raise WrongUseError(
            f"{place.home} holds real deliveries, and the demo would mix invented students with them. "
            "Set TIMERETT_HOME to an empty folder."
        )
