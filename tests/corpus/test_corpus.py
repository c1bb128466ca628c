"""The corpus is as large as it says, no case stands twice in it, and no format is left out."""

from __future__ import annotations

from tests.corpus.corpus import cases, forms
from timerett.ingestion import SOURCES


def test_more_than_a_thousand_deliveries_over_every_format() -> None:
    names = [case.name for case in cases()]
    assert len(names) == len(set(names)) >= 1000
    # The live interface has its own misbehaving server in its tests.
    assert {form.source for form in forms()} == SOURCES.keys() - {"fint-api"}
