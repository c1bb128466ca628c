"""The digest as a message: plain text and HTML, ready for the mail server, the same however often made."""

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from dashboard.digest import Digest, Listing
from dashboard.digest.mail import as_html
from dashboard.text import Text

NOBODY = "timerett.invalid"
"""The domain of what has no sender of its own (RFC 2606)."""


def subject(digest: Digest) -> str:
    text = Text(digest.language)
    said = text("digest.subject", place=digest.place, day=text.day(digest.as_of))
    # A line break would begin a header of its own.
    return " ".join(said.split())


def message(digest: Digest, address: str, *, sender: str = "", to: Sequence[str] = ()) -> bytes:
    """RFC 5322. Without a recipient it opens as a draft."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = subject(digest)
    if sender:
        mail["From"] = sender
    if to:
        mail["To"] = ", ".join(to)
    else:
        mail["X-Unsent"] = "1"
    mail["Date"] = format_datetime(datetime.fromisoformat(digest.moment))
    mark = f"{digest.file_name}.{digest.language}.{digest.build}"
    domain = sender.rpartition("@")[2].rstrip("> ") or NOBODY
    mail["Message-ID"] = f"<{mark}@{domain}>"
    # What no person wrote gets no answer from an out-of-office.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(as_text(digest, address), cte="quoted-printable")
    mail.add_alternative(as_html(digest, subject(digest), address), subtype="html", cte="quoted-printable")
    mail["Content-Language"] = digest.language
    mail.set_boundary(f"=_{mark}")
    return mail.as_bytes()


def as_text(digest: Digest, address: str) -> str:
    """The same words for those who read mail as text."""
    text = Text(digest.language)
    blocks = [
        f"{digest.place} · {digest.kind} · {text('shell.as_of')} {text.day(digest.as_of)}",
        digest.synthetic,
        digest.notice,
        digest.title,
        digest.second,
        digest.do,
        f"{digest.page_words}: {digest.page}",
        "\n".join(f"{one.term}: {one.figure} ({one.note})" for one in digest.figures),
        "\n".join(f"{one.sign} {one.words}: {one.count}" for one in digest.bar),
    ]
    for section in digest.sections:
        link = f"{section.page_words}: {address}{section.page}" if section.page else ""
        rows = _rows(section.listing) if section.listing else ""
        parts = [section.title, "-" * len(section.title), *section.words, rows, link]
        blocks.append("\n".join(part for part in parts if part))
    blocks.append("\n".join(one for one in (digest.hidden, *digest.foot) if one))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _rows(listing: Listing) -> str:
    heads = [head for head, _ in listing.columns[1:]]
    lines = []
    for first, *others in listing.rows:
        told = [f"{head.lower()} {cell}" for head, cell in zip(heads, others, strict=True) if cell]
        lines.append(f"* {first}: {', '.join(told)}")
    return "\n".join(lines)
