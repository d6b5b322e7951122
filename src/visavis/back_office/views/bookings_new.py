"""Booking for a client: what and with whom (in the address), then when, for whom and the rest."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.dialogs import dialog_or_page, done
from visavis.back_office.forms.bookings import BookingForm, WhatForm
from visavis.back_office.forms.clients import found_clients
from visavis.back_office.scope import Scope
from visavis.back_office.times import Asked, Times, asked, refused, times
from visavis.back_office.views.bookings import CHANGING
from visavis.bookings.actors import by_staff
from visavis.bookings.availability import Question
from visavis.bookings.models import Booking, Client
from visavis.bookings.operations import making
from visavis.bookings.operations.making import Wish
from visavis.bookings.seats import StartRefused, active_providers
from visavis.catalog.models import Offering, Provider
from visavis.companies.permissions import Permission
from visavis.database import rules
from visavis.database.prepared import prepared

TEMPLATE = "back_office/bookings/new.html"
CLIENTS_SHOWN = 8
# What the address says besides the first answers, and keeps saying when these change.
KEPT = ("zone", "day", "start", "client", "next")


@dataclass(frozen=True, slots=True)
class What:
    """The first answers: the offering, and the provider or nobody in particular."""

    offering: Offering
    provider: Provider | None
    # Who may be taken when nobody in particular is wanted.
    providers: list[Provider]


@office(*CHANGING)
@require_http_methods(["GET", "HEAD", "POST"])
def new_booking(request: OfficeRequest) -> HttpResponse:
    """Book for a client."""
    # The company was read with this very request, and no rule is changed here.
    with rules.as_of(request.company.rules_version):
        return _answer(request)


def _answer(request: OfficeRequest) -> HttpResponse:
    now = timezone.now()
    wanted = asked(request, otherwise=now)
    what_form, what = _what(request)
    context: dict[str, Any] = {"what_form": what_form, "asked": wanted, "zone": wanted.zone_name}
    context["kept"] = {name: request.GET[name] for name in KEPT if request.GET.get(name)}
    context["named"] = _named(request)
    if what is None:
        return dialog_or_page(request, TEMPLATE, context)
    free = times(_question(what, 1, now=now), what.providers, wanted)
    form = _form(request, what, wanted, free)
    context |= {
        "form": form,
        "what": what,
        "times": free,
        "sought": _sought(request),
        "clients": _clients(request),
        "picked": _picked(request, form),
    }
    if request.method != "POST" or "look" in request.POST:
        return dialog_or_page(request, TEMPLATE, context)
    return _book(request, form, what, context, now=now)


def _book(
    request: OfficeRequest, form: BookingForm, what: What, context: dict[str, Any], *, now: datetime
) -> HttpResponse:
    if not form.is_valid():
        return dialog_or_page(request, TEMPLATE, context, status=422)
    given = form.cleaned_data
    places = given["places"] or 1
    wish = Wish(
        offering=what.offering,
        starts_at=given["starts_at"],
        provider=what.provider,
        places=places,
        note=given["note"],
        source=Booking.Source.STAFF,
        request_key=given["request_key"] or None,
    )
    try:
        booking = making.book(
            wish,
            form.details(),
            by=by_staff(request.user),
            now=now,
            overriding=given["overriding"],
            tell_client=given["tell_client"],
        )
    except StartRefused as refusal:
        question = _question(what, places, now=now)
        context["refused"] = refused(refusal, question, what.providers, given["starts_at"])
        return dialog_or_page(request, TEMPLATE, context, status=422)
    messages.success(request, _("Booked for %(client)s.") % {"client": booking.name})
    return done(request, reverse("back_office:booking", args=[request.company.slug, booking.code]))


def _what(request: OfficeRequest) -> tuple[WhatForm, What | None]:
    scope = Scope(request.member)
    mine = list(scope.changeable_providers())
    offerings = _offered_by(company=request.company.pk, providers=[one.pk for one in mine])
    form = WhatForm(request.GET, offerings=offerings, providers=mine, anybody=scope.changes_all)
    if not form.is_bound or not form.is_valid():
        return form, None
    offering: Offering = form.cleaned_data["offering"]
    offering.company = request.company
    able = set(active_providers(offering))
    providers = [one for one in mine if one in able]
    if not providers:
        # Nobody offers it any more, since a moment ago.
        return form, None
    # Somebody who does not offer it cannot be meant.
    named: Provider | None = form.cleaned_data["provider"]
    provider = named if named in able else None
    if provider is None and not scope.changes_all:
        provider = providers[0]
    return form, What(offering, provider, [provider] if provider else providers)


@prepared
def _offered_by(company: int, providers: list[int]) -> QuerySet[Offering]:
    offered = Offering.objects.filter(company=company, providers__in=providers)
    return offered.active().distinct().in_order()


def _question(what: What, places: int, *, now: datetime) -> Question:
    return Question(offering=what.offering, places=places, now=now)


def _form(request: OfficeRequest, what: What, wanted: Asked, free: Times) -> BookingForm:
    initial = {
        "client": request.GET.get("client", ""),
        "language": request.company.language,
        "request_key": uuid4().hex,
        **wanted.initial(free.moments),
    }
    posted = request.method == "POST"
    form = BookingForm(
        request.POST if posted else None,
        zone=wanted.zone,
        offering=what.offering,
        clients=_known(request),
        initial=initial,
    )
    if posted and "look" in request.POST:
        # Only looking for a client: nothing is wrong yet.
        form.errors.clear()
    return form


def _known(request: OfficeRequest) -> QuerySet[Client]:
    """Return whom staff may pick: nobody, for those who may not see the company's clients."""
    clients = Client.objects.filter(company=request.company)
    return clients if request.member.may(Permission.VIEW_CLIENTS) else clients.none()


def _sought(request: OfficeRequest) -> str:
    return (request.POST.get("q") or request.GET.get("q") or "").strip()


def _clients(request: OfficeRequest) -> list[Client]:
    sought = _sought(request)
    return list(found_clients(_known(request), sought)[:CLIENTS_SHOWN]) if sought else []


def _named(request: OfficeRequest) -> Client | None:
    """Return the client whom the address names, if they may be picked."""
    return _with_key(request, request.GET.get("client"))


def _picked(request: OfficeRequest, form: BookingForm) -> Client | None:
    """Return the client who is ticked already."""
    return _with_key(request, form["client"].value())


def _with_key(request: OfficeRequest, key: object) -> Client | None:
    text = str(key or "")
    return _known(request).filter(pk=text).first() if text.isdecimal() else None
