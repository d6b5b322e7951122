"""The front page of the installation: what this is, and where to go."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Welcome whoever comes without a company's address."""
    context = {"sign_up_open": settings.SIGN_UP_OPEN, "office_url": settings.LOGIN_REDIRECT_URL}
    return render(request, "booking_site/home.html", context)
