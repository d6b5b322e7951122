"""Template tags and the pages built from them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import include, path
from django.utils import translation

from visavis import design
from visavis.design import style_guide

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("allauth.urls")),
    path("design/", include("visavis.design.urls")),
]
# These templates belong to no door, so they are tested without any.
pytestmark = pytest.mark.urls(__name__)

START = datetime(2026, 11, 26, 13, 30, tzinfo=UTC)
STATIC = Path(design.__file__).parent / "static/design"


def render(source, **context):
    with translation.override("en"):
        return Template(source).render(Context(context))


def test_an_icon_is_inline_and_hidden_from_screen_readers():
    html = render('{% icon "video" %}')

    assert html.startswith('<svg class="icon"')
    assert html.endswith("</svg>")
    assert 'aria-hidden="true"' in html
    assert html.count("<svg") == 1
    assert "lucide" not in html


def test_an_unknown_icon_is_a_mistake():
    with pytest.raises(FileNotFoundError):
        render('{% icon "no-such-icon" %}')


def test_a_moment_carries_its_zone():
    assert render('{% moment start "Europe/Paris" "short" %}', start=START) == (
        '<time datetime="2026-11-26T14:30+01:00">Thu 26 Nov, 2:30\xa0PM</time> '
        '<span class="zone">Paris time (UTC+1)</span>'
    )


def test_a_span_carries_its_zone():
    html = render('{% span start end "Europe/Paris" %}', start=START, end=START)

    assert html.count("<time ") == 2
    assert html.endswith('<span class="zone">Paris time (UTC+1)</span>')


def test_a_span_breaks_after_its_dash_and_begins_no_line_with_a_space():
    html = render('{% span start end "Europe/Paris" %}', start=START, end=START)

    assert "</time>\xa0– <time " in html


def test_the_accent_comes_with_the_nonce_and_for_both_schemes():
    html = render('{% accent_style "#be123c" %}', CSP_NONCE="abc")

    assert html.startswith('<style nonce="abc">:root{--accent:#be123c;')
    assert "@media (prefers-color-scheme:dark){:root{--accent:#be123c;" in html


def test_an_accent_cannot_smuggle_anything_in():
    with pytest.raises(ValueError, match="not a colour"):
        render("{% accent_style colour %}", colour="red}</style><script>")


def test_an_avatar_shows_initials_in_colours_that_can_be_read():
    html = render('{% avatar "Ada <b>" "#fef08a" "large" %}')

    assert 'fill="#fef08a"' in html
    assert 'fill="#000000">A</text>' in html
    assert "<b>" not in html


def test_an_avatar_with_a_photo_is_an_image():
    assert render('{% avatar "Ada" "#fef08a" "small" "/media/ada.jpg" %}') == (
        '<img class="avatar small" src="/media/ada.jpg" alt="">'
    )


def test_a_dialog_is_named_by_its_title():
    html = render('{% dialog "ask" "Sure?" %}<p>Really.</p>{% enddialog %}')

    assert 'aria-labelledby="ask-title"' in html
    assert 'id="ask-title">Sure?</h2>' in html
    assert "<p>Really.</p>" in html


@pytest.mark.parametrize(
    "name", ["400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"]
)
def test_error_pages_need_no_context(name):
    with translation.override("en"):
        html = render_to_string(name)

    assert "<h1>" in html
    assert 'id="content"' in html or name == "500.html"


def test_the_page_of_last_resort_refers_to_files_that_exist():
    html = render_to_string("500.html")

    paths = [part.split('"')[0] for part in html.split('href="/static/design/')[1:]]
    assert len(paths) > 3
    assert [path for path in paths if not (STATIC / path).exists()] == []


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("view", [style_guide.site, style_guide.centred, style_guide.dialog])
def test_the_style_guide_has_no_inline_style_or_script(view, language):
    html = view(RequestFactory().get("/", {"lang": language})).content.decode()

    assert "style=" not in html
    assert "onclick" not in html


def test_scripts_leave_room_for_htmx_on_the_booking_page():
    ours = sum(path.stat().st_size for path in STATIC.glob("js/*.js"))

    assert ours <= 15_000


def test_every_style_sheet_is_listed():
    html = render('{% include "design/styles.html" %}')

    missing = [
        path.name for path in STATIC.rglob("*.css") if f'{path.relative_to(STATIC)}"' not in html
    ]
    assert missing == []
