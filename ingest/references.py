"""What a row must point at, and the school it belongs to by way of that."""

from __future__ import annotations

from ingest.contract import TABLES, references

ORPHAN_RULE = "must point at a known {table}"


def school_join(table: str, row: str) -> tuple[str, str] | None:
    """The SQL expression for a row's school and the join it needs; None where a row has no school."""
    if "school_id" in TABLES[table].columns():
        return f"{row}.school_id", ""
    for column, (parent, key) in references(table).items():
        if "school_id" in TABLES[parent].columns():
            return (
                "parent.school_id",
                f'LEFT JOIN landing."{parent}" AS parent ON parent.{key} = {row}.{column}',
            )
    return None


def missing_parent(table: str, row: str, parents: set[str] | None = None) -> str | None:
    """SQL for the first column of a row that points at nothing; null where all is well."""
    found = _astray(table, row, parents)
    cases = [f"WHEN {astray} THEN '{column}'" for column, astray in found.items()]
    return f"CASE {' '.join(cases)} END" if cases else None


def is_orphan(table: str, row: str, parents: set[str] | None = None) -> str:
    """SQL for whether a row points at nothing: quicker to say of many than at what."""
    return " OR ".join(_astray(table, row, parents).values()) or "false"


def _astray(table: str, row: str, parents: set[str] | None) -> dict[str, str]:
    return {
        column: f"({row}.{column} IS NOT NULL AND {row}.{column} NOT IN "
        f'(SELECT {key} FROM landing."{parent}"))'
        for column, (parent, key) in references(table).items()
        if parents is None or parent in parents
    }


def orphan_rule(table: str, column: str) -> str:
    """SQL for the rule an orphan breaks, given the SQL that names its column."""
    cases = [
        f"WHEN '{name}' THEN '{ORPHAN_RULE.format(table=parent)}'"
        for name, (parent, _) in references(table).items()
    ]
    return f"CASE {column} {' '.join(cases)} END"


def known_school(table: str, payload: str) -> str:
    """SQL for the school of a row that waits, told by itself or by any parent it names; else null."""
    found = [f"({payload} ->> 'school_id')"] if "school_id" in TABLES[table].columns() else []
    for column, (parent, key) in references(table).items():
        if "school_id" in TABLES[parent].columns() and parent != "school":
            found.append(
                f'(SELECT any_value(p.school_id) FROM landing."{parent}" AS p '
                f"WHERE p.{key} = ({payload} ->> '{column}'))"
            )
    return f"coalesce({', '.join(found)})" if found else "NULL::VARCHAR"
