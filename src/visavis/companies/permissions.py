"""What a member of a company may do, and which role may do it.

A role is a named set of permissions. Pages and operations ask for a permission,
never for a role, so that a new role is one more row in the table below.
"""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """One thing a member may be allowed to do in the back office."""

    VIEW_CALENDAR = "view_calendar"
    VIEW_OWN_CALENDAR = "view_own_calendar"
    MANAGE_BOOKINGS = "manage_bookings"
    MANAGE_OWN_BOOKINGS = "manage_own_bookings"
    VIEW_CLIENTS = "view_clients"
    MANAGE_CLIENTS = "manage_clients"
    VIEW_REPORTS = "view_reports"
    MANAGE_CATALOG = "manage_catalog"
    MANAGE_OWN_HOURS = "manage_own_hours"
    MANAGE_FEATURES = "manage_features"
    MANAGE_CONNECTIONS = "manage_connections"
    MANAGE_NOTIFICATIONS = "manage_notifications"
    MANAGE_COMPANY = "manage_company"
    MANAGE_MEMBERS = "manage_members"


class Role(TextChoices):
    """The roles a member can be given, most powerful first."""

    OWNER = "owner", _("Owner")
    ADMINISTRATOR = "administrator", _("Administrator")
    SCHEDULING_ADMINISTRATOR = "scheduling_administrator", _("Scheduling administrator")
    RECEPTIONIST = "receptionist", _("Receptionist")
    PROVIDER = "provider", _("Provider")
    VIEWER = "viewer", _("Viewer")


_VIEWER = {Permission.VIEW_CALENDAR, Permission.VIEW_OWN_CALENDAR, Permission.VIEW_REPORTS}
_PROVIDER = {
    Permission.VIEW_OWN_CALENDAR,
    Permission.MANAGE_OWN_BOOKINGS,
    Permission.MANAGE_OWN_HOURS,
}
_RECEPTIONIST = _VIEWER | {
    Permission.MANAGE_BOOKINGS,
    Permission.MANAGE_OWN_BOOKINGS,
    Permission.VIEW_CLIENTS,
    Permission.MANAGE_CLIENTS,
}
_SCHEDULING_ADMINISTRATOR = (
    _RECEPTIONIST
    | _PROVIDER
    | {
        Permission.MANAGE_CATALOG,
        Permission.MANAGE_FEATURES,
        Permission.MANAGE_CONNECTIONS,
        Permission.MANAGE_NOTIFICATIONS,
    }
)

PERMISSIONS_OF: dict[str, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.ADMINISTRATOR: frozenset(Permission),
    Role.SCHEDULING_ADMINISTRATOR: frozenset(_SCHEDULING_ADMINISTRATOR),
    Role.RECEPTIONIST: frozenset(_RECEPTIONIST),
    Role.PROVIDER: frozenset(_PROVIDER),
    Role.VIEWER: frozenset(_VIEWER),
}
