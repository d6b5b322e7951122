"""*Flexible notifications*: texts of their own for a service or class, a provider, or a pair."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.forms.texts import NewTextForm, OfBookingForm, PlaceForm
from visavis.back_office.pages import office_page
from visavis.back_office.views import trying_texts
from visavis.back_office.views.places import address
from visavis.back_office.views.texts import meets_online
from visavis.bookings.models import Booking
from visavis.catalog.models import Offering, OfferingQuerySet, Provider, ProviderQuerySet
from visavis.companies import features
from visavis.companies.models import Company
from visavis.companies.permissions import Permission
from visavis.notifications.choice import Choice, chosen_template, text_for
from visavis.notifications.editing import Place, missing_link
from visavis.notifications.models import Audience, Channel, Template
from visavis.notifications.texts import editable


@dataclass(frozen=True, slots=True)
class Row:
    """A flexible text as the list shows it."""

    template: Template
    language: str
    url: str
    reset_url: str
    lacks_link: bool


@dataclass(frozen=True, slots=True)
class Used:
    """Which text a booking would get in a language, and where that text is edited."""

    language: str
    what: str
    url: str
    lacks_link: bool


@require_safe
@office(Permission.MANAGE_NOTIFICATIONS)
def flexible(request: OfficeRequest) -> HttpResponse:
    return _page(request, NewTextForm(*_choices(request.company), prefix="new"))


@require_safe
@office(Permission.MANAGE_NOTIFICATIONS)
def new(request: OfficeRequest) -> HttpResponse:
    """Go to the editor of a place that was chosen."""
    form = NewTextForm(*_choices(request.company), request.GET, prefix="new")
    if not form.is_valid():
        return _page(request, form, status=422)
    place = _place(request.company, form, request.company.language)
    return redirect(address(place))


def _page(request: OfficeRequest, form: NewTextForm, *, status: int = 200) -> HttpResponse:
    company = request.company
    question, used = _question(request, company)
    booking_form, used_by_booking = _of_booking(request, company)
    context = {
        "rows": _rows(company),
        "form": form,
        "question": question,
        "used": used,
        "booking_form": booking_form,
        "used_by_booking": used_by_booking,
        "examples": trying_texts.next_few(company),
        "feature_on": features.enabled(company, features.FLEXIBLE_NOTIFICATIONS),
        "feature_key": features.FLEXIBLE_NOTIFICATIONS,
    }
    return office_page(
        request, "back_office/texts/flexible.html", context, current="features", status=status
    )


def _choices(company: Company) -> tuple[OfferingQuerySet, ProviderQuerySet]:
    return (
        Offering.objects.active().filter(company=company).in_order(),
        Provider.objects.active().filter(company=company).in_order(),
    )


def _place(company: Company, form: PlaceForm, language: str) -> Place:
    return Place(company=company, language=language, **form.cleaned_data)


def _rows(company: Company) -> list[Row]:
    templates = (
        Template.objects.filter(company=company)
        .exclude(offering=None, provider=None)
        .select_related("offering", "provider")
        .order_by("offering__name", "provider__name", "event", "audience", "channel", "language")
    )
    online = meets_online(company)
    return [_row(company, template, online=online) for template in templates]


def _row(company: Company, template: Template, *, online: bool) -> Row:
    place = Place(
        company=company,
        event=template.event,
        audience=template.audience,
        language=template.language,
        channel=template.channel,
        offering=template.offering,
        provider=template.provider,
    )
    concerned = template.offering.online if template.offering else online
    return Row(
        template=template,
        language=template.language.upper(),
        url=address(place),
        reset_url=address(place, "text_reset"),
        lacks_link=concerned
        and bool(missing_link(template.event, template.audience, template.body)),
    )


def _question(request: HttpRequest, company: Company) -> tuple[PlaceForm, Sequence[Used]]:
    """Answer which text a booking of a service with a provider would get."""
    asked = "ask-event" in request.GET
    form = PlaceForm(*_choices(company), request.GET if asked else None, prefix="ask")
    if not asked or not form.is_valid():
        return form, ()
    return form, [
        _used(_place(company, form, code), str(name)) for code, name in settings.LANGUAGES
    ]


def _of_booking(
    request: HttpRequest, company: Company
) -> tuple[OfBookingForm, Sequence[tuple[str, Used]]]:
    """Answer which texts one booking uses: for each reader, by mail and to phones."""
    asked = "of-code" in request.GET
    form = OfBookingForm(request.GET if asked else None, prefix="of")
    if not asked or not form.is_valid():
        return form, ()
    booking = trying_texts.booking_with(company, form.cleaned_data["code"])
    if booking is None:
        form.add_error("code", _("There is no booking with this code."))
        return form, ()
    return form, list(_used_by(booking, form.cleaned_data["event"]))


def _used_by(booking: Booking, event: str) -> Iterator[tuple[str, Used]]:
    appointment, names = booking.appointment, dict(settings.LANGUAGES)
    languages = {
        Audience.CLIENT: booking.language,
        Audience.PROVIDER: appointment.provider.language,
        Audience.COMPANY: booking.company.language,
    }
    for audience, language in languages.items():
        for channel in Channel:
            if event not in editable(channel)[audience]:
                continue
            place = Place(
                company=booking.company,
                event=event,
                audience=audience,
                language=language,
                channel=channel,
                offering=appointment.offering,
                provider=appointment.provider,
            )
            used = _used(place, str(names.get(language, language)))
            yield (
                f"{audience.label}, {channel.label}",
                replace(used, url=f"{used.url}?{urlencode({'example': booking.code})}"),
            )


def _used(place: Place, language: str) -> Used:
    choice = Choice(
        company=place.company,
        event=place.event,
        audience=place.audience,
        language=place.language,
        channel=place.channel,
        offering_id=place.offering.pk if place.offering else None,
        provider_id=place.provider.pk if place.provider else None,
    )
    template = chosen_template(choice)
    standing = Place(
        company=place.company,
        event=place.event,
        audience=place.audience,
        language=place.language,
        channel=place.channel,
        offering=place.offering if template and template.offering_id else None,
        provider=place.provider if template and template.provider_id else None,
    )
    body = text_for(choice).body
    concerned = meets_online(place.company, place.offering)
    return Used(
        language=language,
        what=_name(standing, own=template is not None),
        url=address(standing),
        lacks_link=concerned and bool(missing_link(place.event, place.audience, body)),
    )


def _name(place: Place, *, own: bool) -> str:
    names = {"offering": place.offering, "provider": place.provider}
    if place.offering and place.provider:
        return _("The text for %(offering)s with %(provider)s") % names
    if place.offering:
        return _("The text for %(offering)s") % names
    if place.provider:
        return _("The text for %(provider)s") % names
    return _("Your general text") if own else pgettext("message", "The default text")
