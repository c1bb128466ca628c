"""Names of students, from the identity store, for those who may see them; every look is written down."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from dashboard.access.roles import RefusedError, Viewer
from ingest.identity import IdentityStore, identity_key
from timerett.settings import settings


def of(viewer: Viewer, keys: Sequence[str]) -> dict[str, str]:
    """Pseudonym → name. Without the store's key there are none, and the pseudonym stands in."""
    if not viewer.sees_names:
        raise RefusedError(f"the role {viewer.role} sees no names")
    if not keys:
        return {}
    audit(viewer, keys)
    state = settings()
    key = identity_key(state.keys)
    return IdentityStore(state.identity_store, key).names(keys) if key else {}


def audit(viewer: Viewer, keys: Sequence[str]) -> None:
    """Who, whom, when, why allowed; students by pseudonym."""
    logs = settings().logs
    logs.mkdir(parents=True, exist_ok=True)
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "who": viewer.subject,
        "role": viewer.role.value,
        "schools": list(viewer.school_ids),
        "students": sorted(set(keys)),
    }
    with (logs / "audit.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry, ensure_ascii=False) + "\n")
