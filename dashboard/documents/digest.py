"""The weekly digest on paper: the same words as in the mail, on one page."""

from typing import Any

from dashboard.digest import Digest, Section
from dashboard.documents import about, render
from dashboard.queries.common import Publication
from dashboard.text import Text

HALF = ("recovery", "changed")
"""Side by side at the top: what helps most, and what has changed."""


def paper(digest: Digest, publication: Publication) -> bytes:
    text = Text(digest.language)
    found = {section.name: _filled(section) for section in digest.sections}
    filled: dict[str, Any] = {
        "about": about(
            text,
            publication,
            kind=digest.kind,
            place=digest.place,
            title=digest.title,
            sources=text("digest.sources", build=publication.build_id),
        ),
        "notice": digest.notice,
        "second": digest.second,
        "do": digest.do,
        "figures": [{"term": f.term, "figure": f.figure, "note": f.note} for f in digest.figures],
        "bar": [
            {"status": b.status, "words": f"{b.sign} {b.words}", "count": b.count, "share": b.share}
            for b in digest.bar
        ],
        "bar-alt": "; ".join(f"{b.words} {b.count}" for b in digest.bar),
        "top": [found[name] for name in HALF if name in found],
        "rest": [one for name, one in found.items() if name not in HALF],
        "notes": [digest.hidden, *digest.foot[:-1]],
        "link": {"words": digest.page_words, "address": digest.page},
    }
    return render("digest", filled, digest.language)


def _filled(section: Section) -> dict[str, Any]:
    listing = section.listing
    return {
        "title": section.title,
        "words": list(section.words),
        "columns": [{"head": head, "numeric": n} for head, n in listing.columns] if listing else [],
        "rows": [list(row) for row in listing.rows] if listing else [],
        "sum": bool(listing and listing.ends_in_sum),
    }
