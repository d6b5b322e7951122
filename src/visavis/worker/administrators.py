"""Those in a company who can mend a connection, and where they do it."""

from django.conf import settings
from django.urls import reverse

from visavis.companies.models import Company, Member
from visavis.companies.permissions import PERMISSIONS_OF, Permission
from visavis.notifications.models import Audience
from visavis.notifications.operations import Recipient


def administrators(company: Company) -> list[Recipient]:
    """Return the members who can mend a connection, each once."""
    roles = [role for role, may in PERMISSIONS_OF.items() if Permission.MANAGE_CONNECTIONS in may]
    members = Member.objects.filter(company=company, role__in=roles).select_related("user")
    return [
        Recipient(
            address=member.user.email,
            name=str(member.user),
            audience=Audience.STAFF,
            language=member.user.language,
            time_zone=company.time_zone,
        )
        for member in members
    ]


def settings_page(company: Company) -> str:
    """Return the address of the page on which connections and hosts are looked after."""
    return settings.BASE_URL + reverse("back_office:online_meetings", args=[company.slug])
