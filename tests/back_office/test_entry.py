"""Coming in: companies, the guided set-up, the overview."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from back_office.staff import PARIS, book, sign_in
from factories import make_member, make_provider
from visavis.bookings.actors import by_staff
from visavis.bookings.models import Appointment, Booking
from visavis.bookings.operations import moving
from visavis.bookings.seats import STAFF_OVERRIDES
from visavis.catalog.models import Offering, WeeklyHours
from visavis.companies import features
from visavis.companies.models import Company, FormerSlug, User
from visavis.connections.models import Connection
from visavis.notifications.models import Message, ReminderTime

pytestmark = pytest.mark.django_db

NEW = {"name": "Willow Tree", "slug": "", "time_zone": "Europe/Paris", "language": "fr"}
WEEK = {"starts-0": ["09:00"], "ends-0": ["17:00"]}


@pytest.fixture
def newcomer(client):
    user = User.objects.create_user("new@example.com", "correct horse", name="Nora New")
    client.force_login(user)
    return user


def page(name, company, *args):
    return reverse(f"back_office:{name}", args=[company.slug, *args])


def today_at_noon():
    return timezone.now().astimezone(PARIS).replace(hour=12, minute=0, second=0, microsecond=0)


def appointment_today(service, provider, *, minutes=30):
    starts = today_at_noon()
    return Appointment.objects.create(
        company=service.company,
        offering=service,
        provider=provider,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=minutes),
        blocked_from=starts,
        blocked_until=starts + timedelta(minutes=minutes),
        seats=1,
        created_at=starts,
    )


def test_nobody_comes_in_without_signing_in(client):
    response = client.get("/office/")

    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


def test_who_has_no_company_is_offered_to_make_one(client, newcomer):
    response = client.get("/office/")

    assert reverse("back_office:new_company") in response.text


def test_who_has_one_company_is_led_to_it(client, company):
    member = sign_in(client, company, "viewer")

    response = client.get("/office/")

    assert response.url == page("dashboard", member.company)


def test_who_has_several_companies_chooses(client, company):
    member = sign_in(client, company, "viewer")
    other = Company.objects.create(slug="oak", name="Oak Clinic", time_zone="Europe/Paris")
    other.members.create(user=member.user, role="owner")

    response = client.get("/office/")

    assert [one.slug for one in response.context["companies"]] == ["oak", "willow"]


def test_a_new_company_has_its_founder_as_owner_and_reminds_a_day_ahead(client, newcomer):
    response = client.post("/office/new/", NEW)

    made = Company.objects.get()
    assert response.url == page("setup_provider", made)
    assert (made.slug, made.language, made.published) == ("willow-tree", "fr", False)
    assert [(one.user, one.role) for one in made.members.all()] == [(newcomer, "owner")]
    assert list(ReminderTime.objects.values_list("audience", "minutes_before")) == [
        ("client", 24 * 60)
    ]


def test_a_suggested_address_makes_way_for_those_that_are_or_were_taken(client, newcomer, company):
    Company.objects.create(slug="willow-tree", name="First", time_zone="UTC")
    FormerSlug.objects.create(company=company, slug="willow-tree-2")

    client.post("/office/new/", NEW)

    assert Company.objects.filter(slug="willow-tree-3").exists()


@pytest.mark.parametrize("slug", ["willow", "office", "invitations", "Über uns", "-a"])
def test_an_address_that_cannot_be_had_is_refused_and_what_was_typed_stays(
    client, newcomer, company, slug
):
    response = client.post("/office/new/", NEW | {"slug": slug})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["slug"]
    assert 'value="Willow Tree"' in response.text


def test_while_typing_an_address_is_suggested_and_checked(client, newcomer, company):
    suggested = client.get("/office/new/address/", {"name": "Élan Vital"})
    taken = client.get("/office/new/address/", {"slug": "willow"})

    assert 'value="elan-vital"' in suggested.text
    assert "available" in suggested.text
    assert "available" not in taken.text
    assert "taken" in taken.text


def test_the_set_up_leads_from_nothing_to_a_published_site(client, newcomer):
    client.post("/office/new/", NEW)
    company = Company.objects.get()

    provider = {
        "name": "Nora New",
        "is_me": "on",
        "email": "",
        "time_zone": "Europe/Paris",
        "language": "fr",
        **WEEK,
    }
    first = client.post(page("setup_provider", company), provider)
    nora = company.providers.get()
    service = {"name": "Talk", "duration_minutes": 45, "price": "40", "providers": [nora.pk]}
    second = client.post(page("setup_service", company), service)
    client.post(page("setup_publish", company))

    company.refresh_from_db()
    assert (first.url, second.url) == (
        page("setup_service", company),
        page("setup_publish", company),
    )
    assert nora.member.user == newcomer
    assert WeeklyHours.objects.filter(provider=nora).count() == 1
    talk = Offering.objects.get()
    assert (talk.slug, talk.online, list(talk.providers.all())) == ("talk", False, [nora])
    assert company.published


def test_a_set_up_that_was_left_is_taken_up_where_it_was(client, company, provider):
    sign_in(client, company, "owner")

    client.post(
        page("setup_provider", company),
        {"name": "Ada", "time_zone": "Europe/Paris", "language": "en", **WEEK},
    )

    assert [one.name for one in company.providers.all()] == ["Ada"]


def test_a_row_of_hours_is_added_without_saving_anything(client, company):
    sign_in(client, company, "owner")

    response = client.post(
        page("setup_provider", company),
        {"name": "Ada", "time_zone": "Europe/Paris", "language": "en", "add": "6", **WEEK},
    )

    assert response.status_code == 200
    assert 'name="starts-6"' in response.text
    assert 'value="Ada"' in response.text
    assert not company.providers.exists()


def test_wrong_hours_in_the_set_up_are_said_beside_the_row(client, company):
    sign_in(client, company, "owner")
    data = {"name": "Ada", "time_zone": "Europe/Paris", "language": "en"}

    response = client.post(
        page("setup_provider", company), data | {"starts-0": ["17:00"], "ends-0": ["09:00"]}
    )

    assert response.status_code == 422
    assert "The end is before the start" in response.text


def test_only_who_manages_the_company_sets_it_up(client, company):
    sign_in(client, company, "scheduling_administrator")

    assert client.get(page("setup_publish", company)).status_code == 403


def test_a_stranger_learns_nothing(client, company):
    other = Company.objects.create(slug="oak", name="Oak", time_zone="UTC")
    sign_in(client, other, "owner")

    assert client.get(page("dashboard", company)).status_code == 404


def test_a_former_address_leads_to_the_new_one(client, company):
    sign_in(client, company, "owner")
    FormerSlug.objects.create(company=company, slug="old-willow")

    response = client.get("/office/old-willow/services/")

    assert response.url == "/office/willow/services/"


def test_the_overview_shows_today_and_the_way_into_its_meetings(client, company, service, provider):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    member = sign_in(client, company, "receptionist")
    Offering.objects.update(online=True)
    booking = book(Offering.objects.get(), name="Grace Demo")
    provider.time_zone = "Europe/Paris"
    moving.move(
        booking,
        starts_at=today_at_noon() + timedelta(hours=11),
        provider=provider,
        by=by_staff(member.user),
        now=today_at_noon() - timedelta(hours=24),
        overriding=STAFF_OVERRIDES,
    )

    response = client.get(page("dashboard", company))

    [line] = response.context["today"]
    assert [one.name for one in line.bookings] == ["Grace Demo"]
    assert "/meet/" in line.meeting_url


def test_a_provider_sees_their_own_day_alone(client, company, service, provider):
    bea = make_provider(company, "Bea Demo")
    appointment_today(service, provider)
    bea.member = sign_in(client, company, "provider")
    bea.save()
    mine = appointment_today(service, bea)

    response = client.get(page("dashboard", company))

    assert [line.appointment for line in response.context["today"]] == [mine]


def test_the_overview_shows_what_waits_for_approval(client, company, service):
    booking = book(service)
    Booking.objects.update(status="pending")
    sign_in(client, company, "receptionist")

    response = client.get(page("dashboard", company))

    assert response.context["waiting"] == [booking]


def test_the_overview_says_what_needs_attention_to_who_can_see_to_it(client, company):
    now = timezone.now()
    Connection.objects.create(
        company=company, platform="zoom", client_id="app", connected_at=now, attention="reconnect"
    )
    Message.objects.create(
        company=company,
        about="booking",
        key="1",
        event="confirmed",
        audience="client",
        recipient="x@example.com",
        status="failed",
        due_at=now,
        created_at=now,
    )
    sign_in(client, company, "owner")

    told = client.get(page("dashboard", company)).context["notices"]
    client.force_login(make_member(company, "provider", "p@willow.example").user)
    untold = client.get(page("dashboard", company)).context["notices"]

    assert [notice.url for notice in told] == [
        page("online_meetings", company),
        page("message_report", company),
    ]
    assert untold == []


def test_the_checklist_goes_once_all_is_done(client, company, service):
    sign_in(client, company, "owner")

    complete = client.get(page("dashboard", company)).context["steps"]
    Company.objects.update(published=False)
    unpublished = client.get(page("dashboard", company)).context["steps"]

    assert complete == []
    assert [(step.label, step.done) for step in unpublished] == [
        ("Add a provider and their weekly hours", True),
        ("Add a service", True),
        ("Publish the booking site", False),
    ]


def test_the_overview_asks_no_more_when_the_day_is_full(
    client, company, service, provider, django_assert_max_num_queries
):
    sign_in(client, company, "owner")
    for name in ("Ada Two", "Ada Three", "Ada Four"):
        appointment_today(service, make_provider(company, name))

    with django_assert_max_num_queries(17):
        client.get(page("dashboard", company))
