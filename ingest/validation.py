"""What must hold of a single row, as SQL made from the contract; the first rule a row breaks is told.

The contract's dataframely schemas are the declaration. A property test holds this SQL against dataframely.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import dataframely as dy
import polars as pl

from ingest.casting import cast, type_rule
from ingest.contract import TABLES
from ingest.contract.ddl import sql_type
from ingest.contract.rules import row_rules
from ingest.plain import listed

ORIGIN = ("source_file", "source_row")
BLANK = "''"
IDENTITY_RULE = "must not hold a national identity number"
# Shorter texts cannot hold one. The exact test is Python's; this one picks the few rows it looks at.
_SHORTEST, _SUSPECT = 11, r"\p{Nd}{6}[ -]?\p{Nd}{5}"
_UUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"


@dataclass(frozen=True)
class Fault:
    """One way a row can be wrong: the SQL that says it is, the column it stands in, the rule in words."""

    check: str
    column: str | None
    rule: str


def column_complaint(table: str, given: Sequence[str]) -> str | None:
    """What is wrong with the columns a table came with, and what was expected; None where nothing is."""
    columns = TABLES[table].columns()
    missing = [name for name, column in columns.items() if name not in given and not column.nullable]
    unknown = [name for name in given if name not in columns]
    if not missing and not unknown:
        return None
    faults = [f"column {name} is missing" for name in missing]
    if len(unknown) == len(given):
        # What stands where no column is known may be data, and data is not for a message.
        faults = ["the first line names none of the columns"]
    else:
        several = f"columns {listed(unknown)} are" if len(unknown) > 1 else f"column {listed(unknown)} is"
        faults += [f"{several} not known"] if unknown else []
    expected = ", ".join(f"{name}{'?' if column.nullable else ''}" for name, column in columns.items())
    return f"{'; '.join(faults)}. Expected the columns {expected} (? may be left out)."


def faults(table: str, given: Mapping[str, str]) -> list[Fault]:
    """Every way a row of the table can be wrong, gravest first; `given` are the types it came with."""
    schema = TABLES[table]
    columns = schema.columns().items()
    came = told(table, given)
    return [
        *(fault for name, column in columns for fault in _type_faults(name, column, came.get(name))),
        *(
            Fault(f'"{name}" IS NULL', name, "must be filled in")
            for name, column in columns
            if not column.nullable
        ),
        *(fault for name, column in columns for fault in _value_faults(name, column)),
        *(Fault(f"NOT ({sql})", None, name.replace("_", " ")) for name, sql in row_rules(schema).items()),
    ]


def _type_faults(name: str, column: dy.Column, given: str | None) -> list[Fault]:
    if given is None:
        return []
    rule = type_rule(column, given)
    if isinstance(column.dtype, pl.Enum):
        values = ", ".join(f"'{value}'" for value in column.dtype.categories)
        return [Fault(f'"{name}" NOT IN ({values})', name, rule)]
    if sql_type(column) in ("VARCHAR", given):
        return []
    return [Fault(f'"{name}" IS NULL AND "raw_{name}" IS NOT NULL', name, rule)]


def _value_faults(name: str, column: dy.Column) -> list[Fault]:
    found = []
    if getattr(column, "min_length", None):
        found.append(Fault(f"\"{name}\" = ''", name, "must be filled in"))
    least = getattr(column, "min", None)
    if least is not None:
        found.append(Fault(f'"{name}" < {least}', name, f"must be at least {least}"))
    form = getattr(column, "regex", None)
    if form:
        found.append(Fault(f"NOT regexp_matches(\"{name}\", '{form}')", name, f"must have the form {form}"))
    return found


def judging(table: str, given: Mapping[str, str], relation: str, *, blank_is_null: bool) -> str:
    """SQL for the rows of a relation: cast, with the number of the first fault and whether one is suspect.

    A row that is neither wrong nor suspect comes without its raw text.
    """
    columns = TABLES[table].columns()
    came = told(table, given)
    raw = [_raw(name, given, came, blank_is_null=blank_is_null) for name in columns]
    typed = [
        f'{cast(_raw_name(name), came.get(name, "VARCHAR"), column)} AS "{name}"'
        for name, column in columns.items()
    ]
    cases = " ".join(f"WHEN {fault.check} THEN {number}" for number, fault in enumerate(faults(table, given)))
    origin = [name if name in given else f"NULL AS {name}" for name in ORIGIN]
    payload = ", ".join(f"'{name}': {_raw_name(name)}::VARCHAR" for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    return f"""
        SELECT {names}, NULL::VARCHAR AS batch_id, source_file::VARCHAR, source_row::BIGINT, fault, suspect,
            CASE WHEN fault IS NOT NULL OR suspect THEN to_json({{{payload}}})::VARCHAR END AS payload
        FROM (
            SELECT *, CASE {cases} END AS fault, {_suspicion(table, came)} AS suspect
            FROM (SELECT *, {", ".join(typed)} FROM (SELECT {", ".join([*raw, *origin])} FROM {relation}))
        )
    """


def told(table: str, given: Mapping[str, str]) -> dict[str, str]:
    """The types as they are judged: whatever stands in a column of texts is a text."""
    columns = TABLES[table].columns()
    return {
        name: "VARCHAR" if sql_type(columns[name]) == "VARCHAR" else dtype
        for name, dtype in given.items()
        if name in columns
    }


def _raw_name(name: str) -> str:
    return f'"raw_{name}"'


def _raw(name: str, given: Mapping[str, str], came: Mapping[str, str], *, blank_is_null: bool) -> str:
    if name not in given:
        return f"NULL::VARCHAR AS {_raw_name(name)}"
    value = f'"{name}"' if came[name] == given[name] else f'"{name}"::VARCHAR'
    return f"{f'nullif({value}, {BLANK})' if blank_is_null else value} AS {_raw_name(name)}"


def _suspicion(table: str, came: Mapping[str, str]) -> str:
    """SQL for whether a text of the row may hold an identity number; a uuid's digits are no reason."""
    whens = []
    for name, column in TABLES[table].columns().items():
        if not came.get(name, "").startswith(("VARCHAR", "ENUM")):
            continue
        text = _raw_name(name)
        # What was read as a day or an instant holds none.
        unread = f'"{name}" IS NULL AND ' if sql_type(column) in ("DATE", "TIMESTAMPTZ") else ""
        whens.append(
            f"WHEN CASE WHEN {unread}strlen({text}) >= {_SHORTEST} THEN "
            f"CASE WHEN regexp_matches({text}, '{_SUSPECT}') "
            f"THEN regexp_matches(regexp_replace({text}, '{_UUID}', '', 'g'), '{_SUSPECT}') END END THEN true"
        )
    return f"CASE {' '.join(whens)} ELSE false END" if whens else "false"
