"""Services, their categories, and the switch for online meetings."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from back_office.staff import at, book, sign_in
from factories import make_provider, make_service
from visavis.catalog.models import Category, Offering
from visavis.companies import features
from visavis.companies.models import Company
from visavis.meetings.models import JoinLink, MeetingProvider
from visavis.notifications.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def typed(provider):
    return {
        "name": "Long talk",
        "description": "",
        "duration_minutes": "45",
        "price": "50.50",
        "place": "",
        "buffer_before_minutes": "0",
        "buffer_after_minutes": "10",
        "step_minutes": "",
        "seats": "1",
        "places_max": "1",
        "notice_minutes": "",
        "horizon_days": "",
        "day_limit": "",
        "listed": "on",
        "providers": [provider.pk],
    }


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def page(name, company, *args):
    return reverse(f"back_office:{name}", args=[company.slug, *args])


def picture(kind="PNG", size=(1600, 900)):
    data = BytesIO()
    Image.new("RGB", size, "teal").save(data, kind)
    return SimpleUploadedFile(f"photo.{kind.lower()}", data.getvalue())


def test_a_new_service_is_not_online_even_once_the_feature_is_on(client, company, provider, typed):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    sign_in(client, company, "owner")

    response = client.post(page("new_service", company), typed | {"online": "on"})

    made = Offering.objects.get()
    assert response.url == page("service", company, made.pk)
    assert (made.slug, made.buffer_after_minutes, made.online) == ("long-talk", 10, False)
    assert list(made.providers.all()) == [provider]


def test_two_services_of_similar_names_have_direct_links_of_their_own(client, company, typed):
    sign_in(client, company, "owner")

    client.post(page("new_service", company), typed | {"name": "Long Talk!"})
    client.post(page("new_service", company), typed)

    slugs = Offering.objects.order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["long-talk", "long-talk-2"]


def test_a_direct_link_outlives_a_change_of_name(client, company, service, typed):
    sign_in(client, company, "owner")

    client.post(page("service", company, service.pk), typed | {"name": "Renamed"})

    service.refresh_from_db()
    assert (service.name, service.slug) == ("Renamed", "first-talk")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "FIRST TALK"),
        ("duration_minutes", "2"),
        ("price", "-1"),
        ("places_max", "2"),
        ("seats", "0"),
        ("buffer_after_minutes", "7"),
        ("providers", ["999"]),
    ],
)
def test_nonsense_is_refused_beside_its_field_and_the_rest_stays(
    client, company, service, typed, field, value
):
    sign_in(client, company, "owner")

    response = client.post(page("new_service", company), typed | {field: value})

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert 'value="50.50"' in response.text or field == "price"
    assert Offering.objects.count() == 1


def test_providers_of_other_companies_cannot_be_chosen(client, company, typed):
    other = Company.objects.create(slug="oak", name="Oak", time_zone="UTC")
    stranger = make_provider(other, "Mallory")
    sign_in(client, company, "owner")

    response = client.post(page("new_service", company), typed | {"providers": [stranger.pk]})

    assert response.status_code == 422


def test_a_photo_is_made_small_and_saved_anew(client, company, typed):
    sign_in(client, company, "owner")

    client.post(page("new_service", company), typed | {"photo": picture()})

    with Image.open(Offering.objects.get().photo.path) as saved:
        assert (saved.format, saved.size) == ("WEBP", (1200, 675))


def test_a_replaced_photo_does_not_stay_behind(
    client, company, typed, tmp_path, django_capture_on_commit_callbacks
):
    sign_in(client, company, "owner")
    client.post(page("new_service", company), typed | {"photo": picture()})

    with django_capture_on_commit_callbacks(execute=True):
        url = page("service", company, Offering.objects.get().pk)
        client.post(url, typed | {"photo": picture("JPEG")})

    assert len(list(tmp_path.rglob("*.webp"))) == 1


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("photo.png", b"<svg onload=alert(1)>"),
        SimpleUploadedFile("photo.gif", b"GIF89a" + b"\0" * 40),
    ],
)
def test_what_is_no_picture_is_refused(client, company, typed, upload):
    sign_in(client, company, "owner")

    response = client.post(page("new_service", company), typed | {"photo": upload})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["photo"]


def test_approval_is_asked_about_only_while_the_feature_is_on(client, company, service):
    sign_in(client, company, "owner")

    without = client.get(page("service", company, service.pk)).context["form"].fields
    features.switch(company, features.APPROVAL, on=True)
    with_it = client.get(page("service", company, service.pk)).context["form"].fields

    assert "approval_wanted" not in without
    assert "approval_wanted" in with_it


def test_the_switch_stands_under_more_options_with_what_is_missing(client, company, service):
    sign_in(client, company, "scheduling_administrator")

    text = client.get(page("service", company, service.pk)).text

    assert "More options" in text
    assert "Enable as online meeting service" in text
    assert 'aria-checked="false"' in text
    assert page("features", company) in text


def test_the_switch_acts_at_once_while_nobody_has_booked(client, company, service):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    sign_in(client, company, "owner")

    response = client.post(page("offering_online", company, service.pk), {"on": "yes"})

    service.refresh_from_db()
    assert (response.url, service.online) == (page("service", company, service.pk), True)


def test_with_bookings_ahead_the_switch_asks_first(client, company, service):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    sign_in(client, company, "owner")
    book(service, at(10)), book(service, at(11), name="Alan Demo")

    response = client.post(page("offering_online", company, service.pk), {"on": "yes"})

    service.refresh_from_db()
    assert response.context["count"] == 2
    assert (service.online, JoinLink.objects.exists()) == (False, False)


def test_clashes_of_a_host_are_shown_before_anything_is_switched(
    client, company, provider, service
):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    sign_in(client, company, "owner")
    other = make_provider(company, "Bea Demo")
    talk = make_service(company, "Talk", [other], online=True)
    for each in (provider, other):
        MeetingProvider.objects.create(provider=each, platform="zoom", host_id="one-host")
    book(service, at(10)), book(talk, at(10), name="Alan Demo")

    asked = client.post(page("offering_online", company, service.pk), {"on": "yes"})

    assert "would have one host at the same time" in asked.content.decode()
    assert [one.provider for one in asked.context["clashes"]] == [provider, other]
    assert Offering.objects.filter(online=True).get() == talk


def test_once_confirmed_the_bookings_get_links_and_people_are_told(client, company, service):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    sign_in(client, company, "owner")
    book(service, at(10))

    client.post(page("offering_online", company, service.pk), {"on": "yes", "sure": "yes"})

    assert JoinLink.objects.standing().count() == 2
    assert Message.objects.filter(event="link_changed").count() == 2


def test_switching_off_again_withdraws_them(client, company, service):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    sign_in(client, company, "owner")
    url = page("offering_online", company, service.pk)
    client.post(url, {"on": "yes"})
    book(Offering.objects.get(), at(10))

    client.post(url, {"on": "no", "sure": "yes"})

    assert not JoinLink.objects.standing().exists()
    assert not Offering.objects.get().online


def test_looking_switches_nothing(client, company, service):
    sign_in(client, company, "owner")

    assert client.get(page("offering_online", company, service.pk)).status_code == 405


def test_a_ready_service_says_so(client, company, service, provider):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    MeetingProvider.objects.create(provider=provider, platform="jitsi")
    Offering.objects.update(online=True)
    sign_in(client, company, "owner")

    response = client.get(page("service", company, service.pk))

    assert response.context["readiness"].items == []
    assert "Everything is ready" in response.text


def test_a_service_nobody_booked_vanishes(client, company, service):
    sign_in(client, company, "owner")

    client.post(page("remove_service", company, service.pk))

    assert not Offering.objects.exists()


def test_a_service_that_was_booked_is_retired_and_can_come_back(client, company, service):
    sign_in(client, company, "owner")
    booking = book(service)

    client.post(page("remove_service", company, service.pk))
    retired = Offering.objects.get().active
    client.post(page("restore_service", company, service.pk))

    booking.refresh_from_db()
    assert (retired, Offering.objects.get().active, booking.status) == (False, True, "confirmed")


def test_services_are_put_in_order(client, company, provider):
    sign_in(client, company, "owner")
    for name in ("Aaa", "Bbb", "Ccc"):
        make_service(company, name, [provider])

    client.post(page("service_up", company, Offering.objects.get(name="Ccc").pk))

    listed = client.get(page("services", company)).context["offerings"]
    assert [one.name for one in listed] == ["Aaa", "Ccc", "Bbb"]


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_takes_as_many_queries_for_one_as_for_many(
    client, company, provider, count, django_assert_max_num_queries
):
    sign_in(client, company, "owner")
    for number in range(count):
        make_service(company, f"Service {number}", [provider])

    with django_assert_max_num_queries(8):
        client.get(page("services", company))


@pytest.mark.parametrize("role", ["receptionist", "provider", "viewer"])
def test_who_does_not_manage_the_catalogue_stays_outside(client, company, service, role):
    sign_in(client, company, role)

    assert client.get(page("services", company)).status_code == 403
    assert client.post(page("offering_online", company, service.pk)).status_code == 403


def test_services_of_other_companies_are_not_found(client, company, service):
    other = Company.objects.create(slug="oak", name="Oak", time_zone="UTC")
    sign_in(client, other, "owner")

    assert client.get(page("service", other, service.pk)).status_code == 404
    assert client.post(page("offering_online", other, service.pk)).status_code == 404


def test_a_class_is_no_service(client, company, provider):
    sign_in(client, company, "owner")
    yoga = make_service(company, "Yoga", [provider], kind="class")

    assert client.get(page("service", company, yoga.pk)).status_code == 404


def test_categories_are_added_renamed_ordered_and_removed(client, company, service):
    sign_in(client, company, "owner")
    for name in ("Talks", "Walks"):
        client.post(page("categories", company), {"name": name})
    talks, walks = Category.objects.order_by("pk")
    Offering.objects.update(category=walks)

    client.post(page("category", company, talks.pk), {"name": "Chats"})
    client.post(page("category_up", company, walks.pk))
    ordered = [one.name for one in client.get(page("categories", company)).context["categories"]]
    client.post(page("remove_category", company, walks.pk))

    assert ordered == ["Walks", "Chats"]
    assert Offering.objects.get().category is None


@pytest.mark.parametrize("name", ["", "TALKS"])
def test_a_category_needs_a_name_of_its_own(client, company, name):
    sign_in(client, company, "owner")
    Category.objects.create(company=company, name="Talks")

    assert client.post(page("categories", company), {"name": name}).status_code == 422


def test_duration_and_buffers_that_no_calendar_can_hold_are_refused(
    client, company, service, typed
):
    sign_in(client, company, "owner")
    Offering.objects.update(buffer_after_minutes=1440)
    day = {"duration_minutes": 1440, "buffer_before_minutes": 90, "buffer_after_minutes": 1440}

    response = client.post(page("service", company, service.pk), typed | day)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["duration_minutes"]
