"""Where a text stands, as addresses say it: general, or flexible with a scope such as `o12-p3`."""

import re

from django.conf import settings
from django.http import Http404
from django.urls import reverse

from visavis.catalog.models import Offering, Provider
from visavis.companies.models import Company
from visavis.notifications.editing import Place
from visavis.notifications.models import Audience, Channel
from visavis.notifications.texts import is_editable

_SCOPE = re.compile(r"(?:o([1-9]\d{0,15}))?-?(?:p([1-9]\d{0,15}))?")


def place_at(
    company: Company,
    event: str,
    audience: str,
    language: str,
    scope: str = "",
    channel: str = Channel.EMAIL,
) -> Place:
    """Return the place that an address names. Raises Http404."""
    if not is_editable(event, audience, channel) or language not in dict(settings.LANGUAGES):
        raise Http404
    if scope and audience == Audience.STAFF:
        raise Http404
    ids = _SCOPE.fullmatch(scope)
    if ids is None:
        raise Http404
    offering = provider = None
    try:
        if ids[1]:
            offering = Offering.objects.get(company=company, pk=int(ids[1]))
        if ids[2]:
            provider = Provider.objects.get(company=company, pk=int(ids[2]))
    except (Offering.DoesNotExist, Provider.DoesNotExist):
        raise Http404 from None
    return Place(
        company=company,
        event=event,
        audience=audience,
        language=language,
        channel=channel,
        offering=offering,
        provider=provider,
    )


def address(place: Place, page: str = "text", *, language: str = "") -> str:
    """Return the address of a page about a place, perhaps in another language."""
    scope = [_scope(place)] if place.flexible else []
    where = [place.event, place.audience, language or place.language]
    prefix = "sms_" if place.channel == Channel.SMS else ""
    return reverse(f"back_office:{prefix}{page}", args=[place.company.slug, *scope, *where])


def _scope(place: Place) -> str:
    offering = f"o{place.offering.pk}" if place.offering else ""
    provider = f"p{place.provider.pk}" if place.provider else ""
    return "-".join(filter(None, (offering, provider)))
