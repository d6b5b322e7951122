"""What a company's accent colour becomes, so that everything set in it can be read.

A company may choose any colour. Words on it, words in it and the edges of what is filled with it
are computed against the surfaces of both schemes (WCAG 2.2, 1.4.3 and 1.4.11).
"""

from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

RGB: TypeAlias = tuple[int, int, int]

WHITE: RGB = (255, 255, 255)
BLACK: RGB = (0, 0, 0)
TEXT_CONTRAST = 4.5
EDGE_CONTRAST = 3.0
# White words suit middling colours better than black ones: from here on the fill gives way.
_NEARLY_FIT_FOR_WHITE = 3.4


@dataclass(frozen=True, slots=True)
class Scheme:
    """The surfaces of one colour scheme, as in `tokens.css`."""

    surfaces: tuple[str, ...]
    """What words in the accent colour may stand on: surface, page, sunken, hover."""
    tint_percent: int
    """How much of the accent is in `--accent-tint`; the rest is the first surface."""
    strong_contrast: float
    """How readable words in the accent colour are at least; dark surfaces want some more."""
    towards: RGB
    """Where to go for more contrast."""


LIGHT = Scheme(("#ffffff", "#faf8f4", "#f4f1eb", "#efebe3"), 10, TEXT_CONTRAST, BLACK)
DARK = Scheme(("#211f1c", "#171513", "#1b1917", "#2c2925"), 22, 6.0, WHITE)


@dataclass(frozen=True, slots=True)
class Accent:
    """The custom properties of one accent colour in one scheme."""

    fill: str
    text: str
    over: str
    edge: str
    strong: str


@lru_cache(maxsize=512)
def accent(colour: str, scheme: Scheme) -> Accent:
    """Return what `colour` becomes in `scheme`. Raises ValueError if it is not #rrggbb."""
    fill = _fit_for_white(parse(colour))
    surfaces = [parse(each) for each in scheme.surfaces]
    tint = mix(fill, surfaces[0], scheme.tint_percent / 100)
    words_are_white = contrast(fill, WHITE) >= TEXT_CONTRAST
    return Accent(
        fill=to_hex(fill),
        text=to_hex(WHITE if words_are_white else BLACK),
        over=to_hex(BLACK if words_are_white else WHITE),
        edge=to_hex(_readable(fill, surfaces, EDGE_CONTRAST, scheme.towards)),
        strong=to_hex(_readable(fill, [*surfaces, tint], scheme.strong_contrast, scheme.towards)),
    )


def contrast(one: RGB, other: RGB) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(colour: RGB, ground: RGB, share: float) -> RGB:
    """Return what CSS's `color-mix(in srgb, colour share, ground)` returns."""
    red, green, blue = (
        round(of * share + on * (1 - share)) for of, on in zip(colour, ground, strict=True)
    )
    return red, green, blue


def parse(colour: str) -> RGB:
    """Return the parts of #rrggbb. Raises ValueError for anything else."""
    if len(colour) != 7 or colour[0] != "#":
        raise ValueError(f"not a colour: {colour!r}")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def to_hex(colour: RGB) -> str:
    """Return a colour as #rrggbb."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _fit_for_white(fill: RGB) -> RGB:
    if _NEARLY_FIT_FOR_WHITE <= contrast(fill, WHITE) < TEXT_CONTRAST:
        return _readable(fill, [WHITE], TEXT_CONTRAST, BLACK)
    return fill


def _readable(colour: RGB, grounds: list[RGB], least: float, towards: RGB) -> RGB:
    # Lightness moves and the hue stays; a little less saturation keeps light tones calm.
    hue, lightness, saturation = rgb_to_hls(*(part / 255 for part in colour))
    end = 1.0 if towards == WHITE else 0.0
    for step in range(101):
        moved = lightness + (end - lightness) * step / 100
        calm = saturation * (1 - end * step / 240)
        red, green, blue = (round(part * 255) for part in hls_to_rgb(hue, moved, calm))
        if all(contrast((red, green, blue), ground) >= least for ground in grounds):
            return red, green, blue
    return towards


def _luminance(colour: RGB) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
