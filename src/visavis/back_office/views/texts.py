"""*Email & SMS settings*: which messages are sent, and what they say."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.forms.texts import TextForm
from visavis.back_office.mail_frames import showing_mail
from visavis.back_office.pages import office_page
from visavis.back_office.views import trying_texts
from visavis.back_office.views.places import address, place_at
from visavis.bookings import replanning
from visavis.catalog.models import Offering
from visavis.companies.models import Company
from visavis.companies.permissions import Permission
from visavis.design.navigation import NavigationItem
from visavis.notifications import editing
from visavis.notifications.editing import Place
from visavis.notifications.models import Audience, Channel, Event, Template
from visavis.notifications.texts import EDITABLE, Text
from visavis.notifications.variables import allowed


@dataclass(frozen=True, slots=True)
class Cell:
    """One kind of message for one audience; empty where there is no such message."""

    audience: str
    name: str = ""
    url: str = ""
    on: bool = False
    # The languages in which the company wrote its own, and whether one of these lacks the link.
    own: Sequence[str] = ()
    lacks_link: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.MANAGE_NOTIFICATIONS)
def texts(request: OfficeRequest) -> HttpResponse:
    switches = editing.switches(request.company, Channel.EMAIL)
    if request.method == "POST":
        editing.set_switches(
            request.company, Channel.EMAIL, {key: "-".join(key) in request.POST for key in switches}
        )
        # Reminders that were off are owed to the bookings ahead too.
        replanning.ask(request.company)
        messages.success(request, _("Saved."))
        return redirect("back_office:texts", request.company.slug)
    own = _own_texts(request.company)
    online = meets_online(request.company)
    rows = [
        (
            Event(event).label,
            [_cell(request.company, event, one, switches, own, online) for one in EDITABLE],
        )
        for event in EDITABLE[Audience.CLIENT]
    ]
    context = {"rows": rows, "audiences": [Audience(one).label for one in EDITABLE]}
    return office_page(request, "back_office/texts/texts.html", context, current="texts")


@showing_mail
@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.MANAGE_NOTIFICATIONS)
def text(
    request: OfficeRequest, event: str, audience: str, language: str, scope: str = ""
) -> HttpResponse:
    place = place_at(request.company, event, audience, language, scope)
    if request.method != "POST":
        return editor(request, place, TextForm(audience, initial=_initial(place)))
    form = TextForm(audience, request.POST)
    if not form.is_valid():
        return editor(request, place, form, status=422)
    editing.write(place, form.text())
    messages.success(request, _("Saved."))
    return redirect(address(place))


@require_POST
@office(Permission.MANAGE_NOTIFICATIONS)
def reset(
    request: OfficeRequest, event: str, audience: str, language: str, scope: str = ""
) -> HttpResponse:
    place = place_at(request.company, event, audience, language, scope)
    editing.reset(place)
    messages.success(request, _("The text was reset."))
    if place.flexible:
        return redirect("back_office:flexible", request.company.slug)
    return redirect(address(place))


@showing_mail
@require_POST
@office(Permission.MANAGE_NOTIFICATIONS)
def show_preview(
    request: OfficeRequest, event: str, audience: str, language: str, scope: str = ""
) -> HttpResponse:
    """Show what was typed as it would be sent: beside the editor, or with it again."""
    place = place_at(request.company, event, audience, language, scope)
    form = TextForm(audience, request.POST)
    if not request.htmx:  # type: ignore[attr-defined]  # set by its middleware
        return editor(request, place, form)
    shown = trying_texts.tried(request, place, form.typed())
    return render(request, "back_office/texts/preview.html", {"preview": shown})


@showing_mail
@require_POST
@office(Permission.MANAGE_NOTIFICATIONS)
def send_test(
    request: OfficeRequest, event: str, audience: str, language: str, scope: str = ""
) -> HttpResponse:
    """Send what was typed to whoever typed it. Nothing is saved, so that it stays on the page."""
    place = place_at(request.company, event, audience, language, scope)
    form = TextForm(audience, request.POST)
    if not form.is_valid():
        return editor(request, place, form, status=422)
    trying_texts.send(request, place, form.text())
    messages.success(
        request, _("A test is on its way to %(address)s.") % {"address": request.user.email}
    )
    return editor(request, place, form)


def editor(
    request: OfficeRequest, place: Place, form: TextForm, *, status: int = 200
) -> HttpResponse:
    own = editing.own_text(place)
    typed = form.typed() if form.is_bound else Text(form["subject"].value(), form["body"].value())
    context = {
        "place": place,
        "form": form,
        "own": own,
        "event": Event(place.event).label,
        "audience": Audience(place.audience).label,
        "variables": allowed(place.audience),
        "languages": _language_tabs(place),
        "missing_link": meets_online(place.company, place.offering)
        and editing.missing_link(place.event, place.audience, typed.body),
        "examples": trying_texts.examples(place),
        "example": request.POST.get("example", ""),
        "preview": trying_texts.tried(request, place, typed),
        "addresses": {
            page: address(place, f"text_{page}") for page in ("preview", "test", "reset")
        },
    }
    return office_page(
        request, "back_office/texts/text.html", context, current="texts", status=status
    )


def meets_online(company: Company, offering: Offering | None = None) -> bool:
    """Tell whether bookings for which a text is used may meet online."""
    if offering is not None:
        return offering.online
    return Offering.objects.active().filter(company=company, online=True).exists()


def _initial(place: Place) -> dict[str, str]:
    own = editing.own_text(place) or editing.text_without_own(place)
    return {"subject": own.subject, "body": own.body}


def _language_tabs(place: Place) -> list[NavigationItem]:
    return [
        NavigationItem(str(name), address(place, language=code), current=code == place.language)
        for code, name in settings.LANGUAGES
    ]


def _own_texts(company: Company) -> dict[tuple[str, str], list[Template]]:
    own: dict[tuple[str, str], list[Template]] = defaultdict(list)
    for template in Template.objects.filter(
        company=company, channel=Channel.EMAIL, offering=None, provider=None
    ).order_by("language"):
        own[template.event, template.audience].append(template)
    return own


def _cell(
    company: Company,
    event: str,
    audience: str,
    switches: dict[tuple[str, str], bool],
    own: dict[tuple[str, str], list[Template]],
    online: bool,
) -> Cell:
    label = str(Audience(audience).label)
    if event not in EDITABLE[audience]:
        return Cell(label)
    written = own.get((event, audience), [])
    place = Place(company=company, event=event, audience=audience, language=company.language)
    return Cell(
        audience=label,
        name=f"{event}-{audience}",
        url=address(place),
        on=switches[event, audience],
        own=[template.language.upper() for template in written],
        lacks_link=online
        and any(editing.missing_link(event, audience, template.body) for template in written),
    )
