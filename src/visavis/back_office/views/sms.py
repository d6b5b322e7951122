"""*Sending SMS*: the gateway of a company, tried out on a phone of its own."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.forms.sms import SmsAccountForm
from visavis.back_office.pages import office_page
from visavis.companies.permissions import Permission
from visavis.notifications import operations, sms
from visavis.notifications.models import Channel, SmsAccount
from visavis.notifications.rendering import Rendered


class PhoneForm(forms.Form):
    """Where a test goes."""

    phone = forms.CharField(
        label=gettext_lazy("Your phone"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    def number(self, account: SmsAccount) -> str:
        """Return the number, or "" with a message beside the field."""
        number = sms.number_of(account, self.cleaned_data["phone"])
        if not number:
            self.add_error("phone", _("No texts can be sent to this number."))
        return number


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.MANAGE_COMPANY)
def gateway(request: OfficeRequest) -> HttpResponse:
    """Choose the gateway, and what texts may cost."""
    account = SmsAccount.objects.filter(company=request.company).first()
    form = SmsAccountForm(
        request.POST if request.method == "POST" else None,
        instance=account or SmsAccount(company=request.company),
    )
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("back_office:sms_gateway", request.company.slug)
    return _page(request, form, PhoneForm(), status=422 if form.is_bound else 200)


@office(Permission.MANAGE_COMPANY)
@require_POST
def try_gateway(request: OfficeRequest) -> HttpResponse:
    """Send a text to whoever set the gateway up, and show what becomes of it."""
    account, form = sms.account_of(request.company), PhoneForm(request.POST)
    if account is None:
        messages.error(request, _("Choose a gateway first."))
        return redirect("back_office:sms_gateway", request.company.slug)
    number = form.number(account) if form.is_valid() else ""
    if not number:
        return _page(request, SmsAccountForm(instance=account), form, status=422)
    text = _("A test by %(company)s: texts arrive.") % {"company": request.company.name}
    sent = operations.plan_test(
        request.company,
        Rendered("", text, ""),
        channel=Channel.SMS,
        address=number,
        to=str(request.user),
        now=timezone.now(),
    )
    return redirect("back_office:message", request.company.slug, sent.pk)


def _page(
    request: OfficeRequest, form: SmsAccountForm, phone: PhoneForm, *, status: int = 200
) -> HttpResponse:
    account = sms.account_of(request.company)
    context = {
        "form": form,
        "phone": phone,
        "account": account,
        "sent": sms.sent_lately(request.company, now=timezone.now()),
        "most": sms.most_a_day(account) if account else 0,
        "sections": [
            ("via-twilio", [form["account_sid"], form["token"]]),
            ("via-http", [form["url"], form["method"], form["headers"], form["body"],
                          form["success"]]),
            ("via-own", [form["sender"]]),
            ("via-any", [form["abroad"], form["most_parts"], form["most_a_day"]]),
        ],
    }  # fmt: skip
    return office_page(
        request, "back_office/texts/gateway.html", context, current="texts", status=status
    )
