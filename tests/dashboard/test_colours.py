"""Colours told apart by everyone: fills by colour-blind readers, texts and focus by their contrast."""

import re
from itertools import combinations
from math import atan2, cos, degrees, dist, exp, hypot, radians, sin, sqrt
from pathlib import Path

import pytest

import dashboard
from dashboard.components.figures.base import FILLS, TEXTS

SHEET = (Path(dashboard.__file__).parent / "assets" / "style.css").read_text(encoding="utf-8")
THEMES = {"light": 0, "dark": 1}
APART = {"light": 26.0, "dark": 18.0}
"""Distances in CIELAB, as the design states them."""
SOLID_APART = {"light": 19.0, "dark": 14.5}
"""In CIEDE2000, for the fills without a hatch; unknown is told by its hatch too."""
TEXT_CONTRAST, FOCUS_CONTRAST = 5.2, 3.0
STATUSES = ("not_assigned", "short", "at_risk", "unknown", "on_track", "met")
Rgb = tuple[float, float, float]

BLINDNESS = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""Machado, Oliveira and Fernandes 2009, at full severity, for linear light."""


def token(name: str, theme: str) -> Rgb:
    """A colour of the style sheet, in linear light."""
    pair = re.search(rf"--{name}:\s*light-dark\((#[0-9a-f]{{6}}),\s*(#[0-9a-f]{{6}})\)", SHEET)
    assert pair, name
    return linear(pair.group(1 + THEMES[theme]))


def linear(colour: str) -> Rgb:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue))  # type: ignore[return-value]


def seen(colour: Rgb, blindness: str) -> Rgb:
    return tuple(
        min(1.0, max(0.0, sum(part * light for part, light in zip(row, colour, strict=True))))
        for row in BLINDNESS[blindness]
    )  # type: ignore[return-value]


def lab(colour: Rgb) -> Rgb:
    red, green, blue = colour
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def delta(one: Rgb, other: Rgb) -> float:
    """CIEDE2000 (Sharma, Wu and Dalal 2005) between two colours in linear light."""
    (l1, a1, b1), (l2, a2, b2) = lab(one), lab(other)
    mean = (hypot(a1, b1) + hypot(a2, b2)) / 2
    g = 0.5 * (1 - sqrt(mean**7 / (mean**7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = hypot(a1, b1), hypot(a2, b2)
    h1, h2 = degrees(atan2(b1, a1)) % 360, degrees(atan2(b2, a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    hue = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    t = (
        1
        - 0.17 * cos(radians(hue - 30))
        + 0.24 * cos(radians(2 * hue))
        + 0.32 * cos(radians(3 * hue + 6))
        - 0.20 * cos(radians(4 * hue - 63))
    )
    rotation = -2 * sqrt(chroma**7 / (chroma**7 + 25**7)) * sin(radians(60 * exp(-(((hue - 275) / 25) ** 2))))
    dl = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / sqrt(20 + (light - 50) ** 2))
    dc = (c2 - c1) / (1 + 0.045 * chroma)
    dh = 2 * sqrt(c1 * c2) * sin(radians(turn / 2)) / (1 + 0.015 * chroma * t)
    return sqrt(dl**2 + dc**2 + dh**2 + rotation * dc * dh)


def contrast(one: Rgb, other: Rgb) -> float:
    first, second = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (one, other))
    return (second + 0.05) / (first + 0.05)


def test_the_difference_is_the_published_one() -> None:
    """A pair of Sharma's test data, by way of its CIELAB values rounded to a screen's colours."""
    assert delta(linear("#000000"), linear("#ffffff")) == pytest.approx(100, abs=0.01)
    assert delta(linear("#ff0000"), linear("#00ff00")) == pytest.approx(86.6, abs=0.1)
    assert delta(linear("#0000ff"), linear("#ff0000")) == pytest.approx(52.9, abs=0.1)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("blindness", BLINDNESS)
def test_fills_of_statuses_stay_apart_for_colour_blind_readers(theme: str, blindness: str) -> None:
    fills = {status: seen(token(f"f-{status}", theme), blindness) for status in STATUSES}
    close = {
        (one, other): round(difference, 1)
        for one, other in combinations(fills, 2)
        if (difference := dist(lab(fills[one]), lab(fills[other]))) < APART[theme]
    }
    assert close == {}
    del fills["unknown"]
    alike = {
        (one, other): round(difference, 1)
        for one, other in combinations(fills, 2)
        if (difference := delta(fills[one], fills[other])) < SOLID_APART[theme]
    }
    assert alike == {}


@pytest.mark.parametrize("theme", THEMES)
def test_texts_stand_out_on_page_and_card(theme: str) -> None:
    names = ["ink", "muted", "accent", *(f"t-{status}" for status in STATUSES)]
    weak = {
        (name, ground): round(found, 2)
        for name in names
        for ground in ("page", "card")
        if (found := contrast(token(name, theme), token(ground, theme))) < TEXT_CONTRAST
    }
    assert weak == {}


@pytest.mark.parametrize("theme", THEMES)
def test_the_focus_stands_out_from_page_and_card(theme: str) -> None:
    assert re.search(r":focus-visible\s*\{\s*outline: 3px solid var\(--accent\)", SHEET)
    for ground in ("page", "card"):
        assert contrast(token("accent", theme), token(ground, theme)) >= FOCUS_CONTRAST


def test_charts_are_drawn_in_the_style_sheets_colours() -> None:
    """The script replaces them by name in the dark theme, so one that differed would stay light."""
    assert {s: token(f"f-{s}", "light") for s in FILLS} == {s: linear(c.lower()) for s, c in FILLS.items()}
    assert {s: token(f"t-{s}", "light") for s in TEXTS} == {s: linear(c.lower()) for s, c in TEXTS.items()}
