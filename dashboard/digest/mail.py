"""The digest as the HTML of a mail: tables, styles on each element, nothing fetched, no script.

Mail programs read little of what browsers read, so the light look stands on the elements, and the style sheet
only adds what may be missing: the dark look and the width of a phone.
"""

from collections.abc import Mapping, Sequence
from html import escape

from dashboard.digest import Digest, Figure, Listing, Section, Segment
from dashboard.text import Text

WIDTH = 640
FONT = "font-family:'Source Sans 3','Segoe UI',Arial,Helvetica,sans-serif;"
INK, MUTED, RULE, ACCENT = "#14181D", "#59626C", "#D9DEE3", "#1F5FA8"
FILLS: Mapping[str, tuple[str, str]] = {
    "not_assigned": ("#6B0F3A", "#B5307F"),
    "short": ("#C0341D", "#EE5A3E"),
    "at_risk": ("#F0A030", "#FFD27A"),
    "unknown": ("#8A929B", "#939DA8"),
    "on_track": ("#7DB7E8", "#A6DAFA"),
    "met": ("#1F5FA8", "#3D7FD6"),
    "exempt": ("#E3E7EB", "#3A424B"),
    "left": ("#FFFFFF", "#14181D"),
    "suppressed": ("#F6F7F9", "#1D232A"),
}
"""In light and in dark."""
WORDS: Mapping[str, tuple[str, str]] = {
    "not_assigned": ("#6B0F3A", "#F08BC4"),
    "short": ("#B02E19", "#FF9A85"),
    "at_risk": ("#8A5200", "#FFD27A"),
    "unknown": ("#59626C", "#AEB6BF"),
    "on_track": ("#1B6CA8", "#A6DAFA"),
    "met": ("#174F8F", "#9CC4FF"),
    "exempt": ("#59626C", "#AEB6BF"),
    "left": ("#59626C", "#AEB6BF"),
    "suppressed": ("#59626C", "#AEB6BF"),
}
NOWRAP = "white-space:nowrap;"
SHARED = "border-collapse:collapse;mso-table-lspace:0pt;mso-table-rspace:0pt;"


def _dark() -> str:
    looks = {
        ".page": "background-color:#14181D",
        ".ink": "color:#E8ECF0",
        ".muted": "color:#AEB6BF",
        ".rule": "border-color:#3A424B",
        ".strong": "border-color:#AEB6BF",
        ".link": "color:#A6DAFA",
        ".button": "background-color:#A6DAFA",
        ".button a": "color:#14181D",
        ".note": "background-color:#3A2E14;color:#FFE7B8",
        **{f".f-{status}": f"background-color:{dark}" for status, (_, dark) in FILLS.items()},
        **{f".s-{status}": f"color:{dark}" for status, (_, dark) in WORDS.items()},
    }
    return "".join(f"{name}{{{look}!important}}".replace(";", "!important;") for name, look in looks.items())


STYLE = (
    ":root{color-scheme:light dark;supported-color-schemes:light dark}"
    "@media (max-width:520px){.edge{padding-left:16px!important;padding-right:16px!important}"
    ".figure{display:inline-block!important;box-sizing:border-box;width:50%!important;"
    "padding-bottom:12px!important}"
    ".title{font-size:20px!important;line-height:26px!important}"
    ".cell{font-size:13px!important;padding-left:6px!important}"
    ".words{overflow-wrap:anywhere;hyphens:auto}"
    ".first{padding-left:0!important}}"
    f"@media (prefers-color-scheme:dark){{{_dark()}}}"
)


