"""When classes take place: schedules, and the sessions made from them."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.forms.schedules import DayForm, HandOverForm, ScheduleForm
from visavis.back_office.pages import office_page
from visavis.back_office.recurrences import in_words
from visavis.back_office.views.offerings import offering_of
from visavis.bookings import days_left_out, handing_over, sessions
from visavis.bookings.actors import by_staff
from visavis.bookings.days_left_out import NotThatDay, SessionBooked
from visavis.bookings.handing_over import NothingLeft
from visavis.catalog.models import ClassSchedule, Offering
from visavis.companies.permissions import Permission

CLASS = Offering.Kind.CLASS


@office(Permission.MANAGE_CATALOG)
def new_class_schedule(request: OfficeRequest, pk: int) -> HttpResponse:
    """Say when a class takes place; its sessions are made at once."""
    return _edited(request, ClassSchedule(offering=offering_of(request, pk, CLASS)))


@office(Permission.MANAGE_CATALOG)
def class_schedule(request: OfficeRequest, pk: int, schedule: int) -> HttpResponse:
    """Change when a class takes place. Booked sessions stay as they are."""
    return _edited(request, _schedule(request, pk, schedule))


@office(Permission.MANAGE_CATALOG)
@require_POST
def end_class_schedule(request: OfficeRequest, pk: int, schedule: int) -> HttpResponse:
    """End a schedule: empty sessions vanish, booked ones take place."""
    kept = sessions.end_schedule(_schedule(request, pk, schedule), now=timezone.now())
    messages.success(request, _("This schedule has ended."))
    if kept:
        messages.warning(request, _kept(len(kept)))
    return redirect("back_office:class", request.company.slug, pk)


@office(Permission.MANAGE_CATALOG)
def hand_over_class_schedule(request: OfficeRequest, pk: int, schedule: int) -> HttpResponse:
    """Give a class to another provider from a day on. Bookings and their links stay."""
    found, now = _schedule(request, pk, schedule), timezone.now()
    zone = request.company.time_zone
    today = now.astimezone(ZoneInfo(zone)).date()
    form = HandOverForm(request.POST or None, schedule=found, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            handed = handing_over.hand_over(
                found, by=by_staff(request.user), now=now, **form.cleaned_data
            )
        except NothingLeft:
            form.add_error("since", _("The class has no session on or after this day."))
        else:
            messages.success(request, _handed(handed.count, form.cleaned_data["provider"].name))
            if handed.kept:
                messages.warning(request, _not_handed(len(handed.kept)))
            return redirect("back_office:class", request.company.slug, pk)
    context = {
        "form": form,
        "schedule": found,
        "words": in_words(found),
        "offering": found.offering,
        "now": now,
        "zone": zone,
    }
    return office_page(
        request,
        "back_office/manage/hand_over.html",
        context,
        current="classes",
        status=422 if form.errors else 200,
    )


@office(Permission.MANAGE_CATALOG)
@require_POST
def leave_day_out(request: OfficeRequest, pk: int, schedule: int) -> HttpResponse:
    """Hold no session on a day, such as one of the holidays."""
    found = _schedule(request, pk, schedule)
    form = DayForm(request.POST)
    if form.is_valid():
        day = form.cleaned_data["day"]
        try:
            days_left_out.leave_out(found, day, now=timezone.now())
        except NotThatDay:
            form.add_error("day", _("The class does not take place on this day anyway."))
        except SessionBooked:
            form.add_error(
                "day", _("This session is booked. Cancel it under Sessions, so that people know.")
            )
        else:
            messages.success(request, _("The class does not take place on that day."))
            return redirect("back_office:class_schedule", request.company.slug, pk, schedule)
    return _page(request, ScheduleForm(instance=found), found, day_form=form, status=422)


@office(Permission.MANAGE_CATALOG)
@require_POST
def put_day_back(request: OfficeRequest, pk: int, schedule: int) -> HttpResponse:
    """Hold the session of a day after all."""
    found = _schedule(request, pk, schedule)
    form = DayForm(request.POST)
    if form.is_valid():
        made = days_left_out.put_back(found, form.cleaned_data["day"], now=timezone.now())
        messages.success(request, _made(len(made.sessions)))
    return redirect("back_office:class_schedule", request.company.slug, pk, schedule)


def _edited(request: OfficeRequest, schedule: ClassSchedule) -> HttpResponse:
    now = timezone.now()
    form = ScheduleForm(request.POST or None, instance=schedule)
    if request.method == "POST" and form.is_valid():
        changed = sessions.save_schedule(form.save(commit=False), now=now)
        messages.success(request, _made(len(changed.made.sessions)))
        if changed.made.skipped:
            messages.warning(request, _skipped(len(changed.made.skipped)))
        if changed.kept:
            messages.warning(request, _kept(len(changed.kept)))
        return redirect("back_office:class", request.company.slug, schedule.offering_id)
    return _page(request, form, schedule, status=422 if form.errors else 200)


def _page(
    request: OfficeRequest,
    form: ScheduleForm,
    schedule: ClassSchedule,
    *,
    day_form: DayForm | None = None,
    status: int,
) -> HttpResponse:
    now, zone = timezone.now(), request.company.time_zone
    today = now.astimezone(ZoneInfo(zone)).date()
    context = {
        "form": form,
        "schedule": schedule,
        "offering": schedule.offering,
        "days_left_out": sorted(day for day in schedule.excluded if day >= today),
        "day_form": day_form or DayForm(),
        "now": now,
        "zone": zone,
    }
    return office_page(
        request, "back_office/manage/class_schedule.html", context, current="classes", status=status
    )


def _schedule(request: OfficeRequest, pk: int, schedule: int) -> ClassSchedule:
    found: ClassSchedule = get_object_or_404(
        ClassSchedule.objects.select_related("offering__company", "provider"),
        pk=schedule,
        offering=offering_of(request, pk, CLASS),
    )
    return found


def _made(count: int) -> str:
    if not count:
        return _("Saved. No new sessions were needed.")
    text = ngettext(
        "Saved. %(count)d session was made.", "Saved. %(count)d sessions were made.", count
    )
    return text % {"count": count}


def _skipped(count: int) -> str:
    text = ngettext(
        "%(count)d session was left out because its provider is not free then, or the day closed.",
        "%(count)d sessions were left out because their provider is not free then, or the day "
        "closed.",
        count,
    )
    return text % {"count": count}


def _kept(count: int) -> str:
    text = ngettext(
        "%(count)d session with bookings stays as it was. Move or cancel it under Sessions.",
        "%(count)d sessions with bookings stay as they were. Move or cancel them under Sessions.",
        count,
    )
    return text % {"count": count}


def _handed(count: int, name: str) -> str:
    text = ngettext(
        "%(name)s takes over. %(count)d session changed hands.",
        "%(name)s takes over. %(count)d sessions changed hands.",
        count,
    )
    return text % {"count": count, "name": name}


def _not_handed(count: int) -> str:
    text = ngettext(
        "%(count)d session stays as it was, because the new provider is not free then.",
        "%(count)d sessions stay as they were, because the new provider is not free then.",
        count,
    )
    return text % {"count": count}
