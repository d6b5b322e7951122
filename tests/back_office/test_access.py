"""Every page of the back office, as every role, as nobody, and as a stranger.

What a page demands is read off the page itself; a new page is walked without being listed.
"""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from factories import make_member, make_provider, make_service
from visavis.back_office import urls
from visavis.bookings.actors import BY_CLOCK, by_client
from visavis.bookings.clients import ClientDetails
from visavis.bookings.online import switch_online
from visavis.bookings.operations import making
from visavis.bookings.operations.making import Wish
from visavis.bookings.seats import STAFF_OVERRIDES
from visavis.catalog.models import Category, ClassSchedule, Offering, TimeOff
from visavis.companies import features
from visavis.companies.models import Company, Invitation
from visavis.companies.permissions import PERMISSIONS_OF, Permission, Role
from visavis.meetings.models import JoinLink, Meeting
from visavis.notifications.models import Message, ReminderTime

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

# These are about the person, not about a company.
WITHOUT_COMPANY = {"home", "new_company", "new_address", "invitation"}
ROUTES = [one for one in urls.urlpatterns if one.name not in WITHOUT_COMPANY]


class World:
    """A company with one of everything, so that every address leads somewhere."""

    def __init__(self, slug):
        now = timezone.now()
        self.company = Company.objects.create(slug=slug, name=slug, time_zone="Europe/Paris")
        self.provider = make_provider(self.company, f"Ada {slug}")
        self.service = make_service(self.company, "Talk", [self.provider])
        self.course = make_service(self.company, "Course", [self.provider], kind="class", seats=4)
        self.category = Category.objects.create(company=self.company, name="All")
        self.schedule = ClassSchedule.objects.create(
            offering=self.course, provider=self.provider, first_day=now.date(), starts=600
        )
        self.time_off = TimeOff.objects.create(
            company=self.company, provider=self.provider, first_day=now, last_day=now
        )
        self.booking = making.book(
            Wish(offering=self.service, starts_at=now + timedelta(days=2)),
            ClientDetails(name="Grace Demo", email="grace@example.com"),
            by=by_client("Grace Demo"),
            now=now,
            overriding=STAFF_OVERRIDES,
        )
        self.session = self.course.appointments.create(
            company=self.company, provider=self.provider, schedule=self.schedule, seats=4,
            starts_at=now + timedelta(days=3), ends_at=now + timedelta(days=3, hours=1),
            blocked_from=now + timedelta(days=3), created_at=now,
            blocked_until=now + timedelta(days=3, hours=1),
        )  # fmt: skip
        self.meeting = Meeting.objects.create(
            company=self.company, provider=self.provider, topic="Talk", starts_at=now,
            ends_at=now + timedelta(hours=1),
        )  # fmt: skip
        self.reminder = ReminderTime.objects.create(company=self.company, minutes_before=60)
        self.message = Message.objects.filter(company=self.company).first()
        self.member = make_member(self.company, Role.VIEWER, f"somebody@{slug}.example")
        self.invitation = Invitation.objects.create(
            company=self.company, email="new@example.com", role=Role.VIEWER, created_at=now,
            token_hash=slug, expires_at=now + timedelta(days=1),
        )  # fmt: skip

    def address(self, route, slug=None):
        """Return the route's address, with this world's own keys in it."""
        parts = self._parts(route)
        return reverse(
            f"back_office:{route.name}",
            kwargs={
                name: (slug or self.company.slug) if name == "company" else parts[name]
                for name in route.pattern.converters
            },
        )

    def _parts(self, route):
        pattern = str(route.pattern)
        owner_of_pk = {
            "bookings/": self.booking, "appointments/": self.booking.appointment,
            "clients/": self.booking.client, "services/": self.service,
            "offerings/": self.service, "classes/": self.course, "categories/": self.category,
            "providers/": self.provider, "reports/meetings/": self.meeting,
            "reports/messages/": self.message, "team/invitations/": self.invitation,
            "team/<int:pk>": self.member, "texts/reminders/": self.reminder,
        }  # fmt: skip
        pk = next((row.pk for part, row in owner_of_pk.items() if f">/{part}" in pattern), 0)
        return {
            "pk": pk, "code": self.booking.code, "key": "classes", "schedule": self.schedule.pk,
            "session": self.session.pk, "absence": self.time_off.pk, "day": "2030-01-01",
            "event": "confirmed", "audience": "client", "language": "en",
            "scope": f"offering-{self.service.pk}",
        }  # fmt: skip


