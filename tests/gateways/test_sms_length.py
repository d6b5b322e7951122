"""How many parts a text takes. The limits are those of 3GPP TS 23.038 and 23.040."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.gateways.sms.length import Encoding, length, plain


@pytest.mark.parametrize(
    ("text", "encoding", "units", "parts"),
    [
        ("", "GSM-7", 0, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("é" * 160, "GSM-7", 160, 1),
        ("€" * 80, "GSM-7", 160, 1),
        ("€" * 81, "GSM-7", 162, 2),
        ("ê" * 70, "UCS-2", 70, 1),
        ("ê" * 71, "UCS-2", 71, 2),
        ("ê" * 134, "UCS-2", 134, 2),
        ("ê" * 135, "UCS-2", 135, 3),
        ("😀" * 35, "UCS-2", 70, 1),
        ("😀" * 36, "UCS-2", 72, 2),
    ],
)
def test_parts_are_counted_as_phones_count_them(text, encoding, units, parts):
    found = length(text)

    assert (found.encoding, found.units, found.parts) == (encoding, units, parts)


def test_no_character_is_torn_between_two_parts():
    # 152 septets and a pair: the pair goes into the second part.
    assert length("a" * 152 + "€" + "a" * 152).parts == 3
    # 66 units and a surrogate pair.
    assert length("ê" * 66 + "😀" + "ê" * 66).parts == 3


def test_what_costs_the_alphabet_is_named():
    assert length("Août, fête, août").foreign == "ûê"


def test_the_room_that_is_left_is_that_of_the_last_part():
    assert length("a" * 150).room == 10
    assert length("a" * 161).room == 145


def test_typographic_signs_become_those_of_typewriters():
    assert plain("L’été : « oui » – 9 h…\u00a0!") == 'L\'été : "oui" - 9 h... !'
    assert length(plain("L’été – 10 h")).encoding is Encoding.GSM


@given(st.text(max_size=800))
def test_plain_is_plain_already(text):
    assert plain(plain(text)) == plain(text)


@given(st.text(max_size=500), st.text(max_size=20))
def test_a_longer_text_never_takes_fewer_parts(text, more):
    assert length(text + more).parts >= length(text).parts
