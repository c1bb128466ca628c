"""Printed documents: readable by a screen reader, complete in themselves, the same however often printed."""

import io
from pathlib import Path

import pypdf
import pytest

from dashboard import documents
from dashboard.documents import About, render

ABOUT = About(
    kind="Rapport",
    place="Syntetia fylke",
    title="12\u202f345 timer er spart",
    as_of="Per 2. mars 2026",
    sources="Bygg fixture-1",
    page="Side {n} av {of}",
    synthetic="Syntetiske data",
    moment="2026-03-02T05:40:00+01:00",
)


@pytest.fixture
def sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A template of two lines beside the product's own."""
    for part in ("paper.typ", "charts.typ", "fonts"):
        (tmp_path / part).symlink_to(documents.FOLDER / part)
    (tmp_path / "two.typ").write_text(
        '#import "paper.typ": data, paper, second\n#show: paper\n#second(data.words)'
    )
    monkeypatch.setattr(documents, "FOLDER", tmp_path)


@pytest.mark.usefixtures("sheet")
def test_a_document_stands_alone_and_is_tagged() -> None:
    printed = render("two", {"about": ABOUT, "words": "*ikke* uthevet #ikke kode"}, "nb")
    read = pypdf.PdfReader(io.BytesIO(printed))
    words = " ".join(read.pages[0].extract_text().split())
    for expected in (
        "Syntetiske data",
        "12 345 timer er spart",
        "Per 2. mars 2026",
        "Side 1 av 1",
        "Bygg fixture-1",
    ):
        assert expected in words
    assert "*ikke* uthevet #ikke kode" in words
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("nb")
    assert render("two", {"about": ABOUT, "words": "*ikke* uthevet #ikke kode"}, "nb") == printed


@pytest.mark.usefixtures("sheet")
def test_a_character_without_a_glyph_does_not_stop_the_document() -> None:
    """Typed in a sheet, as names are."""
    printed = render(
        "two", {"about": ABOUT, "words": "Føre 漢字 ◆ e\u0301n\u200bkel\u00a0sak – 30\u202f%"}, "nb"
    )
    words = " ".join(pypdf.PdfReader(io.BytesIO(printed)).pages[0].extract_text().split())
    assert "Føre ?? ? énkel sak – 30 %" in words
