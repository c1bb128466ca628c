"""Names of students, from the identity store, for those who may see them; every look is written down."""

from collections.abc import Sequence

from dashboard.access import looks
from dashboard.access.roles import RefusedError, Viewer
from ingest.identity import IdentityStore, identity_key
from timerett.settings import settings


def of(viewer: Viewer, keys: Sequence[str]) -> dict[str, str]:
    """Pseudonym → name. Where there are none, for want of the store's key or of the right to see them, the
    pseudonym stands in; that is a look at students all the same."""
    if not keys:
        return {}
    if not viewer.sees_students:
        raise RefusedError(f"the role {viewer.role} sees no single student")
    looks.note(viewer, keys)
    if not viewer.sees_names:
        return {}
    state = settings()
    key = identity_key(state.keys)
    return IdentityStore(state.identity_store, key).names(keys) if key else {}
