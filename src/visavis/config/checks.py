"""What an installation must not go into production with. Each line says what to set."""

from base64 import b64decode
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.conf import settings
from django.core.checks import Error, register

from visavis.gateways.mail.relays import RELAYS

SHORTEST_SECRET = 40
SHORTEST_WEBHOOK_PASSWORD = 20
LIBRARIES = ("htmx.org", "@event-calendar/build", "lucide-static")


@register("visavis")
def safe_settings(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[Error]:
    """Return an error for each unsafe setting; none in development."""
    if settings.DEVELOPMENT:
        return []
    problems = [
        ("VISAVIS_SECRET_KEY", len(settings.SECRET_KEY) < SHORTEST_SECRET,
         f"must be at least {SHORTEST_SECRET} random characters"),
        ("VISAVIS_BASE_URL", not _is_safe_address(settings.BASE_URL),
         "must be the https:// address under which people reach this installation"),
        ("VISAVIS_DEBUG", settings.DEBUG, "must not be on in production"),
        ("VISAVIS_SMTP_URL", not settings.EMAIL_HOST,
         "must name the mail server: smtps://user:password@host or smtp+tls://…"),
        ("VISAVIS_SMTP_URL", _is_plain_and_remote(),
         "would send passwords and mail in the clear: use smtps:// or smtp+tls://"),
        ("VISAVIS_MAIL_FROM", "@" not in settings.DEFAULT_FROM_EMAIL,
         "must be the address that mail comes from"),
        ("VISAVIS_ZOOM_ACCOUNT_COMPANY",
         bool(settings.ZOOM_ACCOUNT_ID) and not settings.ZOOM_ACCOUNT_COMPANY,
         "must name the one company that VISAVIS_ZOOM_ACCOUNT_ID is for: nobody is asked there"),
        ("VISAVIS_ZOOM_OAUTH_URL", not _is_safe_address(settings.ZOOM_OAUTH_URL),
         "must be an https:// address"),
        ("VISAVIS_ZOOM_API_URL", not _is_safe_address(settings.ZOOM_API_URL),
         "must be an https:// address"),
        ("VISAVIS_TWILIO_API_URL", not _is_safe_address(settings.TWILIO_API_URL),
         "must be an https:// address"),
    ]  # fmt: skip
    return _errors(problems, first=1)


@register("visavis")
def browser_libraries(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[Error]:
    """Return an error when pages could not be drawn, in development too."""
    if all((settings.NODE_MODULES / name).is_dir() for name in LIBRARIES):
        return []
    what = (
        f"The browser libraries are not in {settings.NODE_MODULES}: run `npm ci --omit=dev` in the"
        " checkout, or set VISAVIS_NODE_MODULES to where they are."
    )
    return [Error(what, id="visavis.E100")]


@register("visavis")
def mail_relay(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[Error]:
    """Return an error when nothing the relay tells could be heard or believed."""
    relay, key = settings.MAIL_RELAY, settings.MAIL_WEBHOOK_KEY
    if not relay:
        return []
    user, _colon, password = settings.MAIL_WEBHOOK_SECRET.partition(":")
    problems = [
        ("VISAVIS_MAIL_RELAY", relay not in RELAYS, f"must be one of {', '.join(RELAYS)}"),
        ("VISAVIS_MAIL_RELAY", find_spec("anymail") is None,
         "needs the package django-anymail: install visavis[bounces]"),
        ("VISAVIS_MAIL_WEBHOOK_SECRET", not user or len(password) < SHORTEST_WEBHOOK_PASSWORD,
         f"must be name:password, with {SHORTEST_WEBHOOK_PASSWORD} random characters or more"),
        ("VISAVIS_MAIL_WEBHOOK_KEY", relay == "mailgun" and not key,
         "must be Mailgun's HTTP webhook signing key"),
        ("VISAVIS_MAIL_WEBHOOK_KEY", relay == "sendgrid" and bool(key) and not _is_public_key(key),
         "must be the verification key that SendGrid shows, or nothing"),
    ]  # fmt: skip
    return _errors(problems, first=201)


def _errors(problems: Iterable[tuple[str, bool, str]], *, first: int) -> list[Error]:
    """Return what is wrong; each problem keeps its number, whatever else is wrong."""
    return [
        Error(f"{name} {what}.", id=f"visavis.E{number:03}")
        for number, (name, wrong, what) in enumerate(problems, start=first)
        if wrong
    ]


def _is_public_key(key: str) -> bool:
    try:
        load_der_public_key(b64decode(key))
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True


def _is_safe_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" and bool(parts.hostname)


def _is_plain_and_remote() -> bool:
    encrypted = settings.EMAIL_USE_SSL or settings.EMAIL_USE_TLS
    local = settings.EMAIL_HOST in {"", "localhost", "127.0.0.1", "::1"}
    return not encrypted and not local
