"""The dashboard of a home, put together in this process."""

from pathlib import Path

import pytest
from flask import Flask


def application(home: Path) -> Flask:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIMERETT_HOME", str(home))
        from dashboard.app import create  # noqa: PLC0415 - reads the settings when it is put together

        return create().server
