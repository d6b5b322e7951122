"""Fields come with their label, hint and error, tied together for those who cannot see them."""

import re
from datetime import UTC, date, datetime

import pytest
from django import forms
from django.utils import translation

from visavis.design.widgets import (
    DateInput,
    DurationInput,
    ImageInput,
    Switch,
    TimeInput,
    TimeZoneSelect,
    zone_choices,
)


class Details(forms.Form):
    name = forms.CharField(label="Name", help_text="As on your card.")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    place = forms.ChoiceField(
        label="Place", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect
    )
    terms = forms.BooleanField(label="Terms")
    online = forms.BooleanField(label="Online", required=False, widget=Switch)
    code = forms.CharField(widget=forms.HiddenInput)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def test_an_error_stands_beside_its_field_and_is_announced_with_it():
    html = str(Details({"code": "x"})["name"].as_field_group())

    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert "This field is required." in html


def test_a_field_without_error_has_none():
    html = str(Details()["name"].as_field_group())

    assert "aria-invalid" not in html
    assert "error" not in html


def test_only_optional_fields_say_so():
    form = Details()

    assert "(optional)" in form["note"].as_field_group()
    assert "(optional)" not in form["name"].as_field_group()


def test_a_group_is_a_fieldset_whose_error_is_announced():
    html = str(Details({})["place"].as_field_group())

    assert re.search(r'<fieldset[^>]*aria-describedby="id_place_error"', html)
    assert "<legend>Place" in html
    assert html.count('<label class="choice"') == 2


def test_a_checkbox_stands_in_its_label():
    html = str(Details()["terms"].as_field_group())

    assert re.search(r'<label class="choice" for="id_terms">\s*<input type="checkbox"', html)


def test_a_switch_is_a_checkbox_of_another_shape():
    html = str(Details()["online"].as_field_group())

    assert 'class="choice switch"' in html
    assert 'type="checkbox"' in html


def test_every_id_is_unique():
    ids = re.findall(r'\bid="([^"]*)"', str(Details({})))

    assert len(ids) == len(set(ids))


def test_the_summary_links_to_each_rejected_field():
    html = str(Details({}))

    assert "Please check the following" in html
    assert "data-focus" in html
    for target in ("id_name", "id_place_0", "id_terms"):
        assert f'href="#{target}"' in html
        assert f'id="{target}"' in html


def test_the_summary_tells_of_hidden_fields_too():
    html = str(Details({"name": "Ada", "place": "a", "terms": "on"}))

    assert "This field is required." in html


def test_a_form_that_was_not_sent_has_no_summary():
    assert "banner" not in str(Details())


def test_an_error_of_the_whole_form_needs_no_list():
    form = Details({"name": "Ada", "place": "a", "terms": "on", "code": "x"})
    form.add_error(None, "The time has just been taken.")

    assert "<p>The time has just been taken.</p>" in str(form)


def test_what_a_visitor_typed_is_escaped():
    assert "<script>" not in str(Details({"name": "<script>", "place": "<script>"}))


def test_native_pickers_get_dates_and_times_as_browsers_want_them():
    with translation.override("fr"):
        assert 'value="2026-11-26"' in DateInput().render("on", date(2026, 11, 26))
        assert 'value="14:30"' in TimeInput().render("at", datetime(2026, 1, 1, 14, 30).time())


def test_a_duration_offers_its_presets():
    html = DurationInput(presets=(45, 90)).render("minutes", 45, {"id": "id_minutes"})

    assert 'list="id_minutes_presets"' in html
    assert '<option value="90">1 h 30</option>' in html


def test_zones_are_grouped_and_show_their_offset():
    groups = dict(zone_choices(datetime(2026, 7, 1, tzinfo=UTC)))

    assert ("Europe/Paris", "Paris (UTC+2)") in groups["Europe"]
    city = "Buenos Aires, Argentina (UTC−3)"
    assert ("America/Argentina/Buenos_Aires", city) in groups["America"]
    assert groups["UTC"] == [("UTC", "UTC (UTC)")]


def test_a_zone_select_selects_the_value():
    html = TimeZoneSelect().render("zone", "Europe/Paris")

    assert re.search(r'<option value="Europe/Paris" selected>', html)
    assert html.count(" selected") == 1


def test_a_picture_shows_before_it_is_sent():
    html = ImageInput().render("photo", None)

    assert 'class="file-preview"' in html
    assert 'accept="image/png,image/jpeg,image/webp"' in html
