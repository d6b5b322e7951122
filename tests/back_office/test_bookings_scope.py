import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from back_office.staff import book
from factories import make_member, make_provider, make_service
from visavis.back_office.scope import Scope
from visavis.companies.models import Company

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(company, provider, service):
    """A booking of the provider who signs in."""
    return book(service)


@pytest.fixture
def theirs(company):
    other = make_provider(company, "Bea Demo")
    return book(make_service(company, "Talk", [other]), name="Alan Demo")


@pytest.fixture
def own(company, provider):
    """The scope of a member who may see and change only what is their own."""
    provider.member = make_member(company, "provider", "ada@willow.example")
    provider.save()
    return Scope(provider.member)


def scope_of(company, role):
    return Scope(make_member(company, role, f"{role}@willow.example"))


@pytest.mark.parametrize("role", ["owner", "receptionist", "viewer", "scheduling_administrator"])
def test_who_sees_the_calendar_sees_everybody(company, mine, theirs, role):
    scope = scope_of(company, role)

    assert set(scope.bookings()) == {mine, theirs}
    assert scope.appointments().count() == scope.providers().count() == 2


def test_a_provider_sees_their_own(own, mine, theirs):
    assert list(own.bookings()) == [mine]
    assert list(own.appointments()) == [mine.appointment]
    assert list(own.providers()) == [mine.appointment.provider]
    assert list(own.offerings()) == [mine.appointment.offering]


def test_other_peoples_bookings_do_not_exist_for_a_provider(own, theirs):
    with pytest.raises(Http404):
        own.booking(theirs.code)
    with pytest.raises(Http404):
        own.appointment(theirs.appointment_id)


def test_a_provider_changes_their_own(own, mine, theirs):
    assert own.booking(mine.code, to_change=True) == mine
    assert list(own.changeable_providers()) == [mine.appointment.provider]
    assert not own.may_change(theirs.appointment)


def test_a_viewer_changes_nothing(company, mine):
    scope = scope_of(company, "viewer")

    assert scope.booking(mine.code) == mine
    assert not scope.changeable_providers()
    with pytest.raises(PermissionDenied):
        scope.booking(mine.code, to_change=True)


def test_a_member_without_a_calendar_of_their_own_sees_none(company, mine):
    scope = scope_of(company, "provider")

    assert not scope.bookings()
    assert not scope.changeable_providers()


def test_other_companies_do_not_exist(company, mine):
    oak = Company.objects.create(slug="oak", name="Oak", time_zone="Europe/Paris")
    scope = Scope(make_member(oak, "owner", "owner@oak.example"))

    assert not scope.bookings()
    with pytest.raises(Http404):
        scope.booking(mine.code)
