"""The mail server of this installation, and the address that its mail comes from."""

from email.utils import parseaddr

from django.conf import settings

from visavis.gateways.mail.smtp import SmtpSender


def sender() -> SmtpSender:
    """Return the mail server, as the settings have it."""
    return SmtpSender(
        settings.EMAIL_HOST,
        settings.EMAIL_PORT,
        user=settings.EMAIL_HOST_USER,
        password=settings.EMAIL_HOST_PASSWORD,
        tls="tls" if settings.EMAIL_USE_SSL else "starttls" if settings.EMAIL_USE_TLS else "none",
        timeout=settings.EMAIL_TIMEOUT,
    )


def own_address() -> str:
    """Return the address that mail comes from, where bounces go too."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
