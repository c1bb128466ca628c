"""The data dictionary of what the outside may read, written from the models' own contracts.

`python -m timerett.dictionary` writes docs/marts.md anew; a test compares the two.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
MODELS = ROOT / "dbt_project" / "models" / "marts"
PAGE = ROOT / "docs" / "marts.md"

HEAD = """# What the outside may read

Schema `marts` of the published file. Names and types are fixed: notebooks, exports and county scripts
build on them. Minutes are whole. This page is written from the contracts in `dbt_project/models/marts/`;
the published file carries the same words in `marts.column_definition`.
"""


def marts_page() -> str:
    """The dictionary, in Markdown: a section a table, by name."""
    models = sorted(
        (model for file in MODELS.glob("*.yml") for model in _models(file)),
        key=lambda model: str(model["name"]),
    )
    return "\n".join([HEAD, *(_section(model) for model in models)])


def _models(file: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load(file.read_text(encoding="utf-8")).get("models", []))


def _section(model: dict[str, Any]) -> str:
    rows = [
        f"| {column['name']} | {column['data_type']} | {_cell(column['description'])} |"
        for column in model["columns"]
    ]
    table = ["| column | type | meaning |", "| --- | --- | --- |", *rows]
    return f"## {model['name']}\n\n{_cell(model['description'])}\n\n" + "\n".join(table) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(marts_page(), encoding="utf-8")
