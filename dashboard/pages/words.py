"""Words for what counties register in lists of their own."""

from dashboard.text import Text


def worded(text: Text, kind: str, code: str | None) -> str:
    """The page's word for a registered code; a code without one stands as it was written."""
    key = f"{kind}.{code}"
    return text(key) if text.has(key) else str(code or "")
