"""Where the schools' clocks stand: extracts carry UTC, and a day is the day it was in Oslo."""

from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