@pytest.fixture
def world():
    return World("mine")


def test_every_page_of_a_company_says_who_may_call_it():
    unguarded = [one.name for one in ROUTES if not hasattr(one.callback, "permissions")]

    assert unguarded == []


def knock(client, address):
    """Call a page by the method it takes, and leave no trace."""
    with transaction.atomic():
        response = client.get(address)
        if response.status_code == 405:
            response = client.post(address)
        transaction.set_rollback(True)
    return response


@pytest.fixture
def stranger(client):
    """A client signed in as the owner of another company, and that company."""
    theirs = World("theirs")
    client.force_login(make_member(theirs.company, Role.OWNER, "owner@theirs.example").user)
    return theirs


def test_nobody_gets_in_without_signing_in(client, world):
    answers = {str(route.pattern): knock(client, world.address(route)) for route in ROUTES}

    let_in = [
        pattern
        for pattern, response in answers.items()
        if not response.headers.get("Location", "").startswith("/accounts/login/")
    ]
    assert let_in == []


def test_a_stranger_learns_nothing(client, world, stranger):
    answers = {str(route.pattern): knock(client, world.address(route)) for route in ROUTES}

    assert [key for key, response in answers.items() if response.status_code != 404] == []


def test_nothing_of_another_company_is_reached_through_ones_own(client, world, stranger):
    particular = [one for one in ROUTES if {"pk", "code"} & set(one.pattern.converters)]
    own = stranger.company.slug
    answers = {str(one.pattern): knock(client, world.address(one, slug=own)) for one in particular}

    assert len(answers) > 30
    assert [key for key, response in answers.items() if response.status_code != 404] == []


def test_who_may_not_press_may_not_look_either(client, world):
    client.force_login(make_member(world.company, Role.VIEWER, "viewer@mine.example").user)
    closed = [one for one in ROUTES if Permission.MANAGE_CONNECTIONS in one.callback.permissions]

    statuses = {one.name: client.get(world.address(one)).status_code for one in closed}

    assert statuses["zoom_authorise"] == 403
    assert set(statuses.values()) == {403}


@pytest.mark.parametrize(
    ("pressed_on", "goes_on"),
    [
        ("http://testserver/office/mine/online-meetings/?a=b", "/office/mine/online-meetings/?a=b"),
        ("https://elsewhere.example/office/", "/office/"),
        ("", "/office/"),
    ],
)
def test_who_was_signed_out_goes_on_where_they_pressed(client, world, pressed_on, goes_on):
    address = reverse("back_office:zoom_authorise", args=["mine"])

    response = client.post(address, headers={"referer": pressed_on})

    assert response.url == f"/accounts/login/?next={quote(goes_on)}"


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_in_exactly_where_it_may(client, world, role):
    member = make_member(world.company, role, "role@mine.example")
    if role == Role.PROVIDER:
        world.provider.member = member
        world.provider.save()
    client.force_login(member.user)

    for route in ROUTES:
        needed = route.callback.permissions
        may = not needed or bool(set(needed) & PERMISSIONS_OF[role])
        status = knock(client, world.address(route)).status_code
        assert (status == 403) is not may, (route.name, status)


def test_offerings_of_the_other_kind_have_other_addresses(client, world):
    client.force_login(make_member(world.company, Role.OWNER, "owner@mine.example").user)

    assert world.course.kind == Offering.Kind.CLASS
    response = client.get(reverse("back_office:service", args=["mine", world.course.pk]))
    assert response.status_code == 404


def test_whoever_only_looks_on_gets_nobodys_way_in(client, world):
    features.switch(world.company, features.ONLINE_MEETINGS, on=True)
    switch_online(world.service, on=True, by=BY_CLOCK, now=timezone.now())
    tokens = set(JoinLink.objects.values_list("token", flat=True))
    viewer = make_member(world.company, Role.VIEWER, "looker@mine.example").user
    owner = make_member(world.company, Role.OWNER, "owner@mine.example").user

    def seen_by(user):
        client.force_login(user)
        pages = [knock(client, world.address(route)) for route in ROUTES]
        bodies = [
            b"".join(page.streaming_content) if page.streaming else page.content for page in pages
        ]
        return {token for token in tokens if any(token.encode() in body for body in bodies)}

    assert len(tokens) >= 2
    assert seen_by(owner) == tokens
    assert seen_by(viewer) == set()
