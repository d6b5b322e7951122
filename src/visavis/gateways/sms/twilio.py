"""Texts through Twilio's own library (the Messages resource of its REST API).

https://www.twilio.com/docs/messaging/api/message-resource and, for the codes of refusals,
https://www.twilio.com/docs/api/errors. Twilio says that it adds codes, so that the status of
the answer decides wherever a code is not known.
"""

from dataclasses import dataclass, field
from datetime import timedelta

import httpx2
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.rest import Client

from visavis.gateways.sms import (
    Accepted,
    Misconfigured,
    OptedOut,
    Permanent,
    Sms,
    SmsError,
    Temporary,
)
from visavis.gateways.sms.exchange import LONGEST_LINE
from visavis.gateways.sms.twilio_http import API, OurHttp

# A Messaging Service, which chooses among its senders, is named by its SID.
SERVICE = "MG"
# The library looks for what it was not given in the environment: it would send the operator's
# token for a company that has none. It does the same for an empty mapping.
NO_ENVIRONMENT = {"": ""}

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
        try:
            return self._sent(sms, self._client())
        except (TwilioRestException, TwilioServiceException) as refusal:
            raise _understood(refusal) from refusal
        except (TwilioException, ValueError) as error:
            raise Temporary(f"not understood: {error}"[:LONGEST_LINE]) from error

    def _client(self) -> Client:
        http = OurHttp(self.http, self.api_url)
        return Client(self.account_sid, self.token, http_client=http, environment=NO_ENVIRONMENT)

    def _sent(self, sms: Sms, client: Client) -> Accepted:
        if sms.tried_since is not None and (earlier := _earlier(sms, client)):
            return Accepted(f"{earlier} (found at Twilio; not sent twice)")
        from_ = "messaging_service_sid" if self.sender.startswith(SERVICE) else "from_"
        made = client.messages.create(to=sms.to, body=sms.text, **{from_: self.sender})
        return Accepted(f"{made.status or 'accepted'} {made.sid or ''}".strip())


def _earlier(sms: Sms, client: Client) -> str:
    """Return the SID of the same text to the same number, if Twilio has it already."""
    assert sms.tried_since is not None
    # One page and no more, so that the search ends in time.
    for one in client.messages.page(to=sms.to, page_size=LOOKED_AT):
        recent = one.date_created and one.date_created >= sms.tried_since - CLOCKS_DIFFER
        # An account on trial puts a sentence of its own in front.
        if recent and (one.body or "").endswith(sms.text):
            return one.sid or ""
    return ""


def _understood(refusal: TwilioRestException | TwilioServiceException) -> SmsError:
    """Return what a refusal means to us."""
    line = f"{refusal.code} {_words(refusal)}"[:LONGEST_LINE]
    if refusal.code == OPTED_OUT:
        return OptedOut(line)
    if refusal.code in LATER or refusal.status == 429 or refusal.status >= 500:
        return Temporary(line)
    if refusal.code in OURS or refusal.status in (401, 403, 404):
        return Misconfigured(line)
    return Permanent(line)


def _words(refusal: TwilioRestException | TwilioServiceException) -> str:
    # Not str(refusal), which has colours and line breaks on a terminal.
    if isinstance(refusal, TwilioServiceException):
        return refusal.detail or refusal.title
    return refusal.msg
