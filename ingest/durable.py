"""Files that survive a power cut: on disk before they get their name."""

from __future__ import annotations

import os
from pathlib import Path


def replace(new: Path, target: Path) -> None:
    """Give a finished file its name, over what had it before: one or the other is there at any moment."""
    settle(new)
    new.replace(target)
    settle(target.parent)


def write_secret(file: Path, content: bytes) -> None:
    """A file only its owner may read, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = file.with_name(f"{file.name}.unfinished")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        handle.write(content)
    replace(beside, file)


def settle(path: Path) -> None:
    """Wait until the disk has a file's content, or a folder's names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
