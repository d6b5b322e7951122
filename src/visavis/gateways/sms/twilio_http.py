"""The line on which Twilio's library speaks: our connections, time-outs and limits."""

import json
import logging
from typing import Any

import httpx2
from twilio.base.version import Version
from twilio.http import HttpClient
from twilio.http.response import Response

from visavis.gateways.sms import Temporary
from visavis.gateways.sms.exchange import exchange

API = "https://api.twilio.com"


class OurHttp(HttpClient):
    """What the library asks of `API` is asked of `api_url`.

    Its own client waits for ever unless told otherwise, and writes requests to the log.
    """

    def __init__(self, http: httpx2.Client, api_url: str) -> None:
        super().__init__(logging.getLogger(__name__), is_async=False)
        self._http, self._api_url = http, api_url

    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Return an answer that is no refusal.

        Raises TwilioRestException or TwilioServiceException for a refusal by Twilio, Temporary
        or Misconfigured if nobody there was reached.
        """
        url = self._api_url + uri.removeprefix(API)
        sent: dict[str, Any] = {"params": params, "data": data, "headers": headers, "auth": auth}
        answer = exchange(self._http, method, url, **sent)
        if not _is_object(answer.text):
            # Something in front of Twilio answered: nobody refused anything.
            raise Temporary(answer.line)
        response = Response(answer.status, answer.text)
        if not answer.taken:
            # Here, because the library tells neither code nor status of a list that is refused.
            raise Version.exception(method, uri, response, "refused")
        return response


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False
