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
            {"status": b.status, "words": b.words, "count": b.count, "share": b.share} for b in digest.bar
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
    steps = _bridge(section)
    return {
        "title": section.title,
        "words": list(section.words),
        "columns": [{"head": head, "numeric": n} for head, n in listing.columns] if listing else [],
        "rows": [list(row) for row in listing.rows] if listing else [],
        "roomy": listing.roomy if listing else 0,
        "steps": steps,
        "alt": "; ".join(f"{name} {said}" for name, _, said in section.steps),
    }


def _bridge(section: Section) -> list[dict[str, Any]]:
    """Each cause begins where the one before it ended; the last stands on its own."""
    steps: list[dict[str, Any]] = []
    reached = 0.0
    for i, (name, minutes, said) in enumerate(section.steps):
        last = i == len(section.steps) - 1
        start = 0.0 if last else reached
        reached = start + minutes / 60
        kind = "ink" if last else "warm" if minutes > 0 else "good"
        steps.append(
            {
                "name": name,
                "from": start,
                "to": reached,
                "low": reached,
                "high": reached,
                "figure": said,
                "kind": kind,
            }
        )
    return steps
