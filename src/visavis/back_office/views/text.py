"""The editor of one text: writing it, trying it out, and going back to what held before."""

from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.forms.texts import TextForm
from visavis.back_office.mail_frames import showing_mail
from visavis.back_office.pages import office_page
from visavis.back_office.views import trying_texts
from visavis.back_office.views.places import address, place_at
from visavis.back_office.views.texts import PAGE_OF, meets_online
from visavis.catalog.models import Provider
from visavis.companies.permissions import Permission
from visavis.design.navigation import NavigationItem
from visavis.notifications import editing, sms
from visavis.notifications.editing import Place
from visavis.notifications.models import Audience, Channel, Event
from visavis.notifications.texts import is_editable
from visavis.notifications.variables import allowed

# Where a member's phone is remembered for the next test.
PHONE = "phone_for_tests"


@showing_mail
@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.MANAGE_NOTIFICATIONS)
def text(request: OfficeRequest, /, **where: str) -> HttpResponse:
    place = place_at(request.company, **where)
    if request.method != "POST":
        return editor(request, place, TextForm(place, initial=_initial(request, place)))
    form = TextForm(place, request.POST)
    if not form.is_valid():
        return editor(request, place, form, status=422)
    editing.write(place, form.text())
    messages.success(request, _("Saved."))
    return redirect(address(place))


@office(Permission.MANAGE_NOTIFICATIONS)
@require_POST
def reset(request: OfficeRequest, /, **where: str) -> HttpResponse:
    place = place_at(request.company, **where)
    editing.reset(place)
    messages.success(request, _("The text was reset."))
    if place.flexible:
        return redirect("back_office:flexible", request.company.slug)
    return redirect(address(place))


@showing_mail
@office(Permission.MANAGE_NOTIFICATIONS)
@require_POST
def show_preview(request: OfficeRequest, /, **where: str) -> HttpResponse:
    """Show what was typed as it would be sent: beside the editor, or with it again."""
    place = place_at(request.company, **where)
    form = TextForm(place, request.POST)
    if not request.htmx:  # type: ignore[attr-defined]  # set by its middleware
        return editor(request, place, form)
    shown = trying_texts.tried(request, place, form.typed())
    return render(
        request, "back_office/texts/preview.html", {"preview": shown, **_example(request, place)}
    )


@showing_mail
@office(Permission.MANAGE_NOTIFICATIONS)
@require_POST
def send_test(request: OfficeRequest, /, **where: str) -> HttpResponse:
    """Send what was typed to whoever typed it. Nothing is saved, so that it stays on the page."""
    place = place_at(request.company, **where)
    form = TextForm(place, request.POST)
    if not form.is_valid():
        return editor(request, place, form, status=422)
    to = request.user.email if place.channel == Channel.EMAIL else _own_number(request, form)
    if not to:
        return editor(request, place, form, status=422)
    trying_texts.send(request, place, form.text(), to=to)
    messages.success(request, _("A test is on its way to %(address)s.") % {"address": to})
    return editor(request, place, form)


def _own_number(request: OfficeRequest, form: TextForm) -> str:
    """Return the number to try a text on, or "" with a message beside the field."""
    account = sms.account_of(request.company)
    if account is None:
        form.add_error("phone", _("No gateway is set up for texts yet."))
        return ""
    number = sms.number_of(account, form.cleaned_data["phone"])
    if number:
        request.session[PHONE] = form.cleaned_data["phone"]
    else:
        form.add_error("phone", _("No texts can be sent to this number."))
    return number


def editor(
    request: OfficeRequest, place: Place, form: TextForm, *, status: int = 200
) -> HttpResponse:
    own, slug = editing.own_text(place), place.company.slug
    typed = form.typed() if form.is_bound else form.unchanged()
    context = {
        "place": place,
        "channel": Channel(place.channel),
        "list_url": reverse(f"back_office:{PAGE_OF[Channel(place.channel)]}", args=[slug]),
        "others": _channel_tabs(place),
        "form": form,
        "own": own,
        "event": Event(place.event).label,
        "audience": Audience(place.audience).label,
        "variables": allowed(place.audience),
        "languages": _language_tabs(place),
        "missing_link": meets_online(place.company, place.offering)
        and editing.missing_link(place.event, place.audience, typed.body),
        "examples": trying_texts.examples(place),
        **_example(request, place),
        "preview": trying_texts.tried(request, place, typed),
        "addresses": {
            # The editor stands at the addresses of trying out, too.
            "save": address(place),
            **{page: address(place, f"text_{page}") for page in ("preview", "test", "reset")},
        },
    }
    return office_page(
        request, "back_office/texts/text.html", context, current="texts", status=status
    )


def _example(request: OfficeRequest, place: Place) -> dict[str, object]:
    code = trying_texts.example(request)
    unknown = bool(code.strip()) and trying_texts.booking_with(place.company, code) is None
    return {"example": code, "unknown_example": unknown}


def _initial(request: OfficeRequest, place: Place) -> dict[str, str]:
    own = editing.own_text(place) or editing.text_without_own(place)
    provider = Provider.objects.filter(member=request.member).first()
    phone = request.session.get(PHONE) or (provider.phone if provider else "")
    return {"subject": own.subject, "body": own.body, "phone": phone}


def _language_tabs(place: Place) -> list[NavigationItem]:
    return [
        NavigationItem(str(name), address(place, language=code), current=code == place.language)
        for code, name in settings.LANGUAGES
    ]


def _channel_tabs(place: Place) -> list[NavigationItem]:
    """Return the links between the mail and the text for phones of the same kind."""
    return [
        NavigationItem(
            str(channel.label),
            address(replace(place, channel=channel)),
            current=channel == place.channel,
        )
        for channel in Channel
        if is_editable(place.event, place.audience, channel)
    ]
