"""Every component in all its states, in each language (`?lang=`) and colour (`?accent=`)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from types import SimpleNamespace
from typing import Any, TypeAlias

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from visavis.design.months import month
from visavis.design.navigation import NavigationGroup, NavigationItem
from visavis.design.widgets import (
    ColourInput,
    DateInput,
    DurationInput,
    ImageInput,
    Switch,
    TimeInput,
    TimeZoneSelect,
)

NOW = datetime(2026, 11, 26, 13, 30, tzinfo=UTC)


Page: TypeAlias = Callable[[HttpRequest], HttpResponse]


def _in_any_language(view: Page) -> Page:
    @wraps(view)
    def translated(request: HttpRequest) -> HttpResponse:
        with translation.override(request.GET.get("lang") or translation.get_language()):
            return view(request)

    return translated


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Your name"), max_length=100)
    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("Your confirmation is sent here.")
    )
    service = forms.ChoiceField(
        label=_("Service"), choices=[("first", _("First session")), ("next", _("Follow-up"))]
    )
    note = forms.CharField(
        label=_("Anything we should know?"), required=False, widget=forms.Textarea
    )
    place = forms.ChoiceField(
        label=_("Where"),
        choices=[("online", _("Online")), ("office", _("At the practice"))],
        widget=forms.RadioSelect,
    )
    topics = forms.MultipleChoiceField(
        label=_("Topics"),
        required=False,
        choices=[("sleep", _("Sleep")), ("work", _("Work"))],
        widget=forms.CheckboxSelectMultiple,
    )
    on = forms.DateField(label=_("Date"), widget=DateInput)
    at = forms.TimeField(label=_("Time"), widget=TimeInput)
    duration = forms.IntegerField(label=_("Duration"), widget=DurationInput, initial=45)
    zone = forms.ChoiceField(label=_("Time zone"), widget=TimeZoneSelect, initial="Europe/Paris")
    colour = forms.CharField(label=_("Accent colour"), widget=ColourInput, initial="#0f766e")
    photo = forms.ImageField(label=_("Photo"), required=False, widget=ImageInput)
    online = forms.BooleanField(
        label=_("Enable as online meeting service"),
        required=False,
        widget=Switch,
        initial=True,
        help_text=_("Each booking gets a link of its own."),
    )
    terms = forms.BooleanField(label=_("I have read the privacy terms"))


@_in_any_language
def components(request: HttpRequest) -> HttpResponse:
    pages = Paginator(range(200), 20)
    context = _context(request) | {
        "form": SampleForm(),
        "rejected": SampleForm({"email": "nobody", "name": "", "on": "never"}, auto_id="bad_%s"),
        "page": pages.page(3),
        "steps": [NavigationItem(str(each), "#") for each in (_("Service"), _("Time"), _("You"))],
        "tabs": _tabs(),
        "crumbs": [(_("Manage"), "#"), (_("Services"), "#")],
        "month": _month(),
        "soon": datetime.now(UTC) + timedelta(minutes=12, seconds=34),
    }
    messages.success(request, _("The booking has been moved."))
    messages.error(request, _("Zoom did not answer."))
    return render(request, "design/style_guide/components.html", context)


@_in_any_language
def site(request: HttpRequest) -> HttpResponse:
    starts = [NOW + timedelta(minutes=30 * number) for number in range(9)]
    return render(
        request,
        "design/style_guide/site.html",
        _context(request) | {"month": _month(), "starts": starts},
    )


@_in_any_language
def office(request: HttpRequest) -> HttpResponse:
    if "toast" in request.GET:
        messages.success(request, _("The booking has been moved."))
    context = _context(request) | {"navigation": _navigation(), "tabs": _tabs()}
    return render(request, "design/style_guide/office.html", context)


@_in_any_language
def centred(request: HttpRequest) -> HttpResponse:
    soon = datetime.now(UTC) + timedelta(minutes=12, seconds=34)
    context = _context(request) | {"start": soon, "end": soon + timedelta(minutes=45)}
    return render(request, "design/style_guide/centred.html", context)


@_in_any_language
def dialog(request: HttpRequest) -> HttpResponse:
    return render(request, "design/style_guide/dialog.html", _context(request))


def _context(request: HttpRequest) -> dict[str, Any]:
    colour = request.GET.get("accent", "0f766e")
    return {
        "company": SimpleNamespace(name="Cabinet Lumière", accent_colour=f"#{colour}"),
        "company_links": [NavigationItem("Studio Bergamote", "#", "building-2")],
        "start": NOW,
        "end": NOW + timedelta(minutes=45),
        "minutes": (15, 45, 60, 90, 1440, 2880),
    }


def _month() -> Any:
    first = date(2026, 11, 1)
    free = {date(2026, 11, day): f"#{day}" for day in (9, 10, 12, 13, 17, 19, 24, 26, 27)}
    chosen = date(2026, 11, 26)
    return month(first, urls=free, today=date(2026, 11, 9), chosen=chosen, next_url="#next")


def _tabs() -> list[NavigationItem]:
    return [
        NavigationItem(str(_("Details")), "#", current=True),
        NavigationItem(str(_("Hours")), "#"),
        NavigationItem(str(_("Online meetings")), "#", badge="2"),
    ]


def _navigation() -> list[NavigationGroup]:
    def item(label: Any, icon: str, *, current: bool = False, badge: str = "") -> NavigationItem:
        return NavigationItem(str(label), "#", icon, current=current, badge=badge)

    return [
        NavigationGroup(
            [
                item(_("Calendar"), "calendar", current=True),
                item(_("Bookings"), "ticket-check"),
                item(_("Clients"), "users"),
                item(_("Readiness"), "heart-pulse", badge="1"),
            ]
        ),
        NavigationGroup(
            [
                item(_("Services"), "sparkles"),
                item(_("Classes"), "graduation-cap"),
                item(_("Providers"), "contact"),
            ],
            str(_("Manage")),
        ),
        NavigationGroup(
            [item(_("Custom features"), "blocks"), item(_("Company"), "building-2")],
            str(_("Settings")),
        ),
    ]
