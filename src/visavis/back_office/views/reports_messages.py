"""Reports → *Messages*: what was sent to whom, what the server answered, and trying again."""

from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.forms.reports import MessageFilter
from visavis.back_office.mail_frames import framed, showing_mail
from visavis.back_office.pages import office_page
from visavis.back_office.scope import Scope
from visavis.bookings.models import Appointment, Booking
from visavis.companies.models import Member
from visavis.companies.permissions import Permission
from visavis.design import zones
from visavis.notifications import operations, outbox
from visavis.notifications.models import Message

PER_PAGE = 50


@office(Permission.MANAGE_BOOKINGS)
@require_safe
def message_report(request: OfficeRequest) -> HttpResponse:
    """List messages, the latest first."""
    form = MessageFilter(request.GET, company=request.company)
    found = form.narrow(_messages(request)).defer("text", "html")
    ordered = found.order_by("-due_at", "-pk")
    failed = _failed(request, form) if request.member.may(Permission.MANAGE_BOOKINGS) else None
    context = {
        "form": form,
        "failed": failed.count() if failed is not None else 0,
        "page": Paginator(ordered, PER_PAGE).get_page(request.GET.get("page")),
        "zone": request.company.time_zone,
        "zone_name": zones.zone_phrase(request.company.time_zone),
        "filtered": bool(form.given()),
    }
    return office_page(
        request, "back_office/reports/messages.html", context, current="message_report"
    )


@showing_mail
@office(Permission.MANAGE_BOOKINGS)
@require_safe
def message(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show one message, as it was sent."""
    shown = get_object_or_404(_messages(request), pk=pk)
    context = {
        "message": shown,
        "html": framed(shown.html),
        "zone": request.company.time_zone,
        # An invitation's text carries a way in.
        "secret": shown.about in outbox.SECRET,
        "booking": _booking(request, shown),
        "appointment": _appointment(request, shown),
        "again_key": uuid4().hex,
    }
    return office_page(
        request, "back_office/reports/message.html", context, current="message_report"
    )


@office(Permission.MANAGE_BOOKINGS)
@require_POST
def send_message_again(request: OfficeRequest, pk: int) -> HttpResponse:
    """Send the same message once more; a form that is sent twice sends it once."""
    sent = get_object_or_404(_messages(request).exclude(about__in=outbox.SECRET), pk=pk)
    key = request.POST.get("request_key") or uuid4().hex
    again = outbox.send_again(sent, request_key=key[:64], now=timezone.now())
    messages.success(request, _("The message is on its way again."))
    return redirect(_url(request, again))


@office(Permission.MANAGE_BOOKINGS)
@require_POST
def send_failed_again(request: OfficeRequest) -> HttpResponse:
    """Try all that failed again, of what the filters let through."""
    form = MessageFilter(request.GET, company=request.company)
    count = outbox.retry_failed(_failed(request, form), now=timezone.now())
    said = ngettext(
        "%(count)d message is on its way again.",
        "%(count)d messages are on their way again.",
        count,
    )
    messages.success(request, said % {"count": count})
    report = reverse("back_office:message_report", args=[request.company.slug])
    return redirect(f"{report}?{request.GET.urlencode()}" if request.GET else report)


@office(Permission.MANAGE_BOOKINGS)
@require_POST
def cancel_message(request: OfficeRequest, pk: int) -> HttpResponse:
    """Cancel a message before it is sent."""
    planned = get_object_or_404(_messages(request).exclude(company=None), pk=pk)
    if operations.cancel(planned, now=timezone.now()):
        messages.success(request, _("The message will not be sent."))
    else:
        messages.error(request, _("It is too late: the message is on its way or was sent."))
    return redirect(_url(request, planned))


def _messages(request: OfficeRequest) -> QuerySet[Message]:
    """Return a company's messages; who minds its team sees what its members get to sign in too."""
    own = Q(company=request.company)
    if request.member.may(Permission.MANAGE_MEMBERS):
        members = Member.objects.filter(company=request.company).values("user__email")
        own |= Q(company=None, about=Message.About.ACCOUNT, recipient__in=members)
    return Message.objects.filter(own)


def _failed(request: OfficeRequest, form: MessageFilter) -> QuerySet[Message]:
    """Return the messages of a company that were given up, of what the filters let through."""
    own = Message.objects.filter(company=request.company, status=Message.Status.FAILED)
    return form.narrow(own)


def _booking(request: OfficeRequest, shown: Message) -> Booking | None:
    if shown.about != Message.About.BOOKING or shown.about_id is None:
        return None
    return Scope(request.member).bookings().filter(pk=shown.about_id).first()


def _appointment(request: OfficeRequest, shown: Message) -> Appointment | None:
    if shown.about != Message.About.APPOINTMENT or shown.about_id is None:
        return None
    seen = Scope(request.member).appointments().select_related("offering")
    return seen.filter(pk=shown.about_id).first()


def _url(request: OfficeRequest, shown: Message) -> str:
    return reverse("back_office:message", args=[request.company.slug, shown.pk])
