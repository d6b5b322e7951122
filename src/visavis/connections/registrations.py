"""Which app at Zoom a company uses: its own, or the installation's, with what belongs to it."""

from dataclasses import dataclass, field

from django.conf import settings

from visavis.companies.models import Company
from visavis.connections.encryption import is_unreadable
from visavis.connections.models import Connection, Mode, PlatformApp

PLATFORM = "zoom"


@dataclass(frozen=True, slots=True)
class Registration:
    """An app as it is registered at Zoom.

    `address` is the end of its webhook address, empty for the installation's own. `account_id`
    is given for a Server-to-Server app only.
    """

    mode: Mode
    client_id: str
    client_secret: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    account_id: str = ""
    address: str = ""
    # Whose own app it is; None for the installation's.
    company_id: int | None = None

    @property
    def own(self) -> bool:
        return self.company_id is not None

    @property
    def server(self) -> bool:
        return self.mode == Mode.SERVER

    @property
    def unreadable(self) -> bool:
        return is_unreadable(self.client_secret)

    def made(self, connection: Connection) -> bool:
        """Tell whether a connection's tokens are this app's."""
        same = connection.client_id == self.client_id and connection.mode == self.mode
        return same and (not self.server or connection.account_id == self.account_id)


def own_app(company: Company) -> PlatformApp | None:
    """Return the app that the company's administrators entered, or None."""
    return PlatformApp.objects.filter(company=company, platform=PLATFORM).first()


def registration_of(company: Company) -> Registration | None:
    """Return the app the company uses: its own before the installation's, or None."""
    own = own_app(company)
    return _of(own) if own else installations(company)


def installations(company: Company) -> Registration | None:
    """Return the installation's app, if this company may use it.

    A Server-to-Server app asks nobody's consent, so that the operator names its one company.
    """
    if not (settings.ZOOM_CLIENT_ID and settings.ZOOM_CLIENT_SECRET):
        return None
    if settings.ZOOM_ACCOUNT_ID and company.slug != settings.ZOOM_ACCOUNT_COMPANY:
        return None
    return _from_settings()


def at_address(address: str) -> Registration | None:
    """Return the app whose events come to a webhook address, or None."""
    if not address:
        return _from_settings()
    own = PlatformApp.objects.filter(platform=PLATFORM, address=address).first()
    return _of(own) if own else None


def _from_settings() -> Registration:
    return Registration(
        mode=Mode.SERVER if settings.ZOOM_ACCOUNT_ID else Mode.OAUTH,
        client_id=settings.ZOOM_CLIENT_ID,
        client_secret=settings.ZOOM_CLIENT_SECRET,
        webhook_secret=settings.ZOOM_WEBHOOK_SECRET,
        account_id=settings.ZOOM_ACCOUNT_ID,
    )


def _of(own: PlatformApp) -> Registration:
    return Registration(
        mode=Mode(own.mode),
        client_id=own.client_id,
        client_secret=own.client_secret,
        webhook_secret=own.webhook_secret,
        account_id=own.account_id,
        address=own.address,
        company_id=own.company_id,
    )
