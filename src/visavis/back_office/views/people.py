"""Who is asking, on pages that belong to no company yet."""

from django.http import HttpRequest

from visavis.companies.models import User


def signed_in(request: HttpRequest) -> User:
    """Return the user of a page behind `login_required`."""
    user = request.user
    assert isinstance(user, User)
    return user