def as_html(digest: Digest, subject: str, address: str) -> str:
    """The whole mail; `address`: where the pages are."""
    text = Text(digest.language)
    body = "".join(
        [
            _head(digest, text),
            *(_banner(words) for words in (digest.synthetic, digest.notice) if words),
            _row(
                f'<h1 class="ink title" style="{_type(22, 29, 600)}margin:0;">{escape(digest.title)}</h1>', 16
            ),
            _paragraph(digest.second, size=16, line=23, top=8),
            _do(digest),
            _bar(digest.bar),
            _figures(digest.figures),
            *(_section(section, address) for section in digest.sections),
            _foot(digest),
        ]
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{digest.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="supported-color-schemes" content="light dark">\n'
        f"<title>{escape(subject)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f'<body class="page" style="margin:0;padding:0;background-color:#FFFFFF;">\n'
        '<div style="display:none;max-height:0;overflow:hidden;mso-hide:all;">'
        f"{escape(digest.title)}</div>\n"
        f'<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" '
        f'style="{SHARED}background-color:#FFFFFF;"><tr><td align="center">\n'
        f'<!--[if mso]><table role="presentation" width="{WIDTH}" cellpadding="0" cellspacing="0"><tr><td>'
        f"<![endif]-->\n"
        f'<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" '
        f'style="{SHARED}max-width:{WIDTH}px;text-align:left;">\n{body}</table>\n'
        f"<!--[if mso]></td></tr></table><![endif]-->\n</td></tr></table>\n</body>\n</html>\n"
    )


def _type(size: int, line: int, weight: int = 400, color: str = INK) -> str:
    return f"{FONT}font-size:{size}px;line-height:{line}px;font-weight:{weight};color:{color};"


def _row(content: str, top: int = 0, bottom: int = 0) -> str:
    return f'<tr><td class="edge" style="padding:{top}px 24px {bottom}px 24px;">{content}</td></tr>\n'


def _paragraph(words: str, *, size: int = 14, line: int = 20, top: int = 4, kind: str = "ink") -> str:
    color = MUTED if kind == "muted" else INK
    style = f"{_type(size, line, color=color)}margin:0;"
    return _row(f'<p class="{kind}" style="{style}">{escape(words)}</p>', top) if words else ""


def _head(digest: Digest, text: Text) -> str:
    as_of = f"{text('shell.as_of')} {text.day(digest.as_of)}"
    left = f"<strong>{escape(digest.place)}</strong> · {escape(digest.kind)}"
    return _row(
        f'<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="{SHARED}"><tr>'
        f'<td class="muted rule" style="{_type(13, 18, color=MUTED)}padding-bottom:6px;'
        f'border-bottom:1px solid {RULE};">{left}</td>'
        f'<td class="muted rule" align="right" style="{_type(13, 18, color=MUTED)}padding-bottom:6px;'
        f'border-bottom:1px solid {RULE};">{escape(as_of)}</td></tr></table>',
        20,
    )


def _banner(words: str) -> str:
    style = f"{_type(13, 18)}margin:0;padding:8px 10px;background-color:#FFF4DF;"
    return _row(f'<p class="note" style="{style}">{escape(words)}</p>', 10)


def _do(digest: Digest) -> str:
    button = (
        f'<table role="presentation" cellpadding="0" cellspacing="0" style="{SHARED}"><tr>'
        f'<td class="button" bgcolor="{ACCENT}" style="background-color:{ACCENT};padding:9px 16px;'
        f'border-radius:3px;"><a href="{escape(digest.page)}" style="{_type(14, 18, 600, "#FFFFFF")}'
        f'text-decoration:none;">{escape(digest.page_words)}</a></td></tr></table>'
    )
    words = (
        f'<p class="ink" style="{_type(16, 23, 600)}margin:0;">{escape(digest.do)}</p>' if digest.do else ""
    )
    return _row(words, 10) + _row(button, 14) if words else _row(button, 14)


def _bar(segments: Sequence[Segment]) -> str:
    """The bar for the eye; sign, word and count of each part below it."""
    if not segments:
        return ""
    cells = "".join(
        f'<td class="f-{one.status}" width="{max(1, round(100 * one.share))}%" '
        f'bgcolor="{FILLS[one.status][0]}" style="background-color:{FILLS[one.status][0]};height:18px;'
        f'font-size:1px;line-height:18px;">&nbsp;</td>'
        for one in segments
    )
    words = "&emsp; ".join(
        f'<span style="white-space:nowrap;"><span class="s-{one.status}" style="color:'
        f'{WORDS[one.status][0]};">{escape(one.sign)} {escape(one.words)}</span> '
        f"<strong>{escape(one.count)}</strong></span>"
        for one in segments
    )
    bar = (
        f'<table role="presentation" class="rule" aria-hidden="true" width="100%" cellpadding="0" '
        f'cellspacing="0" style="{SHARED}border:1px solid {RULE};"><tr>{cells}</tr></table>'
    )
    return _row(bar, 18) + _row(f'<p class="ink" style="{_type(13, 20)}margin:0;">{words}</p>', 6)


def _figures(figures: Sequence[Figure]) -> str:
    cells = "".join(
        f'<td class="figure" width="{100 // len(figures)}%" valign="top" style="padding-right:12px;">'
        f'<p class="muted" style="{_type(13, 18, color=MUTED)}margin:0;">{escape(one.term)}</p>'
        f'<p class="ink" style="{_type(24, 30, 600)}margin:0;">{escape(one.figure)}</p>'
        f'<p class="ink" style="{_type(13, 17)}margin:0;">{escape(one.note)}</p></td>'
        for one in figures
    )
    return _row(
        f'<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="{SHARED}">'
        f"<tr>{cells}</tr></table>",
        16,
    )


def _section(section: Section, address: str) -> str:
    title = (
        f'<h2 class="ink rule" style="{_type(17, 23, 600)}margin:0;padding-top:12px;'
        f'border-top:1px solid {RULE};">{escape(section.title)}</h2>'
    )
    link = ""
    if section.page:
        style = f"{_type(14, 20, color=ACCENT)}text-decoration:underline;"
        way = f'<a class="link" href="{escape(address + section.page)}" style="{style}">'
        link = _row(f'<p style="margin:0;">{way}{escape(section.page_words)}</a></p>', 6)
    words = "".join(_paragraph(said) for said in section.words)
    return _row(title, 22) + words + (_listing(section.listing) if section.listing else "") + link


def _listing(listing: Listing) -> str:
    heads = "".join(
        f'<th scope="col" class="muted strong words {_place(i)}" align="{_side(numeric)}" valign="bottom" '
        f'style="{_type(13, 17, 600, MUTED)}{_cell(i, numeric)}border-bottom:1px solid {MUTED};">'
        f"{escape(head)}</th>"
        for i, (head, numeric) in enumerate(listing.columns)
    )
    last = len(listing.rows) - 1
    rows = "".join(
        f"<tr>{''.join(_cells(row, listing, bold=listing.ends_in_sum and n == last))}</tr>"
        for n, row in enumerate(listing.rows)
    )
    return _row(
        f'<table width="100%" cellpadding="0" cellspacing="0" border="0" style="{SHARED}">'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>",
        6,
    )


def _cells(row: Sequence[str], listing: Listing, *, bold: bool) -> list[str]:
    cells = []
    for i, (words, (_, numeric)) in enumerate(zip(row, listing.columns, strict=True)):
        tag, scope = ("th", ' scope="row"') if i == 0 else ("td", "")
        cells.append(
            f'<{tag}{scope} class="ink rule {_kind(numeric)}{_place(i)}" align="{_side(numeric)}" '
            f'valign="top" '
            f'style="{_type(14, 19, 600 if bold else 400)}{_cell(i, numeric)}{NOWRAP if numeric else ""}'
            f'border-bottom:1px solid {RULE};">{escape(words)}</{tag}>'
        )
    return cells


def _kind(numeric: bool) -> str:
    return "" if numeric else "words "


def _place(index: int) -> str:
    return "cell" if index else "cell first"


def _side(numeric: bool) -> str:
    return "right" if numeric else "left"


def _cell(index: int, numeric: bool) -> str:
    figures = "font-variant-numeric:tabular-nums;" if numeric else ""
    return f"text-align:{_side(numeric)};padding:5px 0 5px {12 if index else 0}px;{figures}"


def _foot(digest: Digest) -> str:
    words = [digest.hidden, *digest.foot]
    style = f"{_type(12, 17, color=MUTED)}margin:0 0 4px 0;"
    told = "".join(f'<p class="muted" style="{style}">{escape(one)}</p>' for one in words if one)
    return _row(
        f'<div class="rule" style="border-top:1px solid {RULE};padding-top:10px;">{told}</div>', 26, 28
    )
