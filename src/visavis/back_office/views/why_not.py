"""Why a time is not free: any moment, provider by provider, with what can be done about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from visavis.back_office import agenda
from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.cures import Cure, cures
from visavis.back_office.forms.bookings import able
from visavis.back_office.forms.why_not import WhyNotForm
from visavis.back_office.pages import office_page
from visavis.back_office.refusals import WORDS
from visavis.back_office.scope import Scope
from visavis.back_office.times import value_of
from visavis.back_office.views.bookings import CHANGING
from visavis.bookings import why_not as asking
from visavis.bookings.availability import Question
from visavis.bookings.why_not import Answer
from visavis.catalog.models import Offering, Provider
from visavis.core.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that stands in the way, in words, with its cures."""

    words: str | Promise
    cures: Sequence[Cure]


@dataclass(frozen=True, slots=True)
class Shown:
    """One provider's answer as the page shows it. `book_url` is empty where nobody may book."""

    answer: Answer
    reasons: Sequence[Reason]
    entries: Sequence[agenda.Entry]
    book_url: str
    nearest: Sequence[tuple[str, datetime]]


@office(*CHANGING)
@require_safe
def why_not(request: OfficeRequest) -> HttpResponse:
    """Say of any moment who is free, and why the others are not."""
    now, scope = timezone.now(), Scope(request.member)
    form = _form(request, scope, now=now)
    context: dict[str, Any] = {"form": form, "now": now}
    if form.is_bound and form.is_valid():
        context |= _answered(scope, form.cleaned_data, now=now)
    return office_page(
        request,
        "back_office/why_not/why_not.html",
        context,
        current="why_not",
        status=422 if form.errors else 200,
    )


def _form(request: OfficeRequest, scope: Scope, *, now: datetime) -> WhyNotForm:
    mine = scope.changeable_providers()
    asked = request.GET
    zone = request.company.time_zone
    today = now.astimezone(ZoneInfo(zone)).date()
    initial = {"day": today, "zone": zone, "places": 1, **asked.dict()}
    return WhyNotForm(
        # A link may know the day, say, and leave the rest to be typed.
        asked if "time" in asked else None,
        offerings=_offerings(scope, mine),
        providers=mine,
        zones=list(dict.fromkeys([zone, *mine.values_list("time_zone", flat=True)])),
        initial=initial,
    )


def _offerings(scope: Scope, mine: QuerySet[Provider]) -> QuerySet[Offering]:
    offerings = Offering.objects.active().filter(company=scope.member.company)
    if not scope.changes_all:
        offerings = offerings.filter(providers__in=mine).distinct()
    return offerings.in_order().select_related("company", "category")


def _answered(scope: Scope, given: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    offering: Offering = given["offering"]
    providers = able(scope.member.company, offering, scope.changeable_providers())
    if given["provider"] is not None:
        providers = providers.filter(pk=given["provider"].pk)
    able_ones = list(providers.select_related("company"))
    question = Question(offering=offering, places=given["places"], now=now)
    answers = asking.why_not(question, able_ones, given["starts_at"]) if able_ones else []
    shown = [_shown(scope, offering, answer, given) for answer in answers]
    return {
        "offering": offering,
        "starts_at": given["starts_at"],
        "zone": given["zone"],
        "answers": shown,
        "free": sum(not one.reasons for one in shown),
    }


def _shown(scope: Scope, offering: Offering, answer: Answer, given: dict[str, Any]) -> Shown:
    def book_url(start: datetime) -> str:
        query = {
            "offering": offering.pk,
            "provider": answer.provider.pk,
            "zone": given["zone"],
            "start": value_of(start),
        }
        page = reverse("back_office:new_booking", args=[offering.company.slug])
        return f"{page}?{urlencode(query)}"

    in_the_way = list(dict.fromkeys([*answer.in_the_way, *answer.host_busy]))
    return Shown(
        answer,
        [
            Reason(_words(answer, why), cures(answer, why, offering, scope.member))
            for why in answer.reasons
        ],
        agenda.entries_of(scope, in_the_way),
        book_url(given["starts_at"]) if answer.overridable else "",
        [(book_url(start), start) for start in answer.nearest],
    )


def _words(answer: Answer, why: Refusal) -> str | Promise:
    if why is Refusal.PUBLIC_HOLIDAY and answer.holiday:
        return _("It is a public holiday: %(name)s.") % {"name": answer.holiday}
    return WORDS[why]
