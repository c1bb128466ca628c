"""Known vulnerabilities in what we depend on: `make audit`, a part of `make test`.

uv asks the vulnerability service about every pinned version. A finding fails unless `accepted.toml` says why
it may stay, and until when. Where the service does not answer, that is said, and nothing fails.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements.lock"
ACCEPTED = Path(__file__).parent / "accepted.toml"
FOUND = 1
PATIENCE_SECONDS = 240
PIN = re.compile(r"^([A-Za-z0-9._-]+)(\[[^\]]*\])?==([^ \\;]+)", re.M)


@dataclass(frozen=True)
class Accepted:
    """A vulnerability somebody has looked at and lets stay for a while."""

    id: str
    reason: str
    until: date


@dataclass(frozen=True)
class Result:
    is_right: bool
    said: str


def pins(lock: str) -> list[str]:
    return [f"{name}=={version}" for name, _, version in PIN.findall(lock)]


def accepted(file: Path = ACCEPTED) -> list[Accepted]:
    listed = tomllib.loads(file.read_text(encoding="utf-8")).get("accepted", [])
    return [Accepted(one["id"], one["reason"], one["until"]) for one in listed]


def audit(pinned: Sequence[str], allowed: Sequence[Accepted], today: date, service: str | None) -> Result:
    """`service`: another vulnerability service than uv's own."""
    over = [one.id for one in allowed if one.until < today]
    if over:
        return Result(False, f"accepted.toml: {', '.join(over)} was let stay until a day that is over.")
    ended = _asked(pinned, allowed, service)
    if ended is None:
        return Result(True, f"Dependencies not audited: no answer within {PATIENCE_SECONDS} seconds.")
    if ended.returncode == 0:
        return Result(
            True, f"Audited {len(pinned)} dependencies: no known vulnerability, {len(allowed)} accepted."
        )
    if ended.returncode == FOUND and ended.stdout.strip():
        return Result(False, ended.stdout.strip())
    return Result(True, "Dependencies not audited: the vulnerability service was not reached.")


def _asked(
    pinned: Sequence[str], allowed: Sequence[Accepted], service: str | None
) -> subprocess.CompletedProcess[str] | None:
    command = [str(Path(sys.executable).parent / "uv"), "audit", "--preview-features", "audit-command"]
    command += [part for one in allowed for part in ("--ignore", one.id)]
    command += ["--service-url", service] if service else []
    with tempfile.TemporaryDirectory() as place:
        listed = ", ".join(f'"{pin}"' for pin in pinned)
        project = '[project]\nname = "audited"\nversion = "0"\nrequires-python = ">=3.11"\n'
        project += f"dependencies = [{listed}]\n"
        (Path(place) / "pyproject.toml").write_text(project, encoding="utf-8")
        try:
            return subprocess.run(
                command, cwd=place, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
            )
        except subprocess.TimeoutExpired:
            return None


def main() -> int:
    today = datetime.now(UTC).date()
    result = audit(pins(LOCK.read_text(encoding="utf-8")), accepted(), today, None)
    sys.stdout.write(f"{result.said}\n")
    return 0 if result.is_right else 1


if __name__ == "__main__":
    sys.exit(main())
