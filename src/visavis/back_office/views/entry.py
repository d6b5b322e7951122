"""Coming in: choosing a company, or founding one."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation

from visavis.back_office.forms.companies import NewCompanyForm
from visavis.back_office.views.people import signed_in
from visavis.companies import operations
from visavis.companies.models import Company
from visavis.notifications import team


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the only company there is; let people choose among several."""
    user = signed_in(request)
    if token := request.session.get("invitation"):
        return redirect("back_office:invitation", token)
    companies = list(Company.objects.filter(members__user=user).order_by("name"))
    if len(companies) == 1:
        return redirect("back_office:dashboard", companies[0].slug)
    return render(request, "back_office/entry/home.html", {"companies": companies})


@login_required
def new_company(request: HttpRequest) -> HttpResponse:
    """Found a company: the first step of its set-up."""
    user = signed_in(request)
    company = Company(language=translation.get_language() or "en", email=user.email)
    form = NewCompanyForm(request.POST or None, instance=company)
    if request.method == "POST" and form.is_valid():
        made = team.found(form.save(commit=False), by=user)
        return redirect("back_office:setup_provider", made.slug)
    context = {"form": form, "now": timezone.now()}
    return render(
        request,
        "back_office/entry/new_company.html",
        context,
        status=422 if form.errors else 200,
    )


@login_required
def address(request: HttpRequest) -> HttpResponse:
    """Answer somebody who is typing: an address made from the name, and whether it is free."""
    typed = request.GET.get("slug", "").strip()
    name = request.GET.get("name", "").strip()
    slug = typed or (operations.free_slug(name) if name else "")
    form = NewCompanyForm({"slug": slug, "name": name or slug})
    form.is_valid()
    context = {"form": form, "checked": bool(slug)}
    return render(request, "back_office/entry/_address.html", context)
