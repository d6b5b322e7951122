"""*Check mail settings*: what the installation sends mail by, and whether that works right now.

One of the few pages that wait for another server: a few seconds for each step, and no longer
than a visitor waits for all of them.
"""

from email.utils import parseaddr
from uuid import uuid4

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from visavis.back_office.access import OfficeRequest, office
from visavis.back_office.pages import office_page
from visavis.companies.permissions import Permission
from visavis.gateways.mail.compose import Mailbox, compose
from visavis.gateways.mail.examine import Finding, Step, Trouble, examine
from visavis.notifications.mail_server import own_address, sender

STEP_SECONDS, ALL_SECONDS = 5.0, 12.0
STEPS: dict[Step, Promise] = {
    Step.RESOLVE: gettext_lazy("Find the server"),
    Step.CONNECT: gettext_lazy("Connect"),
    Step.GREET: gettext_lazy("Greet the mail server"),
    Step.ENCRYPT: gettext_lazy("Encrypt the connection"),
    Step.SIGN_IN: gettext_lazy("Sign in"),
    Step.HAND_OVER: gettext_lazy("Hand the message over"),
}
ADVICE: dict[Trouble, Promise] = {
    Trouble.UNKNOWN_HOST: gettext_lazy("No server has this name. Is it spelt right?"),
    Trouble.NOBODY_LISTENS: gettext_lazy(
        "Nobody listens at this port. Mail servers use 587 (smtp+tls://) or 465 (smtps://)."
    ),
    Trouble.SILENCE: gettext_lazy(
        "The server does not answer in time. A firewall may be in between, or the port wants "
        "another encryption: 465 goes with smtps://, 587 with smtp+tls://."
    ),
    Trouble.NOT_ENCRYPTED: gettext_lazy(
        "The server does not speak TLS from the start at this port. Try smtp+tls:// (port 587)."
    ),
    Trouble.NO_STARTTLS: gettext_lazy(
        "The server offers no encryption at this port. Try smtps:// (port 465)."
    ),
    Trouble.CERTIFICATE: gettext_lazy(
        "The server's certificate is not trusted, or belongs to another name. Use the name that "
        "stands in the certificate."
    ),
    Trouble.NO_SIGN_IN: gettext_lazy(
        "Nobody can sign in at this port without encryption. Use smtps:// or smtp+tls://."
    ),
    Trouble.PASSWORD: gettext_lazy(
        "The server refuses user name and password. Some providers want a password for "
        "applications, made in your account there."
    ),
    Trouble.REFUSED: gettext_lazy(
        "The server refuses the message; its own words say why. Mostly it does not let us send "
        "from this address."
    ),
    Trouble.BROKEN: gettext_lazy("The connection broke. Try again in a minute."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@office(Permission.MANAGE_NOTIFICATIONS)
def mail_check(request: OfficeRequest) -> HttpResponse:
    findings = _examined(request) if request.method == "POST" else []
    rows = [(STEPS[one.step], one, ADVICE[one.trouble] if one.trouble else "") for one in findings]
    context = {
        "host": settings.EMAIL_HOST,
        "port": settings.EMAIL_PORT,
        "encryption": _encryption(),
        "signs_in_as": settings.EMAIL_HOST_USER,
        "own_address": own_address(),
        "findings": rows,
        "delivered": bool(findings) and findings[-1].trouble is None,
    }
    return office_page(request, "back_office/texts/mail_check.html", context, current="texts")


def _examined(request: OfficeRequest) -> list[Finding]:
    """Send whoever asks a message, and return how it went."""
    mail = compose(
        sender=Mailbox(own_address(), request.company.name),
        to=Mailbox(request.user.email, str(request.user)),
        subject=_("Your mail settings work"),
        text=_("This message was sent by “Check mail settings” of %(company)s.")
        % {"company": request.company.name},
        message_id=f"<check-{uuid4().hex}@{parseaddr(own_address())[1].rpartition('@')[2]}>",
        date=timezone.now(),
    )
    line = sender()
    line.timeout, line.longest = STEP_SECONDS, ALL_SECONDS
    return list(examine(line, mail, own_address(), request.user.email))


def _encryption() -> str:
    if settings.EMAIL_USE_SSL:
        return _("from the start (smtps://)")
    return _("STARTTLS (smtp+tls://)") if settings.EMAIL_USE_TLS else _("none (smtp://)")
