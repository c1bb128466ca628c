"""What the browser fetches besides the page itself, and why: `python -m bench.bundle` prints it.

A test holds the pages to this list and to its sizes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask.testing import FlaskClient

REASONS: dict[str, tuple[int, str]] = {
    "polyfill": (105, "Dash's charts wait for their script with it"),
    "react": (12, "Dash draws through it"),
    "react-dom": (140, "Dash draws through it"),
    "prop-types": (2, "Dash's components name it when they load"),
    "dash_renderer": (270, "from the address to the callback and from its answer to the page"),
    "dash_core_components": (370, "the address and the charts; Dash has no smaller choice of its components"),
    "dash_core_components-shared": (120, "what the one above needs before it runs"),
    "dash_html_components": (210, "the few elements around a chart; everything else comes as markup"),
    "app.js": (6, "choices write to the address; title, language and focus follow the page"),
    "markup.js": (1, "puts markup in its place"),
    "style.css": (24, "the looks"),
    "subjects.css": (7, "the student page"),
    "benefits.css": (3, "the benefits page"),
    "zz_print.css": (3, "on paper"),
    "answer.css": (1, "the printable answer to the authority"),
    "sign_in.css": (2, "signing in and out"),
    "refused.css": (1, "what the server says when it does not answer as asked"),
    "refused.js": (2, "says it, and asks again when the server was only busy"),
    "trusted.js": (1, "read first: text becomes markup only as our own components hand it over"),
    "plotly-basic.css": (1, "the chart library's rules, which the content policy keeps it from writing"),
    "mark.svg": (1, "the sign on the tab"),
    "source-sans-3.woff2": (30, "the one typeface, Latin letters only"),
    "async-graph": (15, "with the first chart: Dash's side of it"),
    "plotly-basic": (1200, "with the first chart: bars and lines only, a quarter of the whole library"),
}
"""Each file with the most kB it may have, unpacked, and what it is there for."""
LATER = ("/_dash-component-suites/dash/dcc/async-graph.js",)


@dataclass(frozen=True)
class File:
    name: str
    raw: int
    packed: int
    cache: str

    @property
    def reason(self) -> str:
        return REASONS[self.name][1] if self.name in REASONS else "nobody has said why"


def files(client: FlaskClient) -> list[File]:
    """What the front page names, and what comes with the first chart."""
    page = client.get("/").get_data(as_text=True)
    named = re.findall(r'(?:src|href)="(/[^"]+)"', page)
    return [_file(client, address) for address in dict.fromkeys([*named, *LATER])]


def _file(client: FlaskClient, address: str) -> File:
    raw = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "br"})
    return File(name_of(address), len(raw.data), len(packed.data), raw.headers.get("Cache-Control", ""))


def name_of(address: str) -> str:
    """The file without what changes with its version."""
    name = address.partition("?")[0].rpartition("/")[2]
    if name.startswith("plotly-basic-"):
        return "plotly-basic"
    return re.sub(r"(@\d+)?\.v\d.*|(\.min)?\.js$", "", name) if "_dash" in address else name


def main() -> None:
    from dashboard.app import create  # noqa: PLC0415 - reads the settings when it is put together

    print_files(files(create().server.test_client()))


def print_files(found: list[File]) -> None:
    print("\nFetched once, kept for a year")
    for file in found:
        sizes = f"{file.raw / 1000:>8.1f} kB {file.packed / 1000:>7.1f} kB packed"
        print(f"  {file.name:<30}{sizes}  {file.reason}")
    whole, packed = sum(file.raw for file in found), sum(file.packed for file in found)
    print(f"  {'together':<30}{whole / 1000:>8.1f} kB {packed / 1000:>7.1f} kB packed")


if __name__ == "__main__":
    main()
