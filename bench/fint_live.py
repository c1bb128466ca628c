"""Reading the live API: memory and speed as one resource grows, against a server in a process of its own.

python -m bench.fint_live --entries 10000 100000 1000000
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from bench.measuring import Row
from ingest.sources.fint_api.connection import CLIENT_SECRET, read_connection, read_secrets
from ingest.sources.fint_api.run import download
from ingest.sources.fint_api.vault import Vault

GROWTH_GOAL = 1.3
LARGE = "utdanning/timeplan/time"
SMALL = ("utdanning/utdanningsprogram/skole", "utdanning/elev/elev", "utdanning/elev/elevforhold")
_ENTRY = (
    '{"systemId":{"identifikatorverdi":"T%09d"},"navn":"Norsk %09d","tidsrom":{"start":"2025-09-01T06:15:00Z"'
    ',"slutt":"2025-09-01T07:45:00Z"},"_links":{"undervisningsgruppe":[{"href":"https://api.example.no/utdanning'
    '/timeplan/undervisningsgruppe/systemid/UG%09d"}],"undervisningsforhold":[{"href":"https://api.example.no/'
    'utdanning/elev/undervisningsforhold/systemid/UF%09d"}],"rom":[{"href":"https://api.example.no/utdanning/'
    'timeplan/rom/systemid/R%09d"}],"self":[{"href":"https://api.example.no/utdanning/timeplan/time/systemid/'
    'T%09d"}]}}'
)


@dataclass(frozen=True)
class Measured:
    """One reading of a resource of so many entries."""

    entries: int
    megabytes: float
    seconds: float
    peak_megabytes: float


def measure(entries: int) -> Measured:
    """Read it in a process of its own."""
    environment = {**os.environ, CLIENT_SECRET: "of no use"}
    serving = [sys.executable, "-m", "bench.fint_live", "--serve", str(entries)]
    with subprocess.Popen(serving, stdout=subprocess.PIPE, text=True) as server:
        port = server.stdout.readline().strip() if server.stdout else ""
        try:
            called = [sys.executable, "-m", "bench.fint_live", "--read", port]
            read = subprocess.run(called, env=environment, capture_output=True, text=True, check=True)
        finally:
            server.terminate()
    seconds, peak = json.loads(read.stdout)
    return Measured(entries, entries * len(_entry(0)) / 1e6, seconds, peak)


def results(entries: int) -> list[Row]:
    """The peak while a resource of so many entries is read, over the peak for a tenth of them."""
    few, many = measure(entries // 10), measure(entries)
    ratio = many.peak_megabytes / few.peak_megabytes
    return [Row("reading the live API: peak at 10 x the entries / at 1 x", ratio, "x", GROWTH_GOAL)]


def read(port: str) -> tuple[float, float]:
    """Seconds of a reading, and the peak memory of this process in megabytes."""
    with tempfile.TemporaryDirectory() as home:
        file = Path(home) / "county.toml"
        address = f"http://127.0.0.1:{port}"
        file.write_text(
            f'county_number = "99"\nclient_id = "bench"\n'
            f'base_url = "{address}"\ntoken_url = "{address}/token"\n'
            "[pace]\nrequests_per_second = 1000\n"
        )
        connection = read_connection(file)
        vault = Vault(Path(home) / "pages", b"a key for measuring, of no use..", "bench")
        started = time.perf_counter()
        download(connection, read_secrets(file, connection), vault, kind="full", memory=None, progress=None)
        return time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def serve(entries: int) -> None:
    _Handler.sizes = dict.fromkeys(SMALL, 1) | {LARGE: entries}
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    sizes: dict[str, int]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self._send(200, b'{"access_token":"x","expires_in":3600}')

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path, query = parts.path.strip("/"), parse_qs(parts.query)
        if path.removesuffix("/last-updated") not in self.sizes:
            self._send(404, b"{}")
        elif path.endswith("/last-updated"):
            self._send(200, b'{"lastUpdated":1700000000000}')
        else:
            total, offset = self.sizes[path], int(query["offset"][0])
            last = min(total, offset + int(query["size"][0]))
            listed = ",".join(_entry(number) for number in range(offset, last))
            self._send(200, f'{{"_embedded":{{"_entries":[{listed}]}},"total_items":{total}}}'.encode())

    def _send(self, status: int, body: bytes) -> None:
        self.send_response_only(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def _entry(number: int) -> str:
    return _ENTRY % ((number,) * _ENTRY.count("%09d"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--serve", type=int)
    parser.add_argument("--read")
    given = parser.parse_args()
    if given.serve:
        serve(given.serve)
    elif given.read:
        print(json.dumps(read(given.read)))
    else:
        print(f"{'entries':>10} {'MB':>8} {'s':>8} {'MB/s':>8} {'peak MB':>8}")
        for entries in given.entries:
            found = measure(entries)
            speed = found.megabytes / found.seconds
            print(
                f"{entries:>10} {found.megabytes:>8.0f} {found.seconds:>8.1f} {speed:>8.0f} "
                f"{found.peak_megabytes:>8.0f}"
            )


if __name__ == "__main__":
    main()
