"""The team: inviting people and giving them roles."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from visavis.companies.models import Member
from visavis.companies.permissions import Role

ROLE_NOTES: dict[str, Promise] = {
    Role.OWNER: _("Everything, and the only ones who make other owners."),
    Role.ADMINISTRATOR: _("Everything, company settings and team included."),
    Role.SCHEDULING_ADMINISTRATOR: _(
        "Bookings, clients, services, features, online meetings and texts, but neither company "
        "settings nor the team."
    ),
    Role.RECEPTIONIST: _("All calendars, bookings, clients and reports."),
    Role.PROVIDER: _("Their own calendar, bookings and hours."),
    Role.VIEWER: _("Look at all calendars and reports, change nothing."),
}


def roles_for(member: Member) -> list[tuple[str, Promise | str]]:
    """Return the roles that a member may give: only owners make owners."""
    return [
        (value, label)
        for value, label in Role.choices
        if value != Role.OWNER or member.role == Role.OWNER
    ]


class RoleForm(forms.Form):
    """Which role somebody has."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (value, format_html('{}<span class="hint">{}</span>', label, ROLE_NOTES[value]))
            for value, label in roles_for(by)
        ]


class InviteForm(RoleForm):
    """Whom to invite, and as what."""

    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    field_order = ("email", "role")
