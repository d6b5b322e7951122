"""On which public holidays the company, or a provider, is closed."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from visavis.back_office.access import OfficeRequest
from visavis.back_office.forms.holidays import AS_COMPANY, HolidaysForm
from visavis.back_office.views.hours import hours_page, today_of
from visavis.back_office.whose import HOLIDAYS, Whose
from visavis.bookings import touched
from visavis.catalog import operations as catalog


def holidays(request: OfficeRequest, whose: Whose) -> HttpResponse:
    """Choose a country, and on which of its public holidays one is open all the same."""
    owner, today = whose.hours, today_of(whose)
    form = HolidaysForm(
        request.POST if request.method == "POST" else None, owner=owner, today=today
    )
    if request.method == "POST" and "show" not in request.POST and form.is_valid():
        _save(form, whose)
        messages.success(request, _("Saved."))
        return redirect(whose.url(HOLIDAYS))
    rejected = request.method == "POST" and "show" not in request.POST
    booked = touched.booked_on(
        form.named(), owner.company, owner.provider, zone=ZoneInfo(whose.zone)
    )
    context = {"form": form, "days": form.days(booked)}
    return hours_page(request, whose, HOLIDAYS, context, rejected=rejected)


def _save(form: HolidaysForm, whose: Whose) -> None:
    country, owner = form.cleaned_data["country"], whose.hours
    if country == AS_COMPANY or (not country and owner.provider is None):
        catalog.clear_holidays(owner)
    else:
        catalog.set_holidays(
            owner,
            country=country,
            subdivision=form.cleaned_data["subdivision"],
            kept_open=form.kept_open(),
        )
