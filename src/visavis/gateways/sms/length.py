"""How long a text is for a phone: its encoding and the number of parts it is sent and paid in.

GSM 03.38 counts in septets, 160 of them or 153 in each of several parts; a single character
outside its alphabet makes the whole text UCS-2, of which 70 or 67 units fit (3GPP TS 23.038
and 23.040).
"""

import re
from dataclasses import dataclass
from enum import StrEnum

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each is sent as two septets, the first of which says that another alphabet follows.
_EXTENDED = frozenset("\f^{}\\[~]|€")

# What looks the same on a phone, and does not cost the whole text its alphabet.
_PLAIN = str.maketrans(
    {
        "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-",
        "…": "...", "•": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2011": "-",
        "\u200b": "", "\u00ad": "", "\t": " ",
    }
)  # fmt: skip
_OPENING, _CLOSING = re.compile(r"«\s*"), re.compile(r"\s*»")


class Encoding(StrEnum):
    """The alphabet in which a text is sent."""

    GSM = "GSM-7"
    UCS2 = "UCS-2"


@dataclass(frozen=True, slots=True)
class Length:
    """What a text takes: `units` of its encoding in `parts`, and how many fit before the next."""

    encoding: Encoding
    units: int
    parts: int
    room: int
    # The characters because of which it is not GSM-7, each once.
    foreign: str = ""


def plain(text: str) -> str:
    """Return a text with typewriter quotes, dashes and blanks in place of typographic ones.

    Letters stay as they are.
    """
    quoted = _CLOSING.sub('"', _OPENING.sub('"', text))
    lines = quoted.translate(_PLAIN).splitlines()
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def length(text: str) -> Length:
    """Return what a text takes as it is; `plain` often makes it shorter."""
    foreign = "".join(dict.fromkeys(c for c in text if c not in _BASIC and c not in _EXTENDED))
    if foreign:
        sizes, one, each = [len(c.encode("utf-16-be")) // 2 for c in text], 70, 67
    else:
        sizes, one, each = [2 if c in _EXTENDED else 1 for c in text], 160, 153
    units = sum(sizes)
    encoding = Encoding.UCS2 if foreign else Encoding.GSM
    if units <= one:
        return Length(encoding, units, 1, one - units, foreign)
    parts, filled = _parts(sizes, each)
    return Length(encoding, units, parts, each - filled, foreign)


def _parts(sizes: list[int], each: int) -> tuple[int, int]:
    """Return how many parts are needed, and what is in the last. No character is torn apart."""
    parts, filled = 1, 0
    for size in sizes:
        if filled + size > each:
            parts, filled = parts + 1, 0
        filled += size
    return parts, filled
