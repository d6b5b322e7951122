import re

import pytest
from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from visavis.notifications.variables import VARIABLES

pytestmark = pytest.mark.django_db
PAGES = ("/help/", "/help/online-meetings/")
FILES = ("index", "online_meetings", "setting_up", "links", "meeting", "what_if")


def text(client, page, language="en"):
    return client.get(page, headers={"Accept-Language": language}).content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_everybody_may_read_it(client, page):
    assert client.get(page).status_code == 200


def test_it_is_written_in_the_readers_language(client):
    english, french = (text(client, PAGES[1], language) for language in ("en", "fr"))

    assert '<html lang="en"' in english
    assert "How a meeting goes" in english
    assert '<html lang="fr"' in french
    assert "Le déroulement d’une réunion" in french
    assert "How a meeting goes" not in french


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("name", FILES)
def test_every_language_has_every_page(language, name):
    assert get_template(f"help/{language}/{name}.html")


def test_a_language_without_a_page_of_its_own_falls_back_to_english(client, settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("it", "Italian")]
    with pytest.raises(TemplateDoesNotExist):
        get_template("help/it/index.html")

    page = text(client, PAGES[1], "it")

    assert "How a meeting goes" in page


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_entry_of_the_contents_leads_somewhere(client, language):
    page = text(client, PAGES[1], language)

    for anchor in re.findall(r'href="#([a-z-]+)"', page):
        assert f'id="{anchor}"' in page


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_both_languages_have_the_same_parts(client, language):
    page = text(client, PAGES[1], language)

    headings = re.findall(r'<h2 id="([a-z-]+)"', page)
    assert headings == [
        "how",
        "connect",
        "shared",
        "providers",
        "switch",
        "links",
        "texts",
        "meeting",
        "find",
        "disconnect",
        "what-if",
    ]


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_variable_is_explained(client, language):
    page = text(client, PAGES[1], language)

    for variable in VARIABLES:
        assert f"<code>[{variable.name}]</code>" in page


def test_it_leads_to_zooms_list_of_installed_apps(client, settings):
    settings.ZOOM_INSTALLED_APPS_URL = "https://zoom.example/installed"

    assert 'href="https://zoom.example/installed"' in text(client, PAGES[1])
