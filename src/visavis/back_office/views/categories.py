"""Headings under which services and classes stand on the booking site."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.forms.categories import CategoryForm
from visavis.back_office.pages import office_page
from visavis.catalog import operations as catalog
from visavis.catalog import queries
from visavis.catalog.models import Category
from visavis.companies.permissions import Permission


@office(Permission.MANAGE_CATALOG)
def categories(request: OfficeRequest) -> HttpResponse:
    """List the headings, with a form for a new one."""
    form = CategoryForm(request.POST or None, instance=Category(company=request.company))
    if request.method == "POST" and form.is_valid():
        catalog.save_category(form.save(commit=False))
        messages.success(request, _("Saved."))
        return redirect("back_office:categories", request.company.slug)
    context = {"form": form, "categories": queries.categories(request.company)}
    return office_page(
        request,
        "back_office/manage/categories.html",
        context,
        current="services",
        status=422 if form.errors else 200,
    )


@office(Permission.MANAGE_CATALOG)
def category(request: OfficeRequest, pk: int) -> HttpResponse:
    """Rename a heading."""
    found = _category(request, pk)
    form = CategoryForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        catalog.save_category(form.save(commit=False))
        messages.success(request, _("Saved."))
        return redirect("back_office:categories", request.company.slug)
    return office_page(
        request,
        "back_office/manage/category.html",
        {"form": form, "category": found},
        current="services",
        status=422 if form.errors else 200,
    )


@office(Permission.MANAGE_CATALOG)
@require_POST
def remove_category(request: OfficeRequest, pk: int) -> HttpResponse:
    """Remove a heading. What stood under it stays, without one."""
    catalog.remove_category(_category(request, pk))
    messages.success(request, _("The category was removed."))
    return redirect("back_office:categories", request.company.slug)


@office(Permission.MANAGE_CATALOG)
@require_POST
def category_up(request: OfficeRequest, pk: int) -> HttpResponse:
    """Let a heading stand higher."""
    catalog.move_up(_category(request, pk), list(queries.categories(request.company)))
    return redirect("back_office:categories", request.company.slug)


def _category(request: OfficeRequest, pk: int) -> Category:
    found: Category = get_object_or_404(Category, company=request.company, pk=pk)
    return found
