"""The company's clients: finding them, writing them down, and what they booked."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.dialogs import dialog_or_page
from visavis.back_office.forms.choices import languages
from visavis.back_office.forms.clients import ClientForm, found_clients
from visavis.back_office.pages import office_page
from visavis.back_office.views.client_texts import texting
from visavis.bookings.addresses import my_bookings
from visavis.bookings.messages import send_my_bookings
from visavis.bookings.models import Booking, Client
from visavis.companies.permissions import Permission
from visavis.notifications import fates

PER_PAGE = 50
PAST_SHOWN = 100


@office(Permission.VIEW_CLIENTS)
@require_safe
def clients(request: OfficeRequest) -> HttpResponse:
    """List the clients, or those that fit what is sought."""
    sought = request.GET.get("q", "").strip()
    found = found_clients(Client.objects.filter(company=request.company), sought)
    counted = found.annotate(
        booked=Count("bookings", filter=~Q(bookings__status=Booking.Status.CANCELLED)),
        last=Max(
            "bookings__appointment__starts_at",
            filter=~Q(bookings__status=Booking.Status.CANCELLED),
        ),
    )
    context = {
        "page": Paginator(counted, PER_PAGE).get_page(request.GET.get("page")),
        "sought": sought,
        "zone": request.company.time_zone,
    }
    return dialog_or_page(request, "back_office/clients/clients.html", context, current="clients")


@office(Permission.MANAGE_CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_client(request: OfficeRequest) -> HttpResponse:
    """Write down a new client."""
    company = request.company
    blank = Client(
        company=company,
        language=company.language,
        time_zone=company.time_zone,
        created_at=timezone.now(),
    )
    return _edit(request, blank)


@office(Permission.MANAGE_CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_client(request: OfficeRequest, pk: int) -> HttpResponse:
    """Change what is known about a client."""
    return _edit(request, _client(request, pk))


@office(Permission.VIEW_CLIENTS)
@require_safe
def client(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a client with their bookings, those to come first."""
    now, shown = timezone.now(), _client(request, pk)
    booked = shown.bookings.select_related(
        "appointment__offering", "appointment__provider", "appointment__meeting"
    )
    context = {
        "client": shown,
        "zone": request.company.time_zone,
        "upcoming": booked.filter(appointment__ends_at__gte=now).order_by(
            "appointment__starts_at", "pk"
        ),
        "past": booked.filter(appointment__ends_at__lt=now).order_by(
            "-appointment__starts_at", "-pk"
        )[:PAST_SHOWN],
        "my_bookings": my_bookings(shown),
        "language": dict(languages()).get(shown.language, shown.language),
        "now": now,
        "texting": texting(shown),
        "returned": fates.coming_back(request.company, shown.email),
    }
    return office_page(request, "back_office/clients/client.html", context, current="clients")


@office(Permission.MANAGE_CLIENTS)
@require_POST
def send_client_link(request: OfficeRequest, pk: int) -> HttpResponse:
    """Mail a client the link to their bookings."""
    to = _client(request, pk)
    if send_my_bookings(to, now=timezone.now()):
        messages.success(request, _("The link is on its way to %(email)s.") % {"email": to.email})
    else:
        messages.error(request, _("This client has no e-mail address."))
    return redirect(_url(to))


def _edit(request: OfficeRequest, edited: Client) -> HttpResponse:
    posted = request.method == "POST"
    # Taken before the form writes what was typed into it.
    name = edited.name
    form = ClientForm(request.POST if posted else None, instance=edited)
    if form.is_valid():
        saved = form.save()
        messages.success(request, _("%(client)s is saved.") % {"client": saved.name})
        return redirect(_url(saved))
    context = {"form": form, "client": edited, "name": name}
    status = 422 if posted else 200
    return office_page(
        request, "back_office/clients/edit.html", context, current="clients", status=status
    )


def _client(request: OfficeRequest, pk: int) -> Client:
    return get_object_or_404(
        Client.objects.select_related("company"), company=request.company, pk=pk
    )


def _url(shown: Client) -> str:
    return reverse("back_office:client", args=[shown.company.slug, shown.pk])
