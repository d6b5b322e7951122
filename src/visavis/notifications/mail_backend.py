"""Django's mail goes into the outbox like every other message: no web request waits for SMTP."""

from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone, translation

from visavis.companies.models import new_token
from visavis.notifications.models import Audience, Event, Message


class OutboxBackend(BaseEmailBackend):
    """Turn each e-mail that a library sends into a message row."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        now = timezone.now()
        rows = [
            Message(
                about=Message.About.ACCOUNT,
                key=f"account:{new_token()}",
                event=Event.ACCOUNT,
                audience=Audience.STAFF,
                recipient=address,
                language=translation.get_language() or "en",
                due_at=now,
                created_at=now,
                subject=str(mail.subject),
                text=str(mail.body),
                html=_html_of(mail),
            )
            for mail in email_messages
            for address in mail.recipients()
        ]
        Message.objects.bulk_create(rows)
        return len(email_messages)


def _html_of(mail: EmailMessage) -> str:
    if not isinstance(mail, EmailMultiAlternatives):
        return ""
    return next((str(body) for body, kind in mail.alternatives if kind == "text/html"), "")
