"""Names of students, from the identity store, for those who may see them; every look is written down."""

from collections.abc import Sequence

from dashboard.access.roles import RefusedError, Viewer
from ingest.identity import IdentityStore, identity_key
from timerett import audit
from timerett.settings import settings


def of(viewer: Viewer, keys: Sequence[str]) -> dict[str, str]:
    """Pseudonym → name. Without the store's key there are none, and the pseudonym stands in."""
    if not viewer.sees_names:
        raise RefusedError(f"the role {viewer.role} sees no names")
    if not keys:
        return {}
    note(viewer, keys)
    state = settings()
    key = identity_key(state.keys)
    return IdentityStore(state.identity_store, key).names(keys) if key else {}


def note(viewer: Viewer, keys: Sequence[str]) -> None:
    """Write down that somebody looked at students."""
    audit.write(
        settings().logs, who=viewer.subject, role=viewer.role.value, schools=viewer.school_ids, students=keys
    )
