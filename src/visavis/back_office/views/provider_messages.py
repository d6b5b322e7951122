"""Which mails a provider gets: chosen by themselves, or by whoever manages providers."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from visavis.back_office.access import OfficeRequest
from visavis.back_office.forms.providers import MailsForm
from visavis.back_office.views.hours import hours_page
from visavis.back_office.whose import MAILS, Whose
from visavis.bookings import replanning
from visavis.notifications import editing
from visavis.notifications.models import Audience, Channel, Event
from visavis.notifications.muting import CHOOSABLE, muted


def mails(request: OfficeRequest, whose: Whose) -> HttpResponse:
    """Choose which kinds of message about bookings a provider is mailed."""
    provider = whose.hours.provider
    assert provider is not None
    wanted = [event for event in CHOOSABLE if event not in muted(provider.pk)]
    form = MailsForm(request.POST if request.method == "POST" else None, initial={"wanted": wanted})
    if form.is_valid():
        replanning.set_mails(provider, wanted=form.cleaned_data["wanted"])
        messages.success(request, _("Saved. It holds for the bookings ahead too."))
        return redirect(whose.url(MAILS))
    switches = editing.switches(request.company, Channel.EMAIL)
    context = {
        "form": form,
        "off": [
            Event(event).label for event in CHOOSABLE if not switches[event, Audience.PROVIDER]
        ],
    }
    return hours_page(request, whose, MAILS, context, rejected=form.is_bound)
