"""How large a file of sheets may be: far beyond what people fill in by hand, far below what hurts."""

from __future__ import annotations

FILE_BYTES = 20_000_000
UNPACKED_BYTES = 100_000_000
PART_BYTES = 60_000_000
PARTS = 500
ROWS = 20_000
COLUMNS = 200
CELLS = 300_000
TEXT_LENGTH = 1_000
