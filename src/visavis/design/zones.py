"""What a time zone is called beside a time: "Paris time (UTC+1)"."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, gettext_noop

# Whole phrases, because in other languages the city's name and the words before it change.
_PHRASES = {
    "UTC": gettext_noop("Universal time"),
    "Africa/Algiers": gettext_noop("Algiers time"),
    "Africa/Cairo": gettext_noop("Cairo time"),
    "Africa/Tunis": gettext_noop("Tunis time"),
    "America/Guadeloupe": gettext_noop("Guadeloupe time"),
    "America/Martinique": gettext_noop("Martinique time"),
    "America/Mexico_City": gettext_noop("Mexico City time"),
    "America/Montreal": gettext_noop("Montreal time"),
    "America/New_York": gettext_noop("New York time"),
    "America/Sao_Paulo": gettext_noop("São Paulo time"),
    "Asia/Beirut": gettext_noop("Beirut time"),
    "Asia/Dubai": gettext_noop("Dubai time"),
    "Asia/Singapore": gettext_noop("Singapore time"),
    "Europe/Amsterdam": gettext_noop("Amsterdam time"),
    "Europe/Athens": gettext_noop("Athens time"),
    "Europe/Brussels": gettext_noop("Brussels time"),
    "Europe/Bucharest": gettext_noop("Bucharest time"),
    "Europe/Copenhagen": gettext_noop("Copenhagen time"),
    "Europe/Dublin": gettext_noop("Dublin time"),
    "Europe/Lisbon": gettext_noop("Lisbon time"),
    "Europe/London": gettext_noop("London time"),
    "Europe/Luxembourg": gettext_noop("Luxembourg time"),
    "Europe/Moscow": gettext_noop("Moscow time"),
    "Europe/Oslo": gettext_noop("Oslo time"),
    "Europe/Paris": gettext_noop("Paris time"),
    "Europe/Rome": gettext_noop("Rome time"),
    "Europe/Vienna": gettext_noop("Vienna time"),
    "Europe/Warsaw": gettext_noop("Warsaw time"),
    "Indian/Reunion": gettext_noop("Réunion time"),
}


def zone_label(zone: str, at: datetime) -> str:
    """Return the zone's name with its offset at that moment, as "Paris time (UTC+1)"."""
    return f"{zone_phrase(zone)} ({offset_label(zone, at)})"


def zone_phrase(zone: str) -> str:
    """Return "Paris time" for Europe/Paris, in the language of the page."""
    if zone in _PHRASES:
        return gettext(_PHRASES[zone])
    return gettext("%(city)s time") % {"city": city_of(zone)}


def city_of(zone: str) -> str:
    """Return the city an IANA zone is named after."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def offset_label(zone: str, at: datetime) -> str:
    """Return the offset at that moment as "UTC", "UTC+1" or "UTC−3:30"."""
    minutes = (at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()) // timedelta(minutes=1)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}{f':{rest:02}' if rest else ''}"
