"""What the relay tells of mail that left: whether it arrived, came back or was not wanted.

What it tells comes more than once and in any order. Of one mail the worst is kept, so that
neither matters.
"""

from datetime import datetime

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import Q
from django.db.models.functions import Lower

from visavis.companies.models import Company
from visavis.gateways.mail.relays import header_for
from visavis.notifications.models import Channel, Fate, Message

LONGEST_WORDS = 300
_WEIGHTS = list(Fate)
# Signed, so that nothing counts that another installation told the same relay.
_SIGNER = Signer(salt="mail")


def header_of(message: Message) -> tuple[str, str] | None:
    """Return the header by which the relay knows a message, or None if there is no such relay."""
    return header_for(settings.MAIL_RELAY, _SIGNER.sign(str(message.pk)))


def note(reference: str, fate: Fate, *, words: str, now: datetime) -> Message | None:
    """Write down what became of a message, and what was said about it; return it if that is news.

    None if we sent nothing under this reference, or know as bad or worse already.
    """
    try:
        pk = int(_SIGNER.unsign(reference))
    except (BadSignature, ValueError):
        return None
    better = _WEIGHTS[: _WEIGHTS.index(fate)]
    news = Message.objects.filter(Q(fate=None) | Q(fate__in=better), pk=pk).update(
        fate=fate, fate_at=now, fate_words=_one_line(words)
    )
    return Message.objects.select_related("company").get(pk=pk) if news else None


def coming_back(company: Company, address: str) -> Message | None:
    """Return the company's last mail to an address if it came back, and none arrived since."""
    if not address:
        return None
    told = Message.objects.alias(to=Lower("recipient")).filter(
        company=company, to=address.lower(), channel=Channel.EMAIL, fate__isnull=False
    )
    last = told.order_by("-fate_at", "-pk").first()
    return last if last is not None and last.fate == Fate.RETURNED else None


def _one_line(words: str) -> str:
    printable = "".join(sign if sign.isprintable() else " " for sign in words)
    return " ".join(printable.split())[:LONGEST_WORDS]
