"""What stands around every page of *Online video meetings*: its tabs, and whether it is on."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from visavis.back_office.access import OfficeRequest
from visavis.back_office.pages import office_page
from visavis.companies import features
from visavis.design.navigation import NavigationItem


def meetings_page(
    request: OfficeRequest,
    tab: str,
    context: dict[str, Any],
    *,
    template: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render a page below a tab; its template is named like the tab if not otherwise."""
    shell = {
        "tabs": _tabs(request.company.slug, tab),
        "feature_on": features.enabled(request.company, features.ONLINE_MEETINGS),
        "feature_key": features.ONLINE_MEETINGS,
    }
    return office_page(
        request,
        f"back_office/meetings/{template or tab}.html",
        shell | context,
        current="features",
        status=status,
    )


def _tabs(company: str, current: str) -> list[NavigationItem]:
    tabs = (
        ("platforms", "online_meetings", _("Platforms")),
        ("providers", "meeting_providers", _("Meeting providers and meeting services")),
        ("rules", "meeting_rules", _("How meetings start")),
    )
    return [
        NavigationItem(
            label, reverse(f"back_office:{name}", args=[company]), current=tab == current
        )
        for tab, name, label in tabs
    ]
