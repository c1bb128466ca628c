"""Cases for OneRoster packages: the archive, its manifest, and the files in it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.corpus.case import (
    ANYTHING,
    NOT_CLEAN,
    READ,
    REFUSED,
    Case,
    Form,
    Harmed,
    Outcome,
    anything,
    nothing,
)
from tests.corpus.good import STUDENTS, csv_text
from tests.corpus.judge import DASHED, NAME, NUMBER, SPACED
from tests.corpus.lines import LineMutation, Lines, cell_mutations, planted
from tests.corpus.places import places
from tests.corpus.text import ENCODINGS, FOREIGN, Bytes
from tests.corpus.textual import TextFile, cut_cases, line_end_cases, quote_cases

_EVERY = "sourcedId,status,dateLastModified"
HEADS = {
    "orgs": f"{_EVERY},name,type,identifier,parentSourcedId",
    "academicSessions": f"{_EVERY},title,type,startDate,endDate,parentSourcedId,schoolYear",
    "courses": f"{_EVERY},schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes",
    "classes": f"{_EVERY},title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,"
    "termSourcedIds,subjects,subjectCodes,periods",
    "users": f"{_EVERY},enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,"
    "identifier,email,sms,phone,agentSourcedIds,grades,password",
    "enrollments": f"{_EVERY},classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate",
}
ROWS = {
    "orgs": [
        "county,,,Fylket,district,99,",
        "o1,,,Ærfugl vgs,school,1001,county",
        "o2,,,Åsen vgs,school,1002,county",
    ],
    "academicSessions": [
        "y25,,,2025-26,schoolYear,2025-08-18,2026-06-20,,2026",
        "h1,,,Høst,semester,2025-08-18,2026-01-16,y25,2026",
        "h2,,,Vår,semester,2026-01-16,2026-06-20,y25,2026",
    ],
    "courses": ["c1,,,y25,Norsk på høyt nivå,NOR1260,Vg1,o1,,"],
    "classes": [f"k{n},,,1A norsk på høyt nivå,Vg1,c1,,scheduled,,o{n},y25,,NOR1260," for n in (1, 2)],
    "users": [f"u{n},,,true,o{1 + n % 2},student,elev{n},,Kari,Ærlig,,,,,,,Vg1," for n in STUDENTS],
    "enrollments": [
        f"e{n},,,k{1 + n % 2},o{1 + n % 2},u{n},student,,2025-08-18,2026-06-19" for n in STUDENTS
    ],
}
MANIFEST = "\n".join(
    [
        *("propertyName,value", "manifest.version,1.0", "oneroster.version,1.1"),
        *(f"file.{name},bulk" for name in HEADS),
        "source.systemName,Prøve",
        "",
    ]
)


def contents() -> dict[str, bytes]:
    files = {f"{name}.csv": _text(name).encode() for name in HEADS}
    return {"manifest.csv": MANIFEST.encode(), **files}


def _text(name: str) -> str:
    lines: Lines = [line.split(",") for line in (HEADS[name], *ROWS[name])]
    return csv_text(lines[0], lines[1:], ",")


def write_folder(folder: Path) -> None:
    for name, content in contents().items():
        (folder / name).write_bytes(content)


def write_zip(folder: Path) -> None:
    (folder / "pakke.zip").write_bytes(packed(contents()))


def packed(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


FOLDER = Form("OneRoster folder", "oneroster", write_folder)
ZIP = Form("OneRoster zip", "oneroster", write_zip, None, "pakke.zip")


def cases() -> Iterator[Case]:
    yield from _folder()
    yield from _archive()
    yield from _manifest()


def _folder() -> Iterator[Case]:
    file, users = TextFile(FOLDER, "enrollments.csv", ","), TextFile(FOLDER, "users.csv", ",")
    for mutation, change in FOREIGN.items():
        yield file.case(mutation, change, ANYTHING if mutation in _DOUBTFUL else REFUSED, anything)
    for mutation, change in ENCODINGS.items():
        yield users.case(mutation, change, ANYTHING, anything)
    for case in (*cut_cases(users, 7), *quote_cases(file), *line_end_cases(file)):
        yield Case(FOLDER, case.mutation, case.spoil, ANYTHING, anything, case.file)
    for column, texts in {
        "beginDate": (
            "0000-00-00",
            "31.02.2026",
            "9999-12-31",
            "i går",
            "",
            "2025-08-18T00:00:00Z",
            "45000",
            "=1",
        ),
        "role": ("rektor", "", "STUDENT", NAME),
        "userSourcedId": ("u999", "", NUMBER, "\u202eu1", "u1"),
        "status": ("tobedeleted", "active", "borte", ""),
    }.items():
        for mutation, lines in cell_mutations(column, dict.fromkeys(texts, ANYTHING), column).items():
            yield Case(
                FOLDER,
                f"enrollments.csv, {mutation}",
                file.of_lines(mutation, lines).spoil,
                ANYTHING,
                anything,
                file.name,
            )
    for position, (name, head) in enumerate(HEADS.items()):
        number = (NUMBER, SPACED, DASHED)[position % 3]
        line = min(4, len(ROWS[name]) + 1)
        plant = LineMutation(planted(head.split(","), number, line), ANYTHING, None)
        case = TextFile(FOLDER, f"{name}.csv", ",").of_lines("identity number in every column", plant)
        yield Case(FOLDER, case.mutation, case.spoil, ANYTHING, anything, case.file)
    for name in HEADS:
        yield Case(
            FOLDER,
            f"{name}.csv is missing",
            lambda folder, name=name: (folder / f"{name}.csv").unlink(),
            REFUSED,
            anything,
            f"{name}.csv",
        )  # type: ignore[misc]
    yield Case(FOLDER, "the same user twice", _doubled, READ, nothing, None)
    yield from places(FOLDER, "enrollments.csv", alone=False)


_DOUBTFUL = ("UTF-16 without its mark", "NUL byte in the middle", "tail zeroed by a loss of power")


def _doubled(folder: Path) -> None:
    text = (folder / "users.csv").read_text(encoding="utf-8")
    (folder / "users.csv").write_text(text + text.splitlines()[-1] + "\n", encoding="utf-8")


def _archive() -> Iterator[Case]:
    def binary(
        mutation: str, change: Bytes, ends: frozenset[Outcome] = REFUSED, harmed: Harmed = anything
    ) -> Case:
        def spoil(folder: Path) -> None:
            (folder / "pakke.zip").write_bytes(change((folder / "pakke.zip").read_bytes()))

        return Case(ZIP, f"pakke.zip, {mutation}", spoil, ends, harmed, "pakke.zip")

    def members(
        mutation: str, change: Callable[[dict[str, bytes]], dict[str, bytes]], ends: frozenset[Outcome]
    ) -> Case:
        return binary(mutation, lambda _: packed(change(contents())), ends)

    for share in (2, 30, 60, 95, 99):
        yield binary(f"cut at {share} %", lambda content, share=share: content[: len(content) * share // 100])  # type: ignore[misc]
    for place in range(5, 100, 15):
        yield binary(
            f"bit flipped at {place} %", lambda content, place=place: _flipped(content, place), ANYTHING
        )  # type: ignore[misc]
    for mutation in (
        "empty file",
        "only NUL bytes",
        "web server's error page",
        "packed with gzip",
        "all bytes 0xFF",
    ):
        yield binary(mutation, FOREIGN[mutation])
    yield binary("empty archive", lambda _: packed({}))
    yield binary("an archive in an archive", lambda content: packed({"pakke.zip": content}))
    yield binary(
        "marked as encrypted",
        lambda content: content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"),
        ANYTHING,
    )
    yield members(
        "files that climb out of it",
        lambda files: {f"../../{name}": one for name, one in files.items()},
        ANYTHING,
    )
    yield members(
        "files at the root of the machine",
        lambda files: {f"/etc/{name}": one for name, one in files.items()},
        ANYTHING,
    )
    yield members(
        "files in a folder", lambda files: {f"mappe/{name}": one for name, one in files.items()}, ANYTHING
    )
    yield members(
        "file names in capitals", lambda files: {name.upper(): one for name, one in files.items()}, ANYTHING
    )
    yield members(
        "file named by an identity number", lambda files: {**files, f"{NUMBER}.csv": b"x"}, ANYTHING
    )
    yield members(
        "file name with terminal codes", lambda files: {**files, "\x1b[31m\u202e.csv": b"x"}, ANYTHING
    )
    yield members(
        "a thousand other files", lambda files: {**files, **{f"f{n}.csv": b"" for n in range(1000)}}, ANYTHING
    )
    empty = "every file empty"
    every = dict.fromkeys(contents(), b"")
    yield Case(
        ZIP,
        empty,
        lambda folder: (folder / "pakke.zip").write_bytes(packed(every)),
        REFUSED,
        anything,
        "manifest.csv",
    )
    yield members(
        "every file nothing but its header",
        lambda files: {
            **{name: one.split(b"\n")[0] + b"\n" for name, one in files.items()},
            "manifest.csv": files["manifest.csv"],
        },
        ANYTHING,
    )
    yield members(
        "200 MB of blanks in 200 kB",
        lambda files: {**files, "users.csv": files["users.csv"] + b" " * 200_000_000},
        NOT_CLEAN,
    )
    yield binary("same name twice", _twice, ANYTHING)


def _twice(_: bytes) -> bytes:
    held = io.BytesIO(packed(contents()))
    with zipfile.ZipFile(held, "a") as archive:
        archive.writestr(zipfile.ZipInfo("USERS.csv"), b"x")
    return held.getvalue()


def _flipped(content: bytes, share: int) -> bytes:
    place = len(content) * share // 100
    return content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :]


def _manifest() -> Iterator[Case]:
    file = TextFile(FOLDER, "manifest.csv", ",")
    for mutation, new in {
        "manifest without a file": MANIFEST.replace("file.users,bulk\n", ""),
        "manifest says a file is absent": MANIFEST.replace("file.users,bulk", "file.users,absent"),
        "manifest of an unknown mode": MANIFEST.replace("file.users,bulk", "file.users,halvveis"),
        "manifest of version 9": MANIFEST.replace("version,1.1", "version,9.9"),
        "manifest without a version": MANIFEST.replace("oneroster.version,1.1\n", ""),
        "manifest that contradicts itself": MANIFEST + "file.users,delta\n",
        "manifest of delta": MANIFEST.replace("bulk", "delta"),
        "manifest with an identity number": MANIFEST.replace("Prøve", f"{NAME} {NUMBER}"),
        "manifest of terminal codes": MANIFEST.replace("file.users,bulk", "file.users,\x1b[31m\u202e"),
    }.items():
        yield file.case(mutation, lambda _, new=new: new.encode(), ANYTHING, anything)  # type: ignore[misc]
    for mutation in ("empty file", "web server's error page", "only NUL bytes", "packed with zip"):
        yield file.case(mutation, FOREIGN[mutation], REFUSED, anything)
