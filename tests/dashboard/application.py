"""The dashboard of a home, put together in this process."""

from pathlib import Path

import pytest
from flask import Flask

MORE_THAN_ANY_TEST_ASKS = 10_000_000


def application(home: Path, *, as_often_as_it_likes: bool = False) -> Flask:
    """One that many tests ask from one address is not to hold them up: what it can bear is another test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIMERETT_HOME", str(home))
        from dashboard.access import limits  # noqa: PLC0415 - as below
        from dashboard.app import create  # noqa: PLC0415 - reads the settings when it is put together

        if as_often_as_it_likes:
            for rates in (limits.OF_AN_ACCOUNT, limits.OF_AN_ADDRESS):
                for kind in rates:
                    patch.setitem(rates, kind, limits.Rate(MORE_THAN_ANY_TEST_ASKS, 1))
        return create().server
