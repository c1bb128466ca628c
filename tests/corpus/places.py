"""What is wrong with a delivery is not in a file but with it: where it lies, its name, its manifest."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.corpus.case import (
    ANYTHING,
    LANDED,
    READ,
    REFUSED,
    Case,
    Form,
    Outcome,
    anything,
    whole,
)
from tests.corpus.judge import NUMBER


def places(form: Form, name: str, *, alone: bool = True) -> Iterator[Case]:
    """What is wrong is not in the file but with it. `name` is a leaf file of the form's delivery."""

    def case(
        mutation: str,
        spoil: Callable[[Path], object],
        ends: frozenset[Outcome] = REFUSED,
        *,
        file: str | None = name,
        target: str | None = None,
    ) -> Case:
        return Case(form, mutation, spoil, ends, whole(name), file, target, alone=alone)

    suffix = Path(name).suffix

    def replaced_by(make: Callable[[Path], object]) -> Callable[[Path], None]:
        def spoil(folder: Path) -> None:
            (folder / name).unlink()
            make(folder / name)

        return spoil

    def moved(folder: Path) -> None:
        elsewhere = folder.parent / f"elsewhere{suffix}"
        shutil.move(folder / name, elsewhere)
        (folder / name).symlink_to(elsewhere)

    yield case("folder named as a file", replaced_by(Path.mkdir))
    yield case("link that leads nowhere", replaced_by(lambda file: file.symlink_to("nowhere")))
    yield case("link to itself", replaced_by(lambda file: file.symlink_to(file.name)))
    yield case("link to a device without end", replaced_by(lambda file: file.symlink_to("/dev/zero")))
    yield case("link to an empty device", replaced_by(lambda file: file.symlink_to("/dev/null")))
    yield case("pipe that nobody writes to", replaced_by(os.mkfifo))
    yield case("link to a file elsewhere", moved, LANDED)
    yield case("link to a folder", replaced_by(lambda file: file.symlink_to("/")), REFUSED)


def folders(form: Form, name: str) -> Iterator[Case]:
    """What is wrong is with the folder."""
    suffix = Path(name).suffix

    def emptied(folder: Path) -> None:
        shutil.rmtree(folder)
        folder.mkdir()

    def renamed(new: str) -> Callable[[Path], object]:
        return lambda folder: (folder / name).rename(folder / new)

    def named_in_bytes(folder: Path) -> None:
        shutil.copy(folder / name, os.fsencode(folder) + b"/abs\xe6nce" + suffix.encode())

    def case(
        mutation: str,
        spoil: Callable[[Path], object],
        ends: frozenset[Outcome],
        file: str | None = None,
        target: str | None = None,
    ) -> Case:
        return Case(form, mutation, spoil, ends, whole(name), file, target)

    yield case("folder that is not there", lambda folder: None, REFUSED, "borte", "borte")
    yield case("empty folder", emptied, REFUSED)
    yield case("a file in place of the folder", lambda folder: None, ANYTHING, name, name)
    yield case("file of an unknown name", renamed(f"fravaer{suffix}"), REFUSED, f"fravaer{suffix}")
    yield case("file name in capitals", renamed(name.upper()), ANYTHING, name.upper())
    yield case("file named by an identity number", renamed(f"{NUMBER}{suffix}"), REFUSED)
    yield case("file name with terminal codes", renamed(f"\x1b[31m\u202e{suffix}"), REFUSED)
    yield case("file name with a line break", renamed(f"to\nlinjer{suffix}"), REFUSED)
    yield case("file name that is no text", named_in_bytes, REFUSED)
    yield case(
        "note beside the tables",
        lambda folder: (folder / "les meg.txt").write_text("Hei"),
        ANYTHING,
        "les meg.txt",
    )
    yield case("hidden file", lambda folder: (folder / ".DS_Store").write_bytes(b"\x00"), LANDED)
    yield case("folder beside the tables", lambda folder: (folder / "gammelt").mkdir(), ANYTHING, "gammelt")


def manifests(form: Form) -> Iterator[Case]:
    """`delivery.json` itself."""
    stated = '{{"extracted_at": {}, "county_number": {}}}'
    when, county = '"2026-03-03T05:00:00+01:00"', '"99"'
    good_county = {
        "manifest: county as a number": ("99", READ),
        "manifest: county as a list": ('["99"]', ANYTHING),
        "manifest: county of three digits": ('"099"', ANYTHING),
        "manifest: county is an identity number": (f'"{NUMBER}"', ANYTHING),
    }
    texts: dict[str, tuple[str, frozenset[Outcome]]] = {
        "manifest: empty": ("", REFUSED),
        "manifest: not JSON": ("extracted_at: 2026-03-03", REFUSED),
        "manifest: a list": ("[]", REFUSED),
        "manifest: null": ("null", REFUSED),
        "manifest: nested 100,000 deep": ("[" * 100_000, REFUSED),
        "manifest: web page": ("<html></html>", REFUSED),
        "manifest: time without zone": (stated.format('"2026-03-03T05:00:00"', county), REFUSED),
        "manifest: no time": (stated.format('"i dag"', county), REFUSED),
        "manifest: time as a number": (stated.format("20260303", county), REFUSED),
        "manifest: a number of 5,000 digits": (stated.format("9" * 5000, county), REFUSED),
        "manifest: end of time": (stated.format('"9999-12-31T23:59:59-12:00"', county), ANYTHING),
        "manifest: before all time": (stated.format('"0001-01-01T00:00:00+12:00"', county), ANYTHING),
        "manifest: year 9999": (stated.format('"9999-06-01T00:00:00Z"', county), ANYTHING),
        "manifest: half a surrogate pair": (stated.format(when, r'"\ud800"'), ANYTHING),
        **{name: (stated.format(when, text), ends) for name, (text, ends) in good_county.items()},
    }
    for mutation, (text, ends) in texts.items():

        def spoil(folder: Path, text: str = text) -> None:
            (folder / "delivery.json").write_text(text, encoding="utf-8")

        yield Case(form, mutation, spoil, ends, anything, "delivery.json")
    yield Case(
        form,
        "manifest: in UTF-16",
        lambda folder: (folder / "delivery.json").write_bytes("{}".encode("utf-16")),
        REFUSED,
        anything,
        "delivery.json",
    )
    yield Case(
        form,
        "manifest: a folder",
        lambda folder: ((folder / "delivery.json").unlink(), (folder / "delivery.json").mkdir()),
        ANYTHING,
        anything,
        "delivery.json",
    )
