"""*My bookings*: what a client has booked, and the details of each."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from visavis.booking_site import calendars
from visavis.booking_site.mine import addresses_of, booking_or_404, client_or_404
from visavis.booking_site.site import SiteRequest, private, site, site_page
from visavis.booking_site.views.booked import as_file
from visavis.booking_site.zones import zone_of
from visavis.bookings import policies, queries, wishes
from visavis.bookings.models import Booking
from visavis.core.policies import ChangeRefusal

# As many past bookings are shown.
PAST = 50


@require_safe
@site(always=True)
@private
def my_bookings(request: SiteRequest, token: str) -> HttpResponse:
    """List a client's bookings: what is to come with its join links, then what is over."""
    client, now = client_or_404(request, token), timezone.now()
    everything = queries.bookings_of(client)
    ahead = everything.filter(appointment__ends_at__gt=now)
    upcoming = list(
        ahead.exclude(status=Booking.Status.CANCELLED).order_by("appointment__starts_at", "pk")
    )
    past = everything.exclude(pk__in=[booking.pk for booking in upcoming])[:PAST]
    links = queries.join_links(upcoming)
    context = {
        "client": client,
        "upcoming": [
            (booking, addresses_of(booking), links.get(booking.pk, ())) for booking in upcoming
        ],
        "past": [(booking, addresses_of(booking)) for booking in past],
        "texts": wishes.texts_of(client),
        "zone": zone_of(request, client.time_zone or request.company.time_zone),
    }
    return site_page(request, "booking_site/my_bookings.html", context)


@require_POST
@site(always=True)
@private
def my_texts(request: SiteRequest, token: str) -> HttpResponse:
    """Send a client texts to their phone, or none any more."""
    client = client_or_404(request, token)
    wishes.text(client, wanted=request.POST.get("texts") == "on", now=timezone.now())
    return redirect("booking_site:my_bookings", request.company.slug, token)


@require_safe
@site(always=True)
@private
def my_booking(request: SiteRequest, token: str, code: str) -> HttpResponse:
    """Show one booking: when, where, how to join, and what can still be changed."""
    booking, now = booking_or_404(request, token, code), timezone.now()
    standing = booking.status in (Booking.Status.PENDING, Booking.Status.CONFIRMED)
    ahead = standing and booking.appointment.ends_at > now
    context = {
        "booking": booking,
        "addresses": addresses_of(booking),
        "ahead": ahead,
        "links": queries.join_links([booking]).get(booking.pk, ()) if ahead else (),
        "calendars": calendars.links(booking),
        "changes": booking.changes.order_by("at", "pk"),
        **_changes_left(booking, now=now),
        "zone": zone_of(request, booking.time_zone),
    }
    return site_page(request, "booking_site/my_booking.html", context)


def _changes_left(booking: Booking, *, now: datetime) -> dict[str, object]:
    """Return what the client can still change, until when, and until when it was possible."""
    cancel = policies.cancel_refusal(booking, now=now)
    move = policies.move_refusal(booking, now=now)
    cancel_until = policies.cancellable_until(booking)
    move_until = policies.movable_until(booking)
    missed = [
        until
        for refusal, until in ((cancel, cancel_until), (move, move_until))
        if refusal is ChangeRefusal.TOO_LATE
    ]
    return {
        "may_cancel": cancel is None,
        "may_move": move is None,
        "cancel_until": cancel_until,
        "move_until": move_until,
        "was_possible_until": max(missed, default=None),
    }


@require_safe
@site(always=True)
@private
def calendar_file(request: SiteRequest, token: str, code: str) -> HttpResponse:
    """Give a booking as a file for calendars."""
    return as_file(booking_or_404(request, token, code))
