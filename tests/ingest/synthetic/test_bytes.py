"""The same arguments give the same files, whatever the interpreter's hash seed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from ingest.progress import NoProgress
from ingest.synthetic import generate

_GENERATE = (
    "import sys; from pathlib import Path; from ingest.synthetic import generate; "
    "generate(Path(sys.argv[1]), schools=1, seed=5, deliveries=1)"
)


def _digest(folder: Path) -> str:
    whole = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            whole.update(file.relative_to(folder).as_posix().encode())
            whole.update(file.read_bytes())
    return whole.hexdigest()


def _generated_by_another_process(folder: Path, hash_seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    subprocess.run([sys.executable, "-c", _GENERATE, str(folder)], check=True, env=environment)
    return _digest(folder)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    first = _generated_by_another_process(tmp_path / "first", "1")
    assert first == _generated_by_another_process(tmp_path / "second", "2")


def test_another_seed_gives_another_county(tmp_path: Path) -> None:
    for seed in (5, 6):
        generate(tmp_path / str(seed), schools=1, seed=seed, deliveries=1, progress=NoProgress())
    assert _digest(tmp_path / "5") != _digest(tmp_path / "6")
