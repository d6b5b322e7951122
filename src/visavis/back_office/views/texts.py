"""*Email & SMS settings*: which messages are sent, by mail and to phones."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.pages import office_page
from visavis.back_office.views.places import address
from visavis.bookings import replanning
from visavis.catalog.models import Offering
from visavis.companies.models import Company
from visavis.companies.permissions import Permission
from visavis.design.navigation import NavigationItem
from visavis.notifications import editing, sms
from visavis.notifications.editing import Place
from visavis.notifications.models import Audience, Channel, Event, Template
from visavis.notifications.texts import STAFF_EDITABLE, editable, is_editable

PAGE_OF = {Channel.EMAIL: "texts", Channel.SMS: "sms_texts"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One kind of message for one audience; empty where there is no such message."""

    audience: str
    name: str = ""
    url: str = ""
    on: bool = False
    # The languages in which the company wrote its own, and whether one of these lacks the link.
    own: Sequence[str] = ()
    lacks_link: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.MANAGE_NOTIFICATIONS)
def texts(request: OfficeRequest, channel: Channel = Channel.EMAIL) -> HttpResponse:
    company = request.company
    switches = editing.switches(company, channel)
    if request.method == "POST":
        wanted = {key: "-".join(key) in request.POST for key in switches}
        editing.set_switches(company, channel, wanted)
        # Reminders that were off are owed to the bookings ahead too.
        replanning.ask(company)
        messages.success(request, _("Saved."))
        return redirect(f"back_office:{PAGE_OF[channel]}", company.slug)
    table = _Table(company, channel, switches, _own_texts(company, channel), meets_online(company))
    audiences = editable(channel)
    context = {
        "channel": channel,
        "channels": channel_tabs(company, channel),
        "rows": [
            (Event(event).label, [table.cell(event, one) for one in audiences])
            for event in audiences[Audience.CLIENT]
        ],
        "audiences": [Audience(one).label for one in audiences],
        "staff_rows": [
            (Event(event).label, table.cell(event, Audience.STAFF))
            for event in (STAFF_EDITABLE if channel == Channel.EMAIL else ())
        ],
        "sms_off": channel == Channel.SMS and sms.account_of(company) is None,
    }
    return office_page(request, "back_office/texts/texts.html", context, current="texts")


def channel_tabs(company: Company, current: Channel) -> list[NavigationItem]:
    """Return the links between the pages of messages by mail and to phones."""
    icons = {Channel.EMAIL: "mail", Channel.SMS: "smartphone"}
    return [
        NavigationItem(
            str(channel.label),
            reverse(f"back_office:{PAGE_OF[channel]}", args=[company.slug]),
            icon=icons[channel],
            current=channel == current,
        )
        for channel in Channel
    ]


def meets_online(company: Company, offering: Offering | None = None) -> bool:
    """Tell whether bookings for which a text is used may meet online."""
    if offering is not None:
        return offering.online
    return Offering.objects.active().filter(company=company, online=True).exists()


def _own_texts(company: Company, channel: str) -> dict[tuple[str, str], list[Template]]:
    own: dict[tuple[str, str], list[Template]] = defaultdict(list)
    for template in Template.objects.filter(
        company=company, channel=channel, offering=None, provider=None
    ).order_by("language"):
        own[template.event, template.audience].append(template)
    return own


@dataclass(frozen=True, slots=True)
class _Table:
    """What the cells are made from."""

    company: Company
    channel: Channel
    switches: dict[tuple[str, str], bool]
    own: dict[tuple[str, str], list[Template]]
    online: bool

    def cell(self, event: str, audience: str) -> Cell:
        label = str(Audience(audience).label)
        if not is_editable(event, audience, self.channel):
            return Cell(label)
        written = self.own.get((event, audience), [])
        place = Place(
            company=self.company,
            event=event,
            audience=audience,
            language=self.company.language,
            channel=self.channel,
        )
        return Cell(
            audience=label,
            name=f"{event}-{audience}",
            url=address(place),
            # What administrators must mend is told in any case.
            on=self.switches.get((event, audience), True),
            own=[template.language.upper() for template in written],
            lacks_link=self.online
            and any(editing.missing_link(event, audience, template.body) for template in written),
        )
