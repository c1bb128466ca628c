"""Which roles a person would get, from claims in a file: to try a mapping before anybody signs in."""

from pathlib import Path

import msgspec
from rich.console import Console

from dashboard.access.sign_in.config import configured
from dashboard.access.sign_in.mapping import grants
from timerett.errors import WrongUseError


def try_claims(file: Path, out: Console) -> None:
    """Tell the roles that the claims in a JSON file give, in the order of the rules."""
    sign_in = configured()
    if sign_in is None:
        raise WrongUseError("Sign-in is not set up: name its file in TIMERETT_SIGN_IN.")
    try:
        claims = msgspec.json.decode(file.read_bytes(), type=dict)
    except (OSError, msgspec.DecodeError):
        raise WrongUseError(f"{file}: must hold a person's claims as one JSON object.") from None
    found = grants(claims, sign_in.role_map)
    for grant in found:
        scope = {"county": grant.county, "schools": grant.schools, "groups": grant.groups}
        told = "; ".join(
            f"{name} {value if isinstance(value, str) else ', '.join(value)}"
            for name, value in scope.items()
            if value
        )
        out.print(f"{grant.role}: {told or 'every county'}", highlight=False, markup=False)
    if not found:
        out.print("No rule matches: this person would see nothing.", highlight=False)
