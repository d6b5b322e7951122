"""Zoom's OAuth: the way to its consent page, and grants from its token endpoint.

The token endpoint is spoken to directly: Authlib's client would hide the bodies by which a
dead grant, a wrong app and a broken gateway are told apart. No call is repeated here: a
refresh token works once, so that only the caller, who holds the lock, may try again.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx2
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from visavis.gateways.video import Fault, NeedsReconnect, TellAdministrator, TryLater
from visavis.gateways.video.zoom import errors
from visavis.gateways.video.zoom.transport import ORDINARY, Patience, TimeLeft, send


@dataclass(frozen=True, slots=True)
class Grant:
    """What the token endpoint gave. `expires_in` is in seconds, from when it was asked.

    `refresh_token` is empty for a server-to-server grant.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int
    scopes: frozenset[str]
    api_url: str


def new_verifier() -> str:
    """Return a fresh PKCE code verifier (RFC 7636)."""
    return str(generate_token(64))


@dataclass(frozen=True)
class ZoomApp:
    """One app of the Zoom Marketplace, by its client id and secret.

    `oauth_url` and `api_url` are base addresses without a path (https://zoom.us and
    https://api.zoom.us).
    """

    client_id: str
    client_secret: str = field(repr=False)
    http: httpx2.Client = field(repr=False)
    oauth_url: str = "https://zoom.us"
    api_url: str = "https://api.zoom.us"
    patience: Patience = ORDINARY

    def authorise_url(self, *, redirect_uri: str, state: str, verifier: str) -> str:
        """Return where to send a browser so that its user may let us in.

        Zoom grants the scopes that are configured on the app, so that none are asked for.
        """
        return str(
            prepare_grant_uri(
                f"{self.oauth_url}/oauth/authorize",
                self.client_id,
                "code",
                redirect_uri=redirect_uri,
                state=state,
                code_challenge=create_s256_code_challenge(verifier),
                code_challenge_method="S256",
            )
        )

    def exchange(self, code: str, verifier: str, *, redirect_uri: str) -> Grant:
        """Return the grant for a code, which works once and for five minutes.

        `redirect_uri` must be the very one that was authorised. Raises VideoError.
        """
        return self._grant(
            [code, verifier],
            grant_type="authorization_code",
            code=code,
            redirect_uri=redirect_uri,
            code_verifier=verifier,
        )

    def refresh(self, refresh_token: str) -> Grant:
        """Return a new grant; the old refresh token is dead from now on.

        On TryLater the old one may still work and should be tried again. Raises VideoError.
        """
        return self._grant([refresh_token], grant_type="refresh_token", refresh_token=refresh_token)

    def server_grant(self, account_id: str) -> Grant:
        """Return a grant of a server-to-server app; it kills the one before.

        Raises VideoError.
        """
        return self._grant([], grant_type="account_credentials", account_id=account_id)

    def accepted(self) -> bool:
        """Return whether Zoom accepts the client id and secret. Raises TryLater.

        Asked with a refresh token that nobody has: Zoom looks at the app first, and then says
        that it does not know the token (RFC 6749, section 5.2).
        """
        try:
            self.refresh("not-a-token")
        except NeedsReconnect:
            return True
        except TellAdministrator:
            return False
        return True

    def revoke(self, access_token: str) -> bool:
        """Give the grant up, which also removes the app for its user.

        Return whether Zoom confirmed it: False means that it does not know the token, because
        the grant is gone already or because the token is old; renew it before to be sure.
        Raises TryLater and TellAdministrator.
        """
        response = self._post("/oauth/revoke", token=access_token)
        body = errors.json_object(response)
        if response.status_code == 200 and body is not None and "error" not in body:
            return True
        error = errors.token_error(response, access_token)
        if not isinstance(error, NeedsReconnect):
            raise error
        return False

    def trusted_api_url(self, offered: str) -> str:
        """Return where to send API calls: the offered base address if it is Zoom's or ours.

        Tokens go there, so that anything else is replaced by the configured one.
        """
        try:
            parts = urlsplit(offered)
        except ValueError:
            return self.api_url
        origin = f"{parts.scheme}://{parts.netloc}"
        own = {_origin(self.api_url), _origin(self.oauth_url)}
        # Neither a port nor a user name is part of such a name.
        zooms = re.fullmatch(r"https://(?:[a-z0-9-]+\.)+zoom\.us", origin)
        return origin if zooms or origin in own else self.api_url

    def _grant(self, secrets: list[str], **form: str) -> Grant:
        response = self._post("/oauth/token", **form)
        body = errors.json_object(response)
        if response.status_code != 200 or body is None or "error" in body:
            raise errors.token_error(response, *secrets, self.client_secret)
        try:
            return Grant(
                access_token=_text(body["access_token"]),
                refresh_token=str(body.get("refresh_token") or ""),
                expires_in=int(body.get("expires_in") or 3600),
                scopes=frozenset(str(body.get("scope") or "").replace(",", " ").split()),
                api_url=self.trusted_api_url(str(body.get("api_url") or "")),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise TryLater(
                Fault.UNREACHABLE, "the token endpoint's answer has no token", answer_lost=True
            ) from error

    def _post(self, path: str, **form: str) -> httpx2.Response:
        return send(
            self.http,
            "POST",
            f"{self.oauth_url}{path}",
            TimeLeft(self.patience),
            data=form,
            auth=httpx2.BasicAuth(self.client_id, self.client_secret),
        )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError
    return value
