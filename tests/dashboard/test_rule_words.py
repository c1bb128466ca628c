"""A row set aside says what it broke in the reader's language, whatever rule it was."""

import re
from pathlib import Path

import pytest

import ingest
from dashboard.pages.rules import field_words, rule_words
from dashboard.text import LANGUAGES, Text, phrases
from ingest.contract import TABLES
from ingest.erased import RULE
from ingest.quarantine import SHARES_RULE
from ingest.references import ORPHAN_RULE
from ingest.sources.furniture import FIELD_RULE
from ingest.sources.quoted import TOO_LONG_RULE
from ingest.sources.sheet import NO_NUL
from ingest.validation import IDENTITY_RULE, faults

SOURCES = Path(ingest.__file__).parent / "sources"
FOLDERS = ("delimited.py", "mapping.py", "report.py", "fint", "oneroster")


def rules_of_the_contract() -> set[str]:
    """Every way a row of any table can be wrong, given as text or as a time without a zone."""
    named = {IDENTITY_RULE, RULE, SHARES_RULE, FIELD_RULE, TOO_LONG_RULE, NO_NUL, "has 11 fields"}
    for table, schema in TABLES.items():
        named.add(ORPHAN_RULE.format(table=table))
        for given in ("VARCHAR", "TIMESTAMP", "BLOB"):
            named |= {fault.rule for fault in faults(table, dict.fromkeys(schema.columns(), given))}
    return named


def rules_of_the_sources() -> set[str]:
    """What the sources' own code says of rows it could not read, with something in the place of names."""
    files = [file for name in FOLDERS for file in [SOURCES / name, *(SOURCES / name).glob("*.py")]]
    code = "\n".join(file.read_text(encoding="utf-8") for file in files if file.is_file())
    said = re.findall(r"""rule = f?"([^"]+)"|IS_A\w* = f?"([^"]+)"|, "(is [^"]+)", show""", code)
    return {re.sub(r"\{[^}]+\}", "12", next(filter(None, found))) for found in said}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_of_contract_and_sources_has_words_in_every_language(language: str) -> None:
    rules = rules_of_the_contract() | rules_of_the_sources()
    assert len(rules) > 50
    said = [phrase for key, phrase in phrases(language).items() if key.startswith("rule.")]
    forms = [re.sub(r"\\\{\w+\\\}", ".+", re.escape(phrase)) for phrase in said]
    unsaid = [rule for rule in rules if not _is_any(forms, rule_words(rule, Text(language)))]
    assert unsaid == []


def _is_any(forms: list[str], words: str) -> bool:
    return any(re.fullmatch(form, words) for form in forms)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_of_the_contract_has_words_and_its_name(language: str) -> None:
    fields = {field for schema in TABLES.values() for field in schema.columns()}
    named = {key.removeprefix("field.") for key in phrases(language) if key.startswith("field.")}
    assert fields == named
    for field in fields:
        assert str(field_words(field, Text(language))).endswith(f" ({field})")


def test_a_field_of_a_source_stands_as_it_was_written() -> None:
    assert field_words("Fraværskode", Text("nn")) == "Fraværskode"
    assert field_words(None, Text("nn")) is None


def test_a_rule_nobody_foresaw_stands_as_it_was_written() -> None:
    assert rule_words("rhymes with the row above", Text("nb")) == "rhymes with the row above"
