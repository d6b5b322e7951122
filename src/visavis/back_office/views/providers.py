"""Providers: the people whose time is booked."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.forms.providers import LinkForm, ProviderForm
from visavis.back_office.pages import office_page
from visavis.back_office.whose import DETAILS, of_provider, tabs
from visavis.bookings import sessions, touched
from visavis.bookings.sessions import StillBooked
from visavis.catalog import operations as catalog
from visavis.catalog import queries
from visavis.catalog.models import Provider
from visavis.catalog.operations import OFFICE_HOURS
from visavis.companies.permissions import Permission

AHEAD_SHOWN = 20


@office(Permission.MANAGE_CATALOG)
def providers(request: OfficeRequest) -> HttpResponse:
    """List the providers, those who left at the end."""
    everybody = list(queries.providers(request.company))
    context = {
        "providers": [one for one in everybody if one.active],
        "retired": [one for one in everybody if not one.active],
    }
    return office_page(request, "back_office/manage/providers.html", context, current="providers")


@office(Permission.MANAGE_CATALOG)
def new_provider(request: OfficeRequest) -> HttpResponse:
    """Add a provider, who works office hours until somebody says otherwise."""
    company = request.company
    made = Provider(company=company, time_zone=company.time_zone, language=company.language)
    form = ProviderForm(request.POST or None, request.FILES or None, instance=made)
    if request.method == "POST" and form.is_valid():
        saved = catalog.save_provider(form.save(commit=False), hours=OFFICE_HOURS)
        messages.success(request, _("%(name)s was added. Check the hours.") % {"name": saved.name})
        return redirect("back_office:provider_hours", company.slug, saved.pk)
    return _page(request, "new_provider", {"form": form}, rejected=bool(form.errors))


@office(Permission.MANAGE_CATALOG)
def provider(request: OfficeRequest, pk: int) -> HttpResponse:
    """Change what is known about a provider."""
    found = provider_of(request, pk)
    form = ProviderForm(request.POST or None, request.FILES or None, instance=found)
    if request.method == "POST" and form.is_valid():
        catalog.save_provider(form.save(commit=False))
        messages.success(request, _("Saved."))
        return redirect("back_office:provider", request.company.slug, pk)
    if form.errors:
        found.refresh_from_db()
    context = {
        "form": form,
        "provider": found,
        "link_form": LinkForm(company=request.company, initial={"member": found.member_id}),
        "tabs": tabs(of_provider(found), DETAILS),
    }
    return _page(request, "provider", context, rejected=bool(form.errors))


@office(Permission.MANAGE_CATALOG)
@require_POST
def link_provider(request: OfficeRequest, pk: int) -> HttpResponse:
    """Say which member a provider is."""
    found = provider_of(request, pk)
    form = LinkForm(request.POST, company=request.company)
    if form.is_valid():
        catalog.link_provider(found, form.cleaned_data["member"])
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("This member is not part of the company."))
    return redirect("back_office:provider", request.company.slug, pk)


@office(Permission.MANAGE_CATALOG)
def remove_provider(request: OfficeRequest, pk: int) -> HttpResponse:
    """Let a provider go, once nothing of theirs lies ahead."""
    found = provider_of(request, pk)
    now = timezone.now()
    if request.method == "POST":
        try:
            sessions.retire_provider(found, now=now)
        except StillBooked:
            pass
        else:
            messages.success(request, _("%(name)s was removed.") % {"name": found.name})
            return redirect("back_office:providers", request.company.slug)
    # Class sessions that nobody booked simply vanish.
    ahead = touched.appointments_with(found, now=now).exclude(schedule__isnull=False, seats_taken=0)
    context = {
        "provider": found,
        "ahead": ahead.prefetch_related("bookings")[:AHEAD_SHOWN],
        "count": ahead.count(),
        "zone": request.company.time_zone,
    }
    return _page(request, "remove_provider", context, rejected=request.method == "POST")


@office(Permission.MANAGE_CATALOG)
@require_POST
def restore_provider(request: OfficeRequest, pk: int) -> HttpResponse:
    """Bring a provider back."""
    found = catalog.restore_provider(provider_of(request, pk))
    messages.success(request, _("%(name)s is back.") % {"name": found.name})
    return redirect("back_office:provider", request.company.slug, pk)


@office(Permission.MANAGE_CATALOG)
@require_POST
def provider_up(request: OfficeRequest, pk: int) -> HttpResponse:
    """Let a provider stand higher in the list."""
    everybody = list(queries.providers(request.company).active())
    catalog.move_up(provider_of(request, pk), everybody)
    return redirect("back_office:providers", request.company.slug)


def provider_of(request: OfficeRequest, pk: int) -> Provider:
    """Return one of the company's providers, or raise Http404."""
    found: Provider = get_object_or_404(
        Provider.objects.select_related("company", "member"), company=request.company, pk=pk
    )
    return found


def _page(
    request: OfficeRequest, name: str, context: dict[str, Any], *, rejected: bool
) -> HttpResponse:
    return office_page(
        request,
        f"back_office/manage/{name}.html",
        context,
        current="providers",
        status=422 if rejected else 200,
    )
