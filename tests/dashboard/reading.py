"""A page as the reader gets it, in plain letters."""

import json
from typing import Any

from flask import Flask

from tests.dashboard.test_pages import page


def read(server: Flask, path: str, search: str = "", **environ: Any) -> str:
    return json.dumps(json.loads(page(server, path, search, **environ)), ensure_ascii=False)
