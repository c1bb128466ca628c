"""Which column of an unknown report is what, by headings first and by contents where they say nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

import polars as pl

from ingest.contract import TABLES
from ingest.sources.draft.contents import Contents
from ingest.sources.draft.words import CLOCK_BOTH, CLOCK_FROM, CLOCK_TO, CODES, KINDS, Kind
from ingest.sources.header import heading

SURE, LIKELY, LEAST = 0.95, 0.75, 0.35
_ALIKE = 0.74
_FIRST_WORD_ADVANTAGE = 0.001
_FILE_NAME = 0.25
_MOST = 0.7
_CONFIRMED = 0.15
_FOLDED = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "é": "e"})


@dataclass(frozen=True)
class Guess:
    """One landing column: the heading it is taken from, and how sure that is."""

    heading: str | None
    score: float
    why: str
    time: str | None = None
    part: int | None = None

    @property
    def confidence(self) -> str:
        if self.heading is None:
            return "to fill in"
        return "sure" if self.score >= SURE else "likely" if self.score >= LIKELY else "guess"


@dataclass
class Drafted:
    """A kind of report with a guess for each of its columns."""

    kind: Kind
    columns: dict[str, Guess] = field(default_factory=dict)
    lists: dict[str, Guess] = field(default_factory=dict)
    score: float = 0.0

    @property
    def used(self) -> set[str]:
        guesses = [*self.columns.values(), *self.lists.values()]
        return {name for one in guesses for name in (one.heading, one.time) if name}


def best_kind(file_stem: str, headings: Sequence[str], contents: Mapping[str, Contents]) -> Drafted:
    """The kind of report the columns fit best."""
    return max((draft_of(kind, file_stem, headings, contents) for kind in KINDS), key=lambda one: one.score)


def draft_of(
    kind: Kind, file_stem: str, headings: Sequence[str], contents: Mapping[str, Contents]
) -> Drafted:
    drafted = Drafted(kind)
    types = TABLES[kind.table].create_empty().schema
    _assign(drafted, kind, headings, contents, types)
    _add_times(drafted, kind, headings, contents, types)
    for table, (_, words) in kind.lists.items():
        scored = [(likeness(name, words)[0], name) for name in headings]
        best = max(scored, default=(0.0, ""))
        is_pairs = table != "lesson_subject" or (best[1] in contents and contents[best[1]].pairs)
        if best[0] >= LIKELY - 0.05 and is_pairs:
            drafted.lists[table] = Guess(best[1], best[0], "heading")
    drafted.score = _score(drafted, file_stem, headings)
    return drafted


def required(table: str) -> set[str]:
    return {name for name, column in TABLES[table].columns().items() if not column.nullable}


def likeness(name: str, words: Sequence[str]) -> tuple[float, str]:
    """How much a heading is like one of the words: same, one within the other, or spelled alike."""
    own = _plain(name)
    best = (0.0, "")
    for place, word in enumerate(words):
        other = _plain(word)
        if own == other:
            score = 1.0
        elif set(other.split()) < set(own.split()) and len(other) > 3:
            score = 0.85
        elif _abbreviates(own.split(), other.split()):
            score = 0.8
        else:
            ratio = SequenceMatcher(None, own, other).ratio()
            score = 0.9 * ratio if ratio >= _ALIKE else 0.0
        best = max(best, (score - place * _FIRST_WORD_ADVANTAGE, word))
    return best


def _abbreviates(short: list[str], full: list[str]) -> bool:
    """`ant. min` for `antall minutter`."""
    if not short or len(short) != len(full) or len("".join(short)) < 0.35 * len("".join(full)):
        return False
    return all(word.startswith(part) for part, word in zip(short, full, strict=True))


def _plain(text: str) -> str:
    folded = heading(text).translate(_FOLDED)
    return " ".join(re.sub(r"[^\w%]+", " ", folded).split())


def _assign(
    drafted: Drafted,
    kind: Kind,
    headings: Sequence[str],
    contents: Mapping[str, Contents],
    types: Mapping[str, pl.DataType],
) -> None:
    """The best pairs first; a heading serves one column, except that a day may serve several."""
    pairs = []
    for column, words in kind.columns.items():
        for name in headings:
            by_words, _ = likeness(name, words)
            fits = suits(f"{kind.table}.{column}", types[column], contents[name])
            if by_words:
                # Contents confirm a heading; they do not make another one of it.
                pairs.append((min(by_words * fits, by_words + _CONFIRMED), "heading", column, name))
            elif fits > 1:
                pairs.append((fits - 1, "contents", column, name))
    taken: set[str] = set()
    for score, why, column, name in sorted(pairs, key=lambda one: (-one[0], one[2], one[3])):
        shared = isinstance(types[column], pl.Datetime)
        if score < LEAST or column in drafted.columns or (name in taken and not shared):
            continue
        drafted.columns[column] = Guess(name, min(score, 1.0), why)
        if not shared:
            taken.add(name)
    for column in kind.columns:
        if column not in drafted.columns and column in required(kind.table) and column not in kind.assumed:
            drafted.columns[column] = Guess(None, 0.0, "no column looks like it")


def suits(place: str, dtype: pl.DataType, found: Contents) -> float:
    """A factor for what the cells look like; above 1 where they alone give the column away."""
    if not found.filled:
        return 0.9
    if place in CODES:
        return _suits_codes(place, found)
    column = place.rpartition(".")[2]
    is_day = max(found.date, found.moment) > _MOST or bool(found.date_forms)
    known = {
        "subject_code": (found.subject > _MOST, 1.7, 0.6),
        "school_id": (found.school > _MOST or ("*", 1) in found.codes, 1.0, 0.6),
        "student_key": (found.identity > _MOST, 1.6, 1.0),
    }
    by_type: dict[type[pl.DataType], tuple[bool, float, float]] = {
        pl.Date: (is_day, 1.0, 0.15),
        pl.Datetime: (is_day, 1.0, 0.1),
        pl.Int64: (found.whole > _MOST, 1.0, 0.2),
        pl.Decimal: (found.number > _MOST, 1.0, 0.2),
        pl.Boolean: (found.truth > _MOST, 1.0, 0.4),
    }
    is_text = (max(found.date, found.clock) <= _MOST, 1.0, 0.4)
    holds, yes, no = known.get(column) or by_type.get(type(dtype), is_text)
    return yes if holds else no


def _suits_codes(place: str, found: Contents) -> float:
    if not found.codes:
        return 0.3
    known = {word.casefold() for word in CODES[place]}
    rows = sum(count for _, count in found.codes)
    share = sum(count for code, count in found.codes if code.casefold() in known) / rows
    return 1.6 if share > 0.5 else 0.9


def _add_times(
    drafted: Drafted,
    kind: Kind,
    headings: Sequence[str],
    contents: Mapping[str, Contents],
    types: Mapping[str, pl.DataType],
) -> None:
    """A moment is a day and a time of day, or both in one cell."""
    for column, words, part in (("starts_at", CLOCK_FROM, 1), ("ends_at", CLOCK_TO, 2)):
        guess = drafted.columns.get(column)
        if column not in kind.columns or not isinstance(types.get(column), pl.Datetime):
            continue
        clock = _clock(headings, contents, words, "clock")
        both = _clock(headings, contents, CLOCK_BOTH, "clocks")
        moment = _clock(headings, contents, words, "moment")
        if guess and guess.heading and clock:
            found = Guess(guess.heading, min(guess.score, clock[0]), "heading", clock[1])
        elif guess and guess.heading and both:
            found = Guess(guess.heading, min(guess.score, both[0]), "heading", both[1], part)
        elif moment and contents[moment[1]].clock < 0.5:
            found = Guess(moment[1], moment[0], "date and time in one cell")
        elif column in required(kind.table):
            found = Guess(None, 0.0, "no times of day found")
        else:
            drafted.columns.pop(column, None)
            continue
        drafted.columns[column] = found


def _clock(
    headings: Sequence[str], contents: Mapping[str, Contents], words: Sequence[str], kind: str
) -> tuple[float, str] | None:
    found = []
    for name in headings:
        by_words = likeness(name, words)[0]
        looks_so = getattr(contents[name], kind) > _MOST
        empty = not contents[name].filled and kind == "clock"
        if (looks_so and (by_words > 0.5 or kind == "clocks")) or (empty and by_words >= LIKELY):
            found.append((by_words or LEAST, name))
    return max(found, default=None)


def _score(drafted: Drafted, file_stem: str, headings: Sequence[str]) -> float:
    """How much of what the table needs is there, and how much of what is there it uses."""
    kind = drafted.kind
    needed = required(kind.table) - set(kind.assumed)
    found = sum(drafted.columns[name].score for name in needed if name in drafted.columns)
    guesses = [*drafted.columns.values(), *drafted.lists.values()]
    explained = dict.fromkeys(headings, 0.0)
    for guess in guesses:
        for name in (guess.heading, guess.time):
            if name:
                explained[name] = max(explained[name], guess.score)
    named = any(_plain(word) in _plain(file_stem) for word in kind.file_names)
    share = sum(explained.values()) / len(headings) if headings else 0.0
    return found / len(needed) + share + (_FILE_NAME if named else 0.0)
