"""What the browser fetches besides the page: every file on the list, within its size, and kept."""

import gzip

import brotli
import pytest
from flask import Flask

from bench.bundle import REASONS, files, name_of

LIMIT_PACKED = 290_000
"""Of everything before the first chart, packed."""


def test_every_file_is_on_the_list_and_within_its_size(server: Flask) -> None:
    found = files(server.test_client())
    assert {file.name for file in found} == set(REASONS)
    for file in found:
        assert file.raw <= 1000 * REASONS[file.name][0], file.name


def test_all_that_comes_before_a_chart_is_small(server: Flask) -> None:
    first = [file for file in files(server.test_client()) if file.name not in ("plotly-basic", "async-graph")]
    assert sum(file.packed for file in first) <= LIMIT_PACKED


def test_files_are_kept_for_good_under_a_name_that_changes_with_them(server: Flask) -> None:
    for file in files(server.test_client()):
        named = file.name != "async-graph"  # which Dash asks for under a name of no version
        expected = "public, max-age=31536000, immutable" if named else "public, no-cache"
        assert file.cache == expected, file.name


@pytest.mark.parametrize(("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_a_packed_file_is_the_file(server: Flask, encoding: str, unpack: object) -> None:
    assert callable(unpack)
    client, address = server.test_client(), "/assets/app.js?m=1"
    raw = client.get(address)
    for _ in range(2):
        packed = client.get(address, headers={"Accept-Encoding": encoding})
        assert packed.headers["Content-Encoding"] == encoding
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert unpack(packed.data) == raw.data
    assert "Content-Encoding" not in raw.headers


def test_the_names_of_files_do_not_change_with_their_versions() -> None:
    assert name_of("/_dash-component-suites/dash/deps/react@18.v4_4_1m17.3.1.min.js") == "react"
    assert name_of("/assets/style.css?m=1") == "style.css"
    assert name_of("/assets/plotly-basic-9.9.9.min.js") == "plotly-basic"
