"""What is asked for: FINT's resources by their addresses, and which of them may come as changes."""

from __future__ import annotations

from ingest.sources.fint_api.connection import Connection

# Nothing can be said about anyone without these.
REQUIRED = ("utdanning/utdanningsprogram/skole", "utdanning/elev/elev", "utdanning/elev/elevforhold")
# A class that belongs to several components is served by each of them, with the persons it knows.
PATHS = (
    *REQUIRED,
    "utdanning/elev/person",
    "utdanning/elev/klasse",
    "utdanning/elev/klassemedlemskap",
    "utdanning/elev/skoleressurs",
    "utdanning/elev/undervisningsforhold",
    "utdanning/elev/varsel",
    "utdanning/utdanningsprogram/arstrinn",
    "utdanning/utdanningsprogram/programomrade",
    "utdanning/utdanningsprogram/programomrademedlemskap",
    "utdanning/timeplan/fag",
    "utdanning/timeplan/faggruppe",
    "utdanning/timeplan/faggruppemedlemskap",
    "utdanning/timeplan/undervisningsgruppe",
    "utdanning/timeplan/undervisningsgruppemedlemskap",
    "utdanning/timeplan/time",
    "utdanning/timeplan/eksamen",
    "utdanning/vurdering/eksamensgruppe",
    "utdanning/vurdering/eksamensgruppemedlemskap",
    "utdanning/vurdering/elevfravar",
    "utdanning/vurdering/fravarsregistrering",
    "utdanning/vurdering/aktivitetsfravar",
    "utdanning/vurdering/fravarsoversikt",
    "utdanning/kodeverk/elevkategori",
    "utdanning/kodeverk/fagstatus",
    "utdanning/kodeverk/fravarstype",
    "utdanning/kodeverk/skolear",
    "utdanning/kodeverk/skoleeiertype",
    "utdanning/kodeverk/termin",
    "administrasjon/personal/person",
    "administrasjon/personal/personalressurs",
    "administrasjon/organisasjon/organisasjonselement",
    "felles/kodeverk/fylke",
    "felles/kodeverk/kommune",
)
# Resources nothing else links to, by the table they make: a delta may bring their changes alone. Those that
# make one table come the same way.
CHANGING = (
    frozenset({"time"}),
    frozenset({"fravarsregistrering", "aktivitetsfravar"}),
    frozenset({"fravarsoversikt"}),
    frozenset({"varsel"}),
)


def resource_of(path: str) -> str:
    return path.rpartition("/")[2].lower()


def paths_of(connection: Connection) -> list[str]:
    """The addresses to ask, those the connection file moves or leaves out included."""
    found = [path for path in PATHS if resource_of(path) not in connection.paths]
    found += [path.strip("/") for paths in connection.paths.values() for path in paths]
    skipped = {path.strip("/").lower() for path in connection.skip}
    return [path for path in dict.fromkeys(found) if path.lower() not in skipped]


def changing_with(path: str) -> frozenset[str]:
    """The resources that come the same way as this one, be it as changes or whole; none for the others."""
    resource = resource_of(path)
    return next((group for group in CHANGING if resource in group), frozenset())
