"""Twilio's REST API for texts (the Messages resource of version 2010-04-01).

https://www.twilio.com/docs/messaging/api/message-resource and, for the codes of refusals,
https://www.twilio.com/docs/api/errors. Twilio says that it adds codes, so that the status of
the answer decides wherever a code is not known.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2

from visavis.gateways.sms import Accepted, Misconfigured, OptedOut, Permanent, Sms, Temporary
from visavis.gateways.sms.exchange import LONGEST_LINE, Answer, exchange

API = "https://api.twilio.com"
# A Messaging Service, which chooses among its senders, is named by its SID.
SERVICE = "MG"

OPTED_OUT = 21610
# Too many at once: requests, the queue of a sender, an account's day.
LATER = frozenset({20429, 14107, 21611, 30001, 63038})
# About us: credentials, account, and the sender.
OURS = frozenset(
    {20003, 20005, 20006, 20404, 90010, 21212, 21603, 21606, 21659, 21660, 21661, 21701, 21703}
    | {21705, 21267, 21608}
)
LOOKED_AT = 20
CLOCKS_DIFFER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class TwilioGateway:
    """An account at Twilio and the sender it uses.

    `sender` is a number in E.164 form, a name of up to eleven letters and digits where a
    country allows that, or the SID of a Messaging Service. There is no key by which Twilio
    would recognise a repeat; so before a repetition its list of texts is read.
    """

    account_sid: str
    token: str = field(repr=False)
    sender: str
    http: httpx2.Client
    api_url: str = API

    def send(self, sms: Sms) -> Accepted:
        """Hand a text over. Raises Temporary, Permanent, OptedOut or Misconfigured."""
        if sms.tried_since is not None and (earlier := self._earlier(sms)):
            return Accepted(f"{earlier} (found at Twilio; not sent twice)")
        from_ = "MessagingServiceSid" if self.sender.startswith(SERVICE) else "From"
        data = {"To": sms.to, from_: self.sender, "Body": sms.text}
        made = _understood(self._ask("POST", data=data))
        return Accepted(f"{made.get('status', 'accepted')} {made.get('sid', '')}".strip())

    def _earlier(self, sms: Sms) -> str:
        """Return the SID of the same text to the same number, if Twilio has it already."""
        assert sms.tried_since is not None
        params = {"To": sms.to, "PageSize": LOOKED_AT}
        listed = _understood(self._ask("GET", params=params)).get("messages", [])
        for one in listed:
            made = _moment(one.get("date_created"))
            recent = made is not None and made >= sms.tried_since - CLOCKS_DIFFER
            # An account on trial puts a sentence of its own in front.
            if recent and str(one.get("body", "")).endswith(sms.text):
                return str(one.get("sid", ""))
        return ""

    def _ask(self, method: str, **content: Any) -> Answer:
        url = f"{self.api_url}/2010-04-01/Accounts/{self.account_sid}/Messages.json"
        return exchange(self.http, method, url, auth=(self.account_sid, self.token), **content)


def _understood(answer: Answer) -> dict[str, Any]:
    """Return the body of an answer that is no refusal. Raises SmsError."""
    body = _json(answer.text)
    if answer.taken and body is not None:
        return body
    if body is None:
        # Something in front of Twilio answered: nobody refused anything.
        raise Temporary(answer.line)
    code = body.get("code")
    line = f"{code} {body.get('message', '')}"[:LONGEST_LINE]
    if code == OPTED_OUT:
        raise OptedOut(line)
    if code in LATER or answer.status == 429 or answer.status >= 500:
        raise Temporary(line)
    if code in OURS or answer.status in (401, 403, 404):
        raise Misconfigured(line)
    raise Permanent(line)


def _json(text: str) -> dict[str, Any] | None:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _moment(text: object) -> datetime | None:
    try:
        return parsedate_to_datetime(str(text))
    except ValueError:
        return None
