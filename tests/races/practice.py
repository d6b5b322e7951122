"""A practice that everybody wants to book with at once: its people, its forms, its books."""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

from factories import make_member, make_provider, make_service
from races.crowd import Order

LAST_START = 16 * 60 + 30


def make_company(slug="rush"):
    from visavis.companies.models import Company

    return Company.objects.create(
        slug=slug,
        name="Rush Practice",
        email=f"office@{slug}.example",
        time_zone="UTC",
        published=True,
        cancel_notice_minutes=0,
        move_notice_minutes=0,
        moves_allowed=1_000_000,
    )


def make_offering(company, name, providers=1, **fields):
    """Return a service with as many providers of its own."""
    people = [make_provider(company, f"{name} {number}") for number in range(providers)]
    return make_service(company, name, people, **fields)


def make_class(company, name, hours, **fields):
    """Return a class with a session each day at each of these hours."""
    from visavis.bookings import sessions
    from visavis.catalog.models import ClassSchedule

    offering = make_offering(company, name, kind="class", **fields)
    for hour in hours:
        schedule = ClassSchedule(
            offering=offering,
            provider=offering.providers.get(),
            first_day=datetime.now(UTC).date(),
            starts=hour * 60,
            rule="FREQ=DAILY",
        )
        sessions.save_schedule(schedule, now=datetime.now(UTC))
    return offering


def starts(count, *, weeks=1):
    """Return so many free half hours, from a Monday ahead on."""
    today = datetime.now(UTC).date() + timedelta(weeks=weeks)
    monday = today + timedelta(days=-today.weekday() % 7)
    found = []
    for day in range(count):
        if day % 7 < 5:
            midnight = datetime.combine(monday + timedelta(days=day), time(), tzinfo=UTC)
            found += [midnight + timedelta(minutes=m) for m in range(540, LAST_START + 1, 30)]
        if len(found) >= count:
            break
    return found[:count]


def session_of_owner(company):
    """Return the session of an owner who has signed in."""
    from django.test import Client

    browser = Client()
    browser.force_login(make_member(company, "owner", f"owner@{company.slug}.example").user)
    return browser.cookies["sessionid"].value


def book(offering, start, **wish):
    """Book for somebody who came in time."""
    from visavis.bookings.actors import by_client
    from visavis.bookings.clients import ClientDetails
    from visavis.bookings.operations.making import Wish
    from visavis.bookings.operations.making import book as make

    name = f"Early {uuid4().hex[:8]}"
    details = ClientDetails(name=name, email=f"{name[6:]}@example.com", time_zone="UTC")
    wish = Wish(offering=offering, starts_at=start, **wish)
    return make(wish, details, by=by_client(name), now=datetime.now(UTC))


def public(offering, start, *, provider=None, key=None, email=None, session=""):
    """The form on the booking site."""
    from django.urls import reverse

    path = reverse("booking_site:details", args=[offering.company.slug, offering.slug, start])
    fields = _person(email) | {"request_key": key or str(uuid4())}
    return Order(f"{path}?provider={provider.pk if provider else 'any'}", fields, session)


def hold(offering, start):
    """What the form on the booking site asks for when it opens: the seat, for some minutes."""
    from django.urls import reverse

    path = reverse("booking_site:hold", args=[offering.company.slug, offering.slug, start])
    return Order(f"{path}?provider=any", {"note": "1"})


def let_go(company):
    """Let go of all that is held at a company."""
    from visavis.bookings import held
    from visavis.bookings.models import Booking

    for one in Booking.objects.filter(company=company, status=Booking.Status.HELD):
        held.drop(one, now=datetime.now(UTC))


def staff(session, offering, start):
    """The form in the back office, a dialog over the calendar."""
    from django.urls import reverse

    path = reverse("back_office:new_booking", args=[offering.company.slug])
    fields = _person() | {
        "start": start.isoformat(),
        "request_key": uuid4().hex,
        "tell_client": "on",
    }
    return Order(f"{path}?offering={offering.pk}", fields, session, dialog=True)


def move(booking, start):
    """A client's wish to come at another time."""
    from django.urls import reverse

    args = [booking.company.slug, booking.client.token, booking.code]
    path = reverse("booking_site:rescheduling", args=args)
    return Order(f"{path}?start={start:%Y%m%dT%H%MZ}")


def change(session, booking, name, **fields):
    """What staff do with a booking: approve, decline, cancel or complete it, or move it."""
    from django.urls import reverse

    path = reverse(f"back_office:{name}", args=[booking.company.slug, booking.code])
    return Order(path, fields, session)


def move_whole(session, appointment, provider, start):
    """Give an appointment, with everybody in it, to another provider."""
    from django.urls import reverse

    args = [appointment.company.slug, appointment.pk]
    fields = {"provider": provider.pk, "start": start.isoformat(), "tell_client": "on"}
    return Order(reverse("back_office:move_appointment", args=args), fields, session)


def cancel(booking):
    """A client who does not come after all."""
    from django.urls import reverse

    args = [booking.company.slug, booking.client.token, booking.code]
    return Order(reverse("booking_site:cancellation", args=args), {"reason": ""})


def _person(email=None):
    name = f"Demo {uuid4().hex[:8]}"
    return {"name": name, "email": email or f"{name[5:]}@example.com"}


def faults(company):
    """Return everything that is wrong in the books of a company: nothing, one hopes."""
    from visavis.bookings.models import Appointment

    found, until = [], {}
    appointments = Appointment.objects.filter(company=company).prefetch_related("bookings__changes")
    for one in appointments.order_by("provider", "blocked_from"):
        if one.active and until.get(one.provider_id, one.blocked_from) > one.blocked_from:
            found.append(f"{one}: overlaps")
        if one.active:
            until[one.provider_id] = one.blocked_until
        found += _faults_in(one)
    return found


def _faults_in(appointment):
    bookings = appointment.bookings.all()
    taken = sum(one.places for one in bookings if one.status != "cancelled")
    if taken != appointment.seats_taken or taken > appointment.seats:
        yield f"{appointment}: {taken} places in {appointment.seats_taken} taken seats"
    if taken and not appointment.active:
        yield f"{appointment}: somebody is in it, and it is off"
    for one in bookings:
        made = [change.what for change in one.changes.all()].count("created")
        if made != (one.status != "held"):
            yield f"{one}: made {made} times"


def standing(company):
    """Return the bookings that stand, by start."""
    from visavis.bookings.models import Booking

    found = {}
    for booking in Booking.objects.filter(company=company).exclude(status="cancelled"):
        found.setdefault(booking.appointment.starts_at, []).append(booking)
    return found
