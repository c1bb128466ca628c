"""Reads one Excel file in a process of its own, which may fail without taking the ingest with it.

A damaged or hostile workbook can ask for any amount of memory or bring the parser down. This process
has a ceiling for both memory and time. It is asked on standard input which headings are known, and
answers on standard output: one line about the sheets, then the rows of the likeliest as text in
batches, each with its length before it. Nothing is written to disk.
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any, BinaryIO

MEMORY = 3 << 30
SECONDS = 900
BATCH = 20_000
OUT_OF_MEMORY = 42


def main() -> None:
    request = json.loads(sys.stdin.readline())
    # The parser's own complaints may quote cells; nobody is to see them.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    import fastexcel  # noqa: PLC0415

    from ingest.sources.header import WITHIN, find_header  # noqa: PLC0415

    _limit(request.get("memory", MEMORY))
    known = frozenset(request["known"])
    out = sys.stdout.buffer
    book = fastexcel.read_excel(request["file"] if request["by_name"] else Path(request["file"]).read_bytes())
    sheets: list[dict[str, Any]] = []
    best, best_rank = None, (-1, False, 0)
    for name in book.sheet_names:
        if request["sheet"] not in (None, name):
            sheets.append({"name": name, "visible": True, "rows": None})
            continue
        sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        visible = str(sheet.visible) == "visible"
        sheets.append({"name": name, "visible": visible, "rows": sheet.height})
        if not sheet.height or not sheet.width:
            continue
        head = sheet.to_polars().head(WITHIN).rows() if sheet.height <= WITHIN else _head(book, name, WITHIN)
        rows = [(number, [cell or "" for cell in row]) for number, row in enumerate(head, start=1)]
        rank = (find_header(rows, known).hits, visible, min(sheet.height, 2))
        if rank > best_rank:
            best, best_rank = sheet, rank
    chosen = best.name if best is not None else None
    out.write(json.dumps({"sheets": sheets, "chosen": chosen}).encode() + b"\n")
    if best is not None:
        _send(best.to_polars(), out)
    out.write(b"0\n")
    out.flush()


def _head(book: Any, name: str, count: int) -> list[tuple[str | None, ...]]:
    rows: list[tuple[str | None, ...]] = (
        book.load_sheet(name, header_row=None, skip_rows=0, n_rows=count, dtypes="string").to_polars().rows()
    )
    return rows


def _send(frame: Any, out: BinaryIO) -> None:
    for batch in frame.iter_slices(BATCH):
        held = io.BytesIO()
        batch.write_ipc_stream(held)
        out.write(f"{held.tell()}\n".encode())
        out.write(held.getbuffer())


def _limit(memory: int) -> None:
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
