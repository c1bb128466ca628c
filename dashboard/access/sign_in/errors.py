"""Why somebody could not be signed in: a kind, which is all that is told or written down."""

from enum import StrEnum


class Kind(StrEnum):
    ATTEMPT = "attempt"
    """Begun too long ago, in another browser, or finished before."""
    UNTRUSTED = "untrusted"
    """The provider's answer is not what was asked for, or not its own."""
    TIME = "time"
    """The answer is too old or from the future."""
    CANCELLED = "cancelled"
    SETUP = "setup"
    """The provider does not accept this installation."""
    DOWN = "down"
    STORE = "store"
    """Sessions cannot be read or written on this machine."""
    FORGED = "forged"
    """A form that is not this session's own."""


class SignInError(Exception):
    """`detail` names the check that failed, for the log; never a value."""

    def __init__(self, kind: Kind, detail: str = "") -> None:
        super().__init__(kind.value)
        self.kind = kind
        self.detail = detail


class EndedError(Exception):
    """The provider no longer stands for this session."""
