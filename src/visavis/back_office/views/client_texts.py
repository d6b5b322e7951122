"""Whether a client gets texts: what they said, and what staff write down for them."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from visavis.back_office.access import OfficeRequest, office
from visavis.bookings.models import Client
from visavis.companies.permissions import Permission
from visavis.notifications import sms
from visavis.notifications.models import SmsNumber


@dataclass(frozen=True, slots=True)
class Texting:
    """The number to which a client's texts would go ("" if there is none), and their wish."""

    number: str
    wish: SmsNumber | None

    @property
    def stopped(self) -> bool:
        """Only whoever answered STOP can take that back."""
        return self.wish is not None and self.wish.source == sms.Source.STOP


def texting(client: Client) -> Texting | None:
    """Return how it stands with a client's texts, or None if the company sends none."""
    account = sms.account_of(client.company)
    if account is None:
        return None
    number = sms.number_of(account, client.phone)
    return Texting(number, sms.wish_of(client.company, number))


@office(Permission.MANAGE_CLIENTS)
@require_POST
def client_texts(request: OfficeRequest, pk: int) -> HttpResponse:
    """Write down that a client wants texts, or wants none."""
    client = get_object_or_404(
        Client.objects.select_related("company"), company=request.company, pk=pk
    )
    now_so, wanted = texting(client), "wanted" in request.POST
    if now_so is None or not now_so.number or (wanted and now_so.stopped):
        messages.error(request, _("No texts can be sent to this client."))
    else:
        sms.note_wish(
            request.company,
            now_so.number,
            wanted=wanted,
            source=sms.Source.STAFF,
            now=timezone.now(),
        )
        messages.success(request, _("Saved."))
    return redirect("back_office:client", request.company.slug, client.pk)
