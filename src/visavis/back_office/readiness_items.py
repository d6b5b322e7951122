"""What the readiness list says of each thing that is missing, and where a member cures it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from django.urls import resolve, reverse
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from visavis.back_office.cures import may_open
from visavis.back_office.views.offerings import page_of
from visavis.back_office.views.places import address
from visavis.bookings.faulty import Ahead
from visavis.catalog.models import Offering
from visavis.companies.models import Member
from visavis.companies.permissions import PERMISSIONS_OF, Permission
from visavis.design.moments import short_moment
from visavis.meetings import preflight, readiness
from visavis.meetings.faults import explanation
from visavis.meetings.readiness import Gap
from visavis.notifications.editing import Place
from visavis.notifications.models import Audience, Template

MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do, and where. Without a `url` the member may not: `ask` says whom to ask.

    With a mere `notice` meetings take place all the same. `key` is the same for the same thing
    at several offerings.
    """

    key: tuple[str, int]
    text: str
    url: str = ""
    action: str = ""
    ask: str = ""
    notice: bool = False
    # Found on meetings ahead, whose set-up may lack nothing.
    ahead: bool = False


# Each gap: its words, the page of the cure, and what is done there.
_GAPS: Mapping[str, tuple[Promise, str, Promise]] = {
    readiness.FEATURE_OFF: (
        gettext_lazy("Online video meetings are switched off."),
        "features",
        gettext_lazy("Custom features"),
    ),
    readiness.NOT_CONNECTED: (
        gettext_lazy("No Zoom account is connected."),
        "online_meetings",
        gettext_lazy("Connect Zoom"),
    ),
    readiness.ATTENTION: (
        gettext_lazy("The connection to Zoom needs attention."),
        "online_meetings",
        gettext_lazy("See what to do"),
    ),
    readiness.SCOPES: (
        gettext_lazy("The Zoom app lacks permissions: %(detail)s."),
        "zoom_setup",
        gettext_lazy("Set up the Zoom app"),
    ),
    readiness.NO_PROVIDERS: (
        gettext_lazy("Nobody offers it."),
        "",
        gettext_lazy("Choose providers"),
    ),
    readiness.NOT_MAPPED: (
        gettext_lazy("%(name)s: no platform is chosen."),
        "meeting_providers",
        gettext_lazy("Choose one"),
    ),
    readiness.NOT_SHARED: (
        gettext_lazy("%(name)s: the chosen Zoom user cannot be host, since access is not shared."),
        "online_meetings",
        gettext_lazy("See what to do"),
    ),
    readiness.HOST_GONE: (
        gettext_lazy("%(name)s: the chosen Zoom user is no longer on the account."),
        "meeting_providers",
        gettext_lazy("Choose another"),
    ),
    readiness.HOST_NOT_ALLOWED: (
        gettext_lazy("%(name)s: the chosen Zoom user has no licence for meetings in Zoom."),
        "meeting_providers",
        gettext_lazy("Choose another"),
    ),
    readiness.BASIC_HOST: (
        gettext_lazy(
            "%(name)s: the Zoom user has a Basic plan, so that Zoom ends the meeting after 40 "
            "minutes."
        ),
        "meeting_providers",
        gettext_lazy("Choose another"),
    ),
}


class Cures:
    """Makes items for one member: a link where they may mend it, else whom to ask."""

    def __init__(self, member: Member) -> None:
        self.member = member
        self.slug = member.company.slug

    def of_gap(self, gap: Gap, offering: Offering) -> Item:
        """Return what the set-up lacks."""
        words, name_of_page, action = _GAPS[gap.kind]
        whose = 0 if gap.of_company else offering.pk
        anchor = "#providers" if name_of_page == "meeting_providers" else ""
        name = gap.provider.name if gap.provider else ""
        return self._item(
            (gap.kind, gap.provider.pk if gap.provider else whose),
            str(words) % {"name": name, "detail": gap.detail},
            self._page(name_of_page) + anchor if name_of_page else page(offering),
            str(action),
            notice=gap.notice,
        )

    def of_text(self, text: Template) -> Item:
        """Return that a confirmation does not tell how to join."""
        place = Place(
            company=self.member.company,
            event=text.event,
            audience=text.audience,
            language=text.language,
            offering=text.offering,
            provider=text.provider,
        )
        words = (
            _("The confirmation for clients (%(language)s) does not contain their link.")
            if text.audience == Audience.CLIENT
            else _("The confirmation for the provider (%(language)s) does not contain their link.")
        )
        said = words % {"language": text.language.upper()}
        return self._item(("text", text.pk), said, address(place), _("Change the text"))

    def of_meetings(self, ahead: Ahead, offering: Offering) -> Item:
        """Return what was found on meetings ahead."""
        words = ngettext(
            "%(count)d meeting ahead, on %(first)s: %(why)s",
            "%(count)d meetings ahead, the first on %(first)s: %(why)s",
            ahead.count,
        ) % {
            "count": ahead.count,
            "first": short_moment(ahead.first, self.member.company.time_zone),
            "why": preflight.Notice(ahead.word).label if ahead.notice else explanation(ahead.word),
        }
        report = self._page("meeting_report")
        return self._item(
            (ahead.word, offering.pk),
            words,
            report if ahead.notice else f"{report}?state=failed",
            _("Open the report"),
            notice=ahead.notice,
            ahead=True,
        )

    def _item(
        self,
        key: tuple[str, int],
        text: str,
        url: str,
        action: str,
        *,
        notice: bool = False,
        ahead: bool = False,
    ) -> Item:
        if may_open(self.member, urlsplit(url).path):
            return Item(key, text, url, action, notice=notice, ahead=ahead)
        return Item(key, text, ask=self._whom(url), notice=notice, ahead=ahead)

    def _whom(self, url: str) -> str:
        path = urlsplit(url).path
        needed: tuple[Permission, ...] = resolve(path).func.permissions  # type: ignore[attr-defined]
        names = [
            name for name, role in self._team if any(one in PERMISSIONS_OF[role] for one in needed)
        ]
        return str(get_text_list(names[:MOST_NAMES], _("or")))

    def _page(self, name: str) -> str:
        return reverse(f"back_office:{name}", args=[self.slug])

    @cached_property
    def _team(self) -> list[tuple[str, str]]:
        """Return names and roles, those who may do most first."""
        members = Member.objects.filter(company=self.member.company).select_related("user")
        found = [(str(one.user), one.role) for one in members.order_by("user__name", "pk")]
        return sorted(found, key=lambda one: -len(PERMISSIONS_OF[one[1]]))


def page(offering: Offering) -> str:
    """Return the page of a service or class."""
    return reverse(f"back_office:{page_of(offering)}", args=[offering.company.slug, offering.pk])
