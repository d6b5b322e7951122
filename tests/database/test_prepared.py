"""Queries that are composed once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from factories import NOW, make_provider
from visavis.catalog.models import Offering, Provider, TimeOff
from visavis.companies.models import Company
from visavis.database.prepared import prepared


@pytest.fixture
def away(provider):
    """A provider who is away on the second and third of March."""
    return TimeOff.objects.create(
        company=provider.company,
        provider=provider,
        first_day=date(2027, 3, 2),
        last_day=date(2027, 3, 3),
    )


def test_the_same_question_finds_what_is_there_now(company):
    @prepared
    def providers(company: int):
        return Provider.objects.filter(company=company).order_by("name")

    assert providers(company=company.pk) == []

    ada = make_provider(company, "Ada Demo")
    grace = make_provider(company, "Grace Demo")
    assert providers(company=company.pk) == [ada, grace]

    Provider.objects.filter(pk=ada.pk).update(name="Zoe Demo")
    assert [one.name for one in providers(company=company.pk)] == ["Grace Demo", "Zoe Demo"]


def test_a_column_of_32_bits_is_asked_like_any_other(service):
    @prepared
    def lasting(minutes: int):
        return Offering.objects.filter(duration_minutes=minutes).values_list("pk")

    assert lasting(minutes=service.duration_minutes) == [(service.pk,)]


def test_it_is_composed_once_for_each_number_of_values(company):
    composed = []

    @prepared
    def providers(ids: list[int]):
        composed.append(ids)
        return Provider.objects.filter(pk__in=ids).order_by("pk").values_list("pk", flat=False)

    ids = [make_provider(company, name).pk for name in ("Ada Demo", "Grace Demo")]

    assert providers(ids=ids) == [(pk,) for pk in ids]
    assert providers(ids=ids[::-1]) == [(pk,) for pk in ids]
    assert providers(ids=ids[:1]) == [(ids[0],)]
    assert len(composed) == 2


def test_what_is_selected_beside_an_object_comes_with_it(provider, django_assert_num_queries):
    @prepared
    def away(provider: int):
        return TimeOff.objects.filter(provider=provider).select_related("provider__company")

    day = date(2027, 3, 2)
    TimeOff.objects.create(company=provider.company, provider=provider, first_day=day, last_day=day)

    (found,) = away(provider=provider.pk)

    with django_assert_num_queries(0):
        assert (found.first_day, found.provider.name) == (day, provider.name)
        assert found.provider.company.name == provider.company.name


def test_nothing_is_asked_where_nothing_can_be_found(db, django_assert_num_queries):
    @prepared
    def providers(ids: list[int]):
        return Provider.objects.filter(pk__in=ids)

    with django_assert_num_queries(0):
        assert providers(ids=[]) == []


def test_days_come_and_go_as_days(away):
    @prepared
    def time_off(first: date, last: date):
        return TimeOff.objects.filter(last_day__gte=first, first_day__lte=last).values_list(
            "first_day", "last_day"
        )

    found = [(date(2027, 3, 2), date(2027, 3, 3))]
    assert time_off(first=date(2027, 3, 3), last=date(2027, 3, 9)) == found
    assert time_off(first=date(2027, 3, 4), last=date(2027, 3, 9)) == []


def test_instants_are_compared_as_instants(company):
    Company.objects.update(created_at=NOW)

    @prepared
    def companies(since: datetime):
        return Company.objects.filter(created_at__gte=since).values_list("created_at")

    [(made,)] = companies(since=NOW)
    assert made == NOW
    assert made.tzinfo is UTC
    assert companies(since=NOW + timedelta(minutes=1)) == []


def test_objects_are_like_any_others(company):
    @prepared
    def companies(slug: str):
        return Company.objects.filter(slug=slug)

    [found] = companies(slug="willow")
    found.name = "Willow Tree"
    found.save()

    assert Company.objects.get().name == "Willow Tree"
    assert companies(slug="nobody") == []


def test_a_value_that_the_query_does_not_use_is_an_error(db):
    @prepared
    def companies(slug: str, name: str):
        return Company.objects.filter(slug=slug)

    with pytest.raises(ValueError, match="name"):
        companies(slug="willow", name="Willow Practice")


def test_quotes_in_a_value_stay_in_the_value(company):
    @prepared
    def companies(slug: str):
        return Company.objects.filter(slug=slug)

    assert companies(slug="willow' OR '1'='1") == []
    assert companies(slug="%s") == []
