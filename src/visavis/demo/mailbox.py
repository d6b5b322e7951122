"""The mail that the demo's SMTP sink received, as the files it wrote."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Mail:
    """One message as its receiver would see it."""

    name: str
    sender: str
    to: str
    subject: str
    date: datetime
    text: str
    html: str
    files: tuple[str, ...]


def all_mail() -> list[Mail]:
    """Return the newest messages, newest first."""
    folder = Path(settings.MAILBOX_DIRECTORY or "/nonexistent")
    files = sorted(folder.glob("*.eml"), reverse=True)[:SHOWN]
    return [_read(file) for file in files]


def one_mail(name: str) -> Mail | None:
    """Return the message kept under this name, or None."""
    file = Path(settings.MAILBOX_DIRECTORY or "/nonexistent") / f"{Path(name).name}.eml"
    return _read(file) if file.is_file() else None


def _read(file: Path) -> Mail:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return Mail(
        name=file.stem,
        sender=str(message["From"]),
        to=str(message["To"]),
        subject=str(message["Subject"]),
        date=parsedate_to_datetime(str(message["Date"])),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        files=tuple(part.get_filename() or "" for part in message.iter_attachments()),
    )


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return str(body.get_content()) if body is not None else ""
