"""Texts to phones: by which gateway a company sends them, to whom, and who wants them."""

import json
from datetime import datetime, timedelta
from functools import cache
from typing import cast

import httpx2
from django.conf import settings
from django.db.models import QuerySet

from visavis.companies import phones
from visavis.companies.models import Company
from visavis.database.prepared import prepared_rules
from visavis.gateways.sms import SmsGateway
from visavis.gateways.sms.exchange import http_client
from visavis.gateways.sms.http import HttpGateway, Method
from visavis.notifications.models import Channel, Message, SmsAccount, SmsNumber

Source = SmsNumber.Source
DAY = timedelta(days=1)


def account_of(company: Company) -> SmsAccount | None:
    """Return how a company sends texts, or None if it sends none."""
    # The account itself is not remembered: it holds a secret.
    if not _accounts(company=company.pk):
        return None
    account = SmsAccount.objects.filter(company=company).first()
    if account is None:
        return None
    missing = account.via == SmsAccount.Via.INSTALLATION and not installation_has_one()
    return None if missing else account


@prepared_rules
def _accounts(company: int) -> QuerySet[SmsAccount, tuple[int]]:
    accounts = SmsAccount.objects.filter(company=company).exclude(via=SmsAccount.Via.NONE)
    return accounts.values_list("pk")


def installation_has_one() -> bool:
    """Return whether the operator set a gateway up that companies may use."""
    return bool(settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKEN and settings.TWILIO_FROM)


@cache
def http() -> httpx2.Client:
    """Return this process's connections to gateways, kept open between texts."""
    return http_client()


def gateway_of(account: SmsAccount) -> SmsGateway:
    """Return the gateway behind an account."""
    match account.via:
        case SmsAccount.Via.INSTALLATION:
            return _twilio(
                settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, settings.TWILIO_FROM
            )
        case SmsAccount.Via.TWILIO:
            return _twilio(account.account_sid, account.token, account.sender)
        case _:
            return HttpGateway(
                url=account.url,
                http=http(),
                method=cast("Method", account.method),
                headers=json.loads(account.headers or "{}"),
                body=account.body,
                success=account.success,
                sender=account.sender,
                inside=settings.SMS_PRIVATE_ADDRESSES,
            )


def _twilio(account_sid: str, token: str, sender: str) -> SmsGateway:
    # Only here: the library takes half a second and 10 MB, and web processes send no texts.
    from visavis.gateways.sms.twilio import TwilioGateway

    return TwilioGateway(account_sid, token, sender, http(), settings.TWILIO_API_URL)


def most_a_day(account: SmsAccount) -> int:
    """Return how many texts a company may send in 24 hours: its own limit, or the operator's."""
    return min(account.most_a_day, settings.SMS_DAY_LIMIT)


def sent_lately(company: Company, *, now: datetime) -> int:
    """Return how many texts left in the last 24 hours."""
    return Message.objects.filter(
        company=company,
        channel=Channel.SMS,
        status=Message.Status.SENT,
        sent_at__gt=now - DAY,
    ).count()


def number_of(account: SmsAccount, phone: str) -> str:
    """Return the number to which texts for this phone go, or "" if they cannot."""
    return phones.mobile(phone, account.company, abroad=account.abroad) or ""


def wish_of(company: Company, number: str) -> SmsNumber | None:
    """Return what is known about whether somebody wants texts. None: they were not asked."""
    return SmsNumber.objects.filter(company=company, number=number).first() if number else None


def wanted(company: Company, number: str) -> bool:
    """Return whether somebody said that they want texts."""
    wish = wish_of(company, number)
    return wish is not None and wish.wanted


def note_wish(
    company: Company, number: str, *, wanted: bool, source: SmsNumber.Source, now: datetime
) -> None:
    """Write down whether whoever has this number wants texts."""
    SmsNumber.objects.update_or_create(
        company=company,
        number=number,
        defaults={"wanted": wanted, "source": source, "since": now},
    )
