"""Whatever colour a company chooses, what is set in it can be read."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis import design
from visavis.design.colours import BLACK, DARK, LIGHT, WHITE, accent, contrast, mix, parse, to_hex

TOKENS = (Path(design.__file__).parent / "static/design/tokens.css").read_text()
LIGHT_TOKENS, DARK_TOKENS = TOKENS.split("@media (prefers-color-scheme: dark)")

any_colour = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_black_on_white_has_the_greatest_contrast():
    assert contrast(BLACK, WHITE) == pytest.approx(21)
    assert contrast(WHITE, WHITE) == 1


def test_contrast_agrees_with_a_published_value():
    assert contrast(parse("#767676"), WHITE) == pytest.approx(4.54, abs=0.01)


def test_mixing_takes_the_given_share():
    assert mix(WHITE, BLACK, 0.1) == (26, 26, 26)


@pytest.mark.parametrize("text", ["", "red", "#fff", "#gggggg", "0f766e0"])
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        parse(text)


def test_the_usual_accent_stays_as_it_is_in_light():
    assert accent("#0f766e", LIGHT).fill == "#0f766e"
    assert accent("#0f766e", LIGHT).strong == "#0f766e"


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
@given(colour=any_colour)
def test_words_on_any_accent_are_readable(scheme, colour):
    properties = accent(colour, scheme)

    assert contrast(parse(properties.fill), parse(properties.text)) >= 4.5


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
@given(colour=any_colour)
def test_hovering_never_costs_contrast(scheme, colour):
    properties = accent(colour, scheme)
    over = mix(parse(properties.fill), parse(properties.over), 0.88)

    assert contrast(over, parse(properties.text)) >= 4.5


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
@given(colour=any_colour)
def test_words_in_any_accent_are_readable_on_every_surface(scheme, colour):
    properties = accent(colour, scheme)
    surfaces = [parse(each) for each in scheme.surfaces]
    tint = mix(parse(properties.fill), surfaces[0], scheme.tint_percent / 100)

    for ground in [*surfaces, tint]:
        assert contrast(parse(properties.strong), ground) >= 4.5
    for ground in surfaces:
        assert contrast(parse(properties.edge), ground) >= 3


@given(colour=any_colour)
def test_hex_and_parts_are_the_same_colour(colour):
    assert to_hex(parse(colour)) == colour


@pytest.mark.parametrize(("scheme", "tokens"), [(LIGHT, LIGHT_TOKENS), (DARK, DARK_TOKENS)])
def test_the_style_sheet_has_the_surfaces_that_the_accent_is_computed_against(scheme, tokens):
    names = ("surface", "page", "sunken", "hover")

    assert tuple(token(tokens, name) for name in names) == scheme.surfaces
    assert f"var(--accent) {scheme.tint_percent}%" in tokens


@pytest.mark.parametrize(("scheme", "tokens"), [(LIGHT, LIGHT_TOKENS), (DARK, DARK_TOKENS)])
def test_the_accent_before_a_company_is_known_is_the_computed_one(scheme, tokens):
    properties = accent("#0f766e", scheme)

    assert token(tokens, "accent-edge") == properties.edge
    assert token(tokens, "accent-strong") == properties.strong


@pytest.mark.parametrize("tokens", [LIGHT_TOKENS, DARK_TOKENS])
@pytest.mark.parametrize("words", ["ink", "ink-soft", "ink-faint"])
@pytest.mark.parametrize("ground", ["surface", "page", "sunken", "hover"])
def test_plain_words_are_readable_on_every_surface(tokens, words, ground):
    assert contrast(parse(token(tokens, words)), parse(token(tokens, ground))) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT_TOKENS, DARK_TOKENS])
@pytest.mark.parametrize("tone", ["success", "warning", "danger", "info"])
def test_each_tone_is_readable_on_its_tint_and_on_the_page(tokens, tone):
    for ground in (f"{tone}-tint", "page", "surface"):
        assert contrast(parse(token(tokens, tone)), parse(token(tokens, ground))) >= 4.5
    assert contrast(parse(token(tokens, "ink")), parse(token(tokens, f"{tone}-tint"))) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT_TOKENS, DARK_TOKENS])
def test_edges_of_controls_can_be_seen(tokens):
    for ground in ("surface", "page", "sunken"):
        assert contrast(parse(token(tokens, "line-strong")), parse(token(tokens, ground))) >= 3


def token(tokens, name):
    return re.search(rf"--{name}: (#[0-9a-f]{{6}});", tokens)[1]
