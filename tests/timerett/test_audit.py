"""The audit log: whatever is done to it behind timerett's back is seen, and what timerett does is not."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from timerett import audit
from timerett.audit_chain import Head
from timerett.cli import app
from timerett.errors import CheckFailedError, WrongUseError

ANNE, BO = "a" * 32, "b" * 32


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("TIMERETT_AUDIT_KEY", raising=False)
    monkeypatch.setenv("TIMERETT_HOME", str(tmp_path))
    return tmp_path / "logs"


def look(logs: Path, who: str = "rektor@skole.no", students: tuple[str, ...] = (ANNE, BO)) -> None:
    audit.write(logs, who=who, role="principal", schools=["1001"], students=students, page="school")


def findings(logs: Path, head: Head | None = None) -> list[tuple[int, str]]:
    return [(found.line, found.what) for found in audit.examined(logs, head).findings]


def lines(logs: Path) -> list[bytes]:
    return (logs / audit.FILE).read_bytes().splitlines()


def put(logs: Path, content: list[bytes]) -> None:
    (logs / audit.FILE).write_bytes(b"".join(line + b"\n" for line in content))


def altered(line: bytes, **changes: Any) -> bytes:
    return json.dumps(json.loads(line) | changes, ensure_ascii=False).encode()


def test_what_was_written_is_found_right(logs: Path) -> None:
    for _ in range(3):
        look(logs)
    assert findings(logs) == []
    assert [entry["n"] for entry in audit.examined(logs).entries] == [1, 2, 3]
    assert (logs / audit.FILE).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"who": "noen@annen.no"}, "was altered"),
        ({"at": "2020-01-01T00:00:00+00:00"}, "was altered"),
        ({"role": "teacher"}, "was altered"),
        ({"schools": ["1002"]}, "was altered"),
        ({"n": 7}, "was altered"),
        ({"mac": "0" * 64}, "was altered"),
        ({"count": 1}, "was altered"),
        ({"students": [ANNE]}, "names other students"),
        ({"students": [ANNE, "c" * 32]}, "names other students"),
        ({"students": [ANNE, audit.ERASED]}, "names other students"),
        ({"seal": "0" * 64}, "names other students"),
    ],
)
def test_an_altered_line_is_named_and_no_other(logs: Path, change: dict[str, Any], expected: str) -> None:
    for _ in range(4):
        look(logs)
    written = lines(logs)
    put(logs, [written[0], altered(written[1], **change), *written[2:]])
    found = findings(logs)
    assert [line for line, _ in found] == [2]
    assert expected in found[0][1]


def change_order(written: list[bytes]) -> list[bytes]:
    return [written[0], written[2], written[1], written[3]]


@pytest.mark.parametrize(
    ("rewrite", "line", "expected"),
    [
        (lambda w: [w[0], w[3]], 2, "comes after 2 entries that are gone"),
        (lambda w: w[1:], 1, "comes after 1 entry that is gone"),
        (lambda w: w[:3], 0, "ends 1 entries too early"),
        (lambda w: [], 0, "ends 4 entries too early"),
        (change_order, 2, "comes after 1 entry"),
        (lambda w: [w[0], w[1], w[1], w[2], w[3]], 3, "out of its place"),
        (lambda w: [w[0], b"{}", *w[1:]], 2, "is no entry"),
        (lambda w: [w[0], w[1][:-30], *w[2:]], 2, "is no entry"),
        (lambda w: [*w, b'{"who": "x", "students": []}', b'{"who": "x", "students": []}'], 5, "no entry"),
    ],
)
def test_lines_taken_away_moved_or_put_in_are_seen(
    logs: Path, rewrite: Callable[[list[bytes]], list[bytes]], line: int, expected: str
) -> None:
    for _ in range(4):
        look(logs)
    put(logs, rewrite(lines(logs)))
    found = findings(logs)
    assert found[0][0] == line
    assert expected in found[0][1]


@pytest.mark.parametrize("kept", [0, 2])
@pytest.mark.parametrize("head_too", [False, True])
def test_a_shortened_log_stays_shortened_for_all_to_see(logs: Path, kept: int, head_too: bool) -> None:
    """Also after the next look, which must not cover it up."""
    for _ in range(4):
        look(logs)
    noted = audit.examined(logs).head
    put(logs, lines(logs)[:kept])
    if head_too:
        (logs.parent / audit.HEAD).unlink()
    look(logs)
    look(logs)
    if head_too and not kept:
        # Nothing is left on the machine to compare with; who noted the end elsewhere sees it all the same.
        assert findings(logs) == []
    else:
        assert len(findings(logs)) == 1
    assert findings(logs, noted) != []


def test_an_end_that_was_noted_elsewhere_is_held_against_the_log(logs: Path) -> None:
    look(logs)
    early, old = audit.examined(logs).head, [(logs / audit.FILE).read_bytes(), _head(logs).read_bytes()]
    look(logs)
    late = audit.examined(logs).head
    assert findings(logs, early) == findings(logs, late) == []
    (logs / audit.FILE).write_bytes(old[0])
    _head(logs).write_bytes(old[1])
    assert findings(logs) == []
    assert findings(logs, late) == [(0, "ends 1 entries too early")]
    look(logs, who="noen@annen.no")
    assert findings(logs, late) == [(0, "holds another entry 2 than was noted")]


def _head(logs: Path) -> Path:
    return logs.parent / audit.HEAD


def test_renaming_and_erasing_leave_the_log_right_and_leave_no_old_name(logs: Path) -> None:
    look(logs)
    look(logs, students=(ANNE,))
    before = [json.loads(line)["mac"] for line in lines(logs)]
    audit.rename(logs, {ANNE: None, BO: "d" * 32, "nobody": "e" * 32})
    look(logs, students=("d" * 32,))
    assert findings(logs) == []
    entries = audit.examined(logs).entries
    assert [entry["mac"] for entry in entries[:2]] == before
    assert [entry.get("students") for entry in entries] == [
        ["d" * 32, audit.ERASED],
        [audit.ERASED],
        None,
        ["d" * 32],
    ]
    assert (entries[2]["what"], entries[2]["renamed"], entries[2]["erased"]) == ("renamed", 1, 1)
    assert not {ANNE, BO} & {word for line in lines(logs) for word in line.decode().split('"')}
    # The same again, as after a crash, does nothing.
    audit.rename(logs, {ANNE: None, BO: "d" * 32})
    assert len(lines(logs)) == 4
    audit.rename(logs, {"d" * 32: "f" * 32})
    assert findings(logs) == []
    assert audit.students(logs) == {"f" * 32}


def test_who_was_erased_cannot_be_put_back_or_erased_by_hand(logs: Path) -> None:
    look(logs)
    look(logs)
    old = lines(logs)
    audit.rename(logs, {ANNE: None})
    new = lines(logs)
    put(logs, [old[0], *new[1:]])
    assert [line for line, _ in findings(logs)] == [1]
    put(logs, [new[0], altered(new[1], students=[audit.ERASED, audit.ERASED]), *new[2:]])
    assert [line for line, _ in findings(logs)] == [2]
    put(logs, new[:2])
    assert findings(logs) != []


def test_renaming_makes_nothing_right_that_was_altered(logs: Path) -> None:
    for _ in range(3):
        look(logs)
    written = lines(logs)
    put(logs, [altered(written[0], students=[BO, "c" * 32]), altered(written[1], who="x"), b"{]", written[2]])
    was = {line for line, _ in findings(logs)}
    audit.rename(logs, {BO: "d" * 32})
    assert was <= {line for line, _ in findings(logs)}
    assert not any(BO.encode() in line for line in lines(logs))


def test_a_line_without_a_seal_is_told_and_names_nobody_erased(logs: Path) -> None:
    logs.mkdir()
    put(logs, [b'{"who": "a", "students": ["' + ANNE.encode() + b'"]}', b'{"students": ["' + ANNE.encode()])
    look(logs, students=(BO,))
    assert [line for line, _ in findings(logs)] == [1, 2]
    assert audit.students(logs) == {ANNE, BO}
    audit.rename(logs, {ANNE: None})
    assert not any(ANNE.encode() in line for line in lines(logs))
    assert [line for line, _ in findings(logs)] == [1, 2]


def _look_often(logs: Path, name: str) -> None:
    for _ in range(25):
        look(logs, who=name)


def test_processes_write_side_by_side_while_one_renames(logs: Path) -> None:
    forked = multiprocessing.get_context("spawn")
    writers = [forked.Process(target=_look_often, args=(logs, f"w{n}")) for n in range(4)]
    for writer in writers:
        writer.start()
    renamed = 0
    while any(writer.is_alive() for writer in writers):
        renamed += 1
        audit.rename(logs, {BO: f"{renamed:032x}", f"{renamed - 1:032x}": BO})
        time.sleep(0.05)
    for writer in writers:
        writer.join()
    assert findings(logs) == []
    looks = [entry for entry in audit.examined(logs).entries if entry["what"] == "look"]
    assert {
        who: [entry["who"] for entry in looks].count(who) for who in ("w0", "w1", "w2", "w3")
    } == dict.fromkeys(("w0", "w1", "w2", "w3"), 25)


@pytest.mark.parametrize("cut", [1, 40, -2])
def test_a_process_stopped_while_writing_leaves_one_unfinished_line_and_no_alarm(
    logs: Path, cut: int
) -> None:
    look(logs)
    head = _head(logs).read_bytes()
    look(logs)
    first, second = lines(logs)
    (logs / audit.FILE).write_bytes(first + b"\n" + second[:cut])
    _head(logs).write_bytes(head)
    assert findings(logs) == []
    assert audit.examined(logs).unfinished == [2]
    look(logs)
    assert findings(logs) == []
    assert audit.examined(logs).unfinished == [2]
    assert [entry["n"] for entry in audit.examined(logs).entries] == [1, 2]


def test_a_line_that_only_lacks_its_end_counts(logs: Path) -> None:
    look(logs)
    head = _head(logs).read_bytes()
    look(logs)
    (logs / audit.FILE).write_bytes((logs / audit.FILE).read_bytes()[:-1])
    _head(logs).write_bytes(head)
    look(logs)
    assert findings(logs) == []
    assert len(audit.examined(logs).entries) == 3


def test_killed_writers_never_raise_an_alarm(logs: Path) -> None:
    code = "import sys; from tests.timerett.test_audit import *\nwhile True: look(Path(sys.argv[1]))"
    for n in range(3):
        with subprocess.Popen([sys.executable, "-c", code, str(logs)]) as writer:
            there = len(lines(logs)) if (logs / audit.FILE).exists() else 0
            for _ in range(400):
                time.sleep(0.02 + n / 1000)
                if (logs / audit.FILE).exists() and len(lines(logs)) > there + 3:
                    break
            os.kill(writer.pid, signal.SIGKILL)
    found = audit.examined(logs)
    assert found.findings == []
    assert len(found.unfinished) <= 3
    assert len(found.entries) > 6


def command(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["audit", *arguments])


def test_the_command_says_what_is_right_and_where_it_is_wrong(logs: Path) -> None:
    assert "nobody has looked yet" in str(command("verify").exception)
    look(logs)
    look(logs, students=(ANNE,))
    right = command("verify")
    assert right.exit_code == 0
    assert "2 looks" in right.stdout
    noted = right.stdout.split()[-1]
    assert command("verify", "--head", noted).exit_code == 0
    put(logs, [altered(lines(logs)[0], who="x"), lines(logs)[1]])
    for asked in (("verify",), ("list",)):
        wrong = command(*asked).exception
        assert isinstance(wrong, CheckFailedError)
        assert "- line 1 was altered" in str(wrong)


def test_who_asks_is_told_who_looked_at_them_and_nothing_of_others(logs: Path, tmp_path: Path) -> None:
    look(logs)
    look(logs, who="=lærer@skole.no", students=(ANNE,))
    listed = command("list", "--student", BO)
    assert listed.exit_code == 0
    assert "Rektor ved 1001" in listed.stdout
    assert ANNE not in listed.stdout
    assert "lærer" not in listed.stdout
    file = tmp_path / "answer.csv"
    assert command("list", "--student", ANNE, "--csv", str(file), "--language", "nn").exit_code == 0
    rows = file.read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == "Tidspunkt;Konto;Kvifor innsynet var tillate;Side;Korleis;Elev"
    assert len(rows) == 3
    assert ";'=lærer@skole.no;Rektor ved 1001;Skule;Vist på skjermen;" in rows[2]
    assert "1001" not in command("list", "--to", "2020-01-01").stdout
    assert "1001" not in command("list", "--who", "somebody else").stdout
    assert isinstance(command("list", "--student", "13097248022").exception, WrongUseError)
