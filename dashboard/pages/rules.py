"""What a row set aside broke, and in which field; the contract and the sources say it in English."""

import re
from functools import cache

from dashboard.pages.words import worded
from dashboard.text import Text

PLAIN = {
    "must be filled in": "filled",
    "must be a whole number": "whole_number",
    "is a whole number": "whole_number",
    "is a whole number of minutes": "whole_minutes",
    "must be a number with a decimal point": "decimal",
    "is a number": "number",
    "is a number that fits": "number",
    "must be a date, like 2018-09-03": "date",
    "is a date": "date",
    "is a date as 2025-08-18": "date",
    "must be true or false": "yes_or_no",
    "is a yes or no (ja, nei)": "yes_or_no",
    "must be text": "text",
    "it is text: it holds no NUL byte": "text",
    "must have a time zone": "time_zone",
    "must be a time with Z or an offset, like 2018-09-03T08:00:00Z": "time_zone",
    "is a date and a local time that exists": "local_time",
    "must not hold a national identity number": "identity",
    "must not be of an erased student or a school year that was let go": "erased",
    "must, with the other shares, sum to at most the lesson": "shares",
    "closes after it opens": "closes",
    "valid to is not before valid from": "valid",
    "lies in norway": "norway",
    "end is not before start": "ends",
    "ends after it starts": "ends",
    "is after startDate": "ends",
    "has a lesson or a period or minutes": "lesson_or_period",
    "lasts no longer than a day": "one_day",
    "does not replace itself": "not_itself",
    "identifier is the school number (skolenummer)": "school_number",
    "lies in a known county: put county_number in delivery.json": "county",
    "schoolSourcedId names a school of orgs.csv": "school_named",
    "its organisation is a school of orgs.csv with a school number": "school_named",
    "termSourcedIds names a session of academicSessions.csv": "term_named",
    "has a beginDate, or a class of classes.csv with a session": "begins",
    "its user is in users.csv of the same package": "user_named",
    "is active or tobedeleted": "active",
    "has a sourcedId": "has_id",
    "stands once in its file": "once",
}
FORMS = {
    r"must point at a known (?P<table>\w+)": "known",
    r"(?P<what>.+) is part of the delivery": "delivered",
    r"must be at least (?P<n>.+)": "least",
    r"must have the form (?P<form>.+)": "form",
    r"(?:must be|is) one of (?P<values>.+)": "one_of",
    r"(?:must have|has) (?P<n>\d+) fields": "fields",
    r"(?:\S+ )?is a date or a time in ISO 8601": "iso_time",
    r"no (?:field|line) is longer than (?P<n>[\d,]+) characters": "longest",
}
"""The rules that name something, by what they look like."""


def rule_words(rule: str, text: Text) -> str:
    """The rule as the page says it; one that nobody foresaw stands as it was written."""
    found = _recognised(rule)
    if found is None:
        return rule
    key, values = found
    if "table" in values:
        values = {**values, "table": worded(text, "table", values["table"])}
    return text(f"rule.{key}", **values)


def field_words(name: str | None, text: Text) -> str | None:
    """What a field holds, with the name it has where the row is mended; a source's own stands alone."""
    key = f"field.{name}"
    return text("data_page.field", word=text(key), name=name) if text.has(key) else name


@cache
def _recognised(rule: str) -> tuple[str, dict[str, str]] | None:
    if rule in PLAIN:
        return PLAIN[rule], {}
    for form, key in FORMS.items():
        match = re.fullmatch(form, rule)
        if match:
            return key, match.groupdict()
    return None
