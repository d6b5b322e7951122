"""*Custom features*: what a company switched on."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.pages import office_page
from visavis.bookings import online
from visavis.bookings.actors import by_staff
from visavis.bookings.ahead import online_ahead
from visavis.bookings.clashes import clashes
from visavis.bookings.models import Appointment
from visavis.companies import features
from visavis.companies.features import Description
from visavis.companies.permissions import Permission


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a feature is set up, and who may do that."""

    page: str
    permission: Permission
    label: Promise


SETTINGS = {
    features.ONLINE_MEETINGS: Settings(
        "online_meetings", Permission.MANAGE_FEATURES, gettext_lazy("Settings")
    ),
    features.CLASSES: Settings("classes", Permission.MANAGE_CATALOG, gettext_lazy("Classes")),
    features.APPROVAL: Settings("services", Permission.MANAGE_CATALOG, gettext_lazy("Services")),
    features.RESCHEDULING: Settings(
        "company_settings", Permission.MANAGE_COMPANY, gettext_lazy("Settings")
    ),
    features.CANCELLING: Settings(
        "company_settings", Permission.MANAGE_COMPANY, gettext_lazy("Settings")
    ),
    features.FLEXIBLE_NOTIFICATIONS: Settings(
        "flexible", Permission.MANAGE_NOTIFICATIONS, gettext_lazy("Manage")
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One feature as the page shows it. Whoever might be surprised by its end is asked first."""

    feature: Description
    on: bool
    settings_url: str = ""
    settings_label: str = ""
    booked_ahead: int = 0


@require_safe
@office(Permission.MANAGE_FEATURES)
def all_features(request: OfficeRequest) -> HttpResponse:
    on = features.enabled_keys(request.company)
    rows = [_row(request, feature, on=feature.key in on) for feature in features.FEATURES]
    return office_page(
        request, "back_office/features/features.html", {"rows": rows}, current="features"
    )


@office(Permission.MANAGE_FEATURES)
@require_POST
def switch_on(request: OfficeRequest, key: str) -> HttpResponse:
    feature, now = _known(key), timezone.now()
    if key == features.ONLINE_MEETINGS:
        found = () if "sure" in request.POST else clashes(request.company, now=now)
        if found:
            return _warning(request, key, found)
        reached = online.switch_all_on(request.company, by=by_staff(request.user), now=now)
        _tell_links_made(request, reached)
    else:
        features.switch(request.company, key, on=True)
    messages.success(request, _("%(feature)s: switched on.") % {"feature": feature.name})
    return redirect("back_office:features", request.company.slug)


@office(Permission.MANAGE_FEATURES)
@require_POST
def switch_off(request: OfficeRequest, key: str) -> HttpResponse:
    feature = _known(key)
    if key == features.ONLINE_MEETINGS:
        online.switch_all_off(request.company, by=by_staff(request.user), now=timezone.now())
    else:
        features.switch(request.company, key, on=False)
    messages.success(request, _("%(feature)s: switched off.") % {"feature": feature.name})
    return redirect("back_office:features", request.company.slug)


def _warning(request: OfficeRequest, key: str, found: Sequence[Appointment]) -> HttpResponse:
    context = {"key": key, "clashes": found, "zone": request.company.time_zone}
    return office_page(
        request, "back_office/features/online_sure.html", context, current="features"
    )


def _tell_links_made(request: OfficeRequest, count: int) -> None:
    if count:
        text = ngettext(
            "One booking ahead got its link, and everybody in it is told.",
            "%(count)s bookings ahead got their links, and everybody in them is told.",
            count,
        )
        messages.info(request, text % {"count": count})


def _known(key: str) -> Description:
    try:
        return features.BY_KEY[key]
    except KeyError:
        raise Http404 from None


def _row(request: OfficeRequest, feature: Description, *, on: bool) -> Row:
    settings = SETTINGS.get(feature.key)
    url = label = ""
    if on and settings and request.member.may(settings.permission):
        url = reverse(f"back_office:{settings.page}", args=[request.company.slug])
        label = str(settings.label)
    ahead = 0
    if on and feature.key == features.ONLINE_MEETINGS:
        ahead = online_ahead(request.company, now=timezone.now()).count()
    return Row(feature, on, url, label, ahead)
