"""A company's rules get another version with every change, so that nothing old is remembered."""

import re
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from booking_site.visits import at, book, typed, url
from factories import make_provider, make_service
from visavis.bookings.rules_version import WATCHED
from visavis.bookings.seats import StartRefused, active_providers
from visavis.catalog.models import (
    HolidayCalendar,
    Offering,
    Provider,
    SpecialHours,
    TimeOff,
    WeeklyHours,
)
from visavis.companies import features
from visavis.companies.models import Company
from visavis.database import rules
from visavis.meetings.models import MeetingProvider, MeetingSettings
from visavis.notifications.models import Muted, ReminderTime, SmsAccount, Switch, Timing

DAY = date(2027, 3, 2)


def version(company):
    return Company.objects.get(pk=company.pk).rules_version


def rows_of(company, provider, service):
    """Return one row of every watched table, made and not yet saved or already there."""
    return {
        "companies_feature": lambda: features.switch(company, features.CLASSES, on=False),
        "catalog_offering": lambda: make_service(company, "Other", []),
        "catalog_offering_providers": lambda: _link(service, make_provider(company, "B Demo")),
        "catalog_provider": lambda: Provider.objects.create(company=company, name="C Demo"),
        "catalog_weeklyhours": lambda: WeeklyHours.objects.create(
            company=company, weekday=6, starts=0, ends=60
        ),
        "catalog_specialhours": lambda: SpecialHours.objects.create(company=company, day=DAY),
        "catalog_timeoff": lambda: TimeOff.objects.create(
            company=company, provider=provider, first_day=DAY, last_day=DAY
        ),
        "catalog_holidaycalendar": lambda: HolidayCalendar.objects.create(
            company=company, country="FR"
        ),
        "meetings_meetingsettings": lambda: MeetingSettings.objects.create(company=company),
        "meetings_meetingprovider": lambda: MeetingProvider.objects.create(provider=provider),
        "notifications_muted": lambda: Muted.objects.create(provider=provider, event="changed"),
        "notifications_remindertime": lambda: ReminderTime.objects.create(
            company=company, minutes_before=7
        ),
        "notifications_smsaccount": lambda: SmsAccount.objects.create(company=company),
        "notifications_switch": lambda: Switch.objects.create(
            company=company, event="changed", audience="client", on=False
        ),
        "notifications_timing": lambda: Timing.objects.create(company=company),
    }


def _link(service, provider):
    return service.providers.through.objects.create(offering=service, provider=provider)


@pytest.mark.parametrize("table", WATCHED)
def test_every_change_gives_another_version(company, provider, service, table):
    seen = [version(company)]

    row = rows_of(company, provider, service)[table]()
    seen.append(version(company))
    changed = type(row).objects.filter(pk=row.pk)
    changed.update(id=row.pk)
    seen.append(version(company))
    changed.delete()
    seen.append(version(company))

    assert len(set(seen)) == 4


def test_the_companys_own_settings_are_rules_too(company):
    before = version(company)

    Company.objects.update(horizon_days=7)

    assert version(company) != before


def test_saving_a_company_read_long_ago_brings_no_old_version_back(company, provider):
    early = Company.objects.get(pk=company.pk)
    provider.save()

    early.save()

    assert version(company) != early.rules_version


def test_other_companies_keep_theirs(company, provider):
    other = Company.objects.create(slug="oak", name="Oak", time_zone="Europe/Paris")
    before = version(other)

    provider.save()

    assert version(other) == before


def times_offered(client, service):
    day = f"{at(10):%Y-%m-%d}"
    page = client.get(url("offering", service.company, service.slug, day=day))
    return page.content.count(b'class="slot"')


def test_a_change_taken_back_leaves_nothing_behind(client, service):
    with transaction.atomic():
        WeeklyHours.objects.update(ends=600)
        assert times_offered(client, service) == 2
        transaction.set_rollback(True)
    WeeklyHours.objects.filter(weekday=0).delete()

    assert times_offered(client, service) == 16


def test_the_next_visitor_sees_what_was_changed(client, company, provider, service):
    day = at(10).date()
    assert times_offered(client, service) == 16

    WeeklyHours.objects.update(ends=600)
    assert times_offered(client, service) == 2

    TimeOff.objects.create(company=company, provider=provider, first_day=day, last_day=day)
    assert times_offered(client, service) == 0


def test_only_what_is_watched_is_remembered(client, company, provider):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    service = make_service(company, "Talk", [provider], online=True)
    address = url("offering", company, service.slug, day=f"{at(10):%Y-%m-%d}")

    def tables(hour):
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
            form = url("details", company, service.slug, at(hour), provider=provider.pk)
            assert client.post(form, typed()).status_code == 302
        return [set(re.findall(r'(?:FROM|JOIN) "(\w+)"', one["sql"])) for one in asked]

    # The client is known by then.
    book(service, at(9))
    Company.objects.update(name="Willow Practice")
    first, second = tables(11), tables(12)
    remembered = set().union(*(one for one in first if one not in second))
    # A company's own row has a trigger of its own.
    assert remembered == WATCHED.keys() | {"companies_company"}


def test_a_decision_is_made_on_what_holds_now(company, provider, service):
    with rules.as_of(version(company)):
        assert active_providers(service) == [provider]
        Provider.objects.update(active=False)

        with pytest.raises(StartRefused):
            book(service, at(10))


def test_a_service_changed_since_the_page_was_shown_is_booked_as_it_is_now(service):
    Offering.objects.update(duration_minutes=60)

    appointment = book(service, at(10)).appointment

    assert appointment.ends_at == at(11)


def test_migrating_again_keeps_watching(company, provider):
    call_command("migrate", verbosity=0)
    before = version(company)

    provider.save()

    assert version(company) != before
