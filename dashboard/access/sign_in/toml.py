"""An operator's TOML file as a typed value, or what is wrong with it in words."""

from pathlib import Path
from typing import TypeVar

import msgspec

from timerett.settings import SettingsError

T = TypeVar("T")


def read_toml(file: Path, form: type[T], what: str) -> T:
    text = read_text(file)
    try:
        found = msgspec.toml.decode(text)
    except msgspec.DecodeError:
        # The parser's own message may quote the line, and a line may hold a secret put here by mistake.
        raise SettingsError(f"{file}: is not TOML. docs/operations.md shows {what}.") from None
    try:
        return msgspec.convert(found, form)
    except msgspec.ValidationError as problem:
        raise SettingsError(f"{file}: {problem}. Correct it; docs/operations.md has every setting.") from None


def read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise SettingsError(
            f"{file}: cannot be read. Expected a text file in TOML; docs/operations.md shows one."
        ) from None
