"""Installing apps, issuing codes and tokens, rotating them, and taking all of it back.

Sources: Zoom developer documentation, "OAuth 2.0" and "OAuth error messages"; RFC 6749; RFC 7636.
"""

import base64
import hashlib
import hmac
from datetime import timedelta

from zoom_simulator.ids import jwt_like, secret, unix
from zoom_simulator.models import AccessToken, App, AuthorizationCode, Grant, User
from zoom_simulator.simulator import Simulator
from zoom_simulator.webhooks import events

CODE_LIFE = timedelta(minutes=5)
REFRESH_LIFE = timedelta(days=90)


def install(sim: Simulator, app: App, user: User, *, shared_access: bool) -> Grant:
    """The user allows the app. Installing again replaces the answer given before."""
    key = (app.client_id, user.id)
    known = sim.state.grants.get(key)
    if known:
        known.scopes, known.shared_access = list(app.scopes), shared_access
        return known
    grant = Grant(
        client_id=app.client_id,
        user_id=user.id,
        account_id=user.account_id,
        scopes=list(app.scopes),
        shared_access=shared_access,
        installed_at=sim.clock.now(),
    )
    sim.state.grants[key] = grant
    return grant


def uninstall(sim: Simulator, grant: Grant) -> None:
    """Remove the app for this user, kill its tokens, and tell the app."""
    sim.state.drop_tokens(grant.client_id, grant.user_id)
    sim.state.grants.pop((grant.client_id, grant.user_id), None)
    app = sim.state.apps.get(grant.client_id)
    if app:
        events.deauthorized_event(sim, app, grant)


def new_code(
    sim: Simulator, app: App, user: User, redirect_uri: str, challenge: str, method: str
) -> AuthorizationCode:
    """Issue a code: single use, good for five minutes."""
    code = AuthorizationCode(
        value=secret(24),
        client_id=app.client_id,
        user_id=user.id,
        redirect_uri=redirect_uri,
        expires_at=sim.clock.now() + CODE_LIFE,
        challenge=challenge,
        challenge_method=method or "plain",
    )
    sim.state.codes[code.value] = code
    return code


def proves(code: AuthorizationCode, verifier: str) -> bool:
    """Return whether `verifier` answers the challenge of `code` (RFC 7636, section 4.6)."""
    if not code.challenge:
        return True
    if code.challenge_method == "S256":
        digest = hashlib.sha256(verifier.encode()).digest()
        verifier = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return hmac.compare_digest(verifier.encode(), code.challenge.encode())


def fresh_pair(sim: Simulator, app: App, grant: Grant) -> AccessToken:
    """Start a new family of tokens: a new authorisation kills all earlier ones."""
    sim.state.drop_tokens(app.client_id, grant.user_id)
    grant.old_refresh_tokens.clear()
    return rotate(sim, app, grant)


def rotate(sim: Simulator, app: App, grant: Grant) -> AccessToken:
    """Replace the refresh token and issue an access token."""
    now = sim.clock.now()
    if grant.refresh_token:
        grant.old_refresh_tokens.append(grant.refresh_token)
    grant.refresh_token = jwt_like(aud="refresh", uid=grant.user_id, iat=unix(now))
    grant.refresh_expires_at = now + REFRESH_LIFE
    return _issue(sim, app, grant.user_id, grant.account_id, grant.scopes)


def accepts(app: App, grant: Grant, refresh_token: str) -> bool:
    """Return whether a refresh token may be used: the latest, or one within the app's grace."""
    recent = grant.old_refresh_tokens[-app.refresh_grace :] if app.refresh_grace else []
    return refresh_token in {grant.refresh_token, *recent}


def grant_of_refresh_token(sim: Simulator, app: App, refresh_token: str) -> Grant | None:
    """Find the grant which a refresh token, new or old, belongs to."""
    for grant in sim.state.grants.values():
        known = {grant.refresh_token, *grant.old_refresh_tokens}
        if grant.client_id == app.client_id and refresh_token and refresh_token in known:
            return grant
    return None


def server_to_server(sim: Simulator, app: App, owner: User) -> AccessToken:
    """Issue an account token. It kills the one issued before (Zoom forum, topic 72070)."""
    sim.state.drop_tokens(app.client_id, owner.id)
    token = _issue(sim, app, owner.id, owner.account_id, app.scopes)
    token.server_to_server = True
    return token


def _issue(
    sim: Simulator, app: App, user_id: str, account_id: str, scopes: list[str]
) -> AccessToken:
    expires_at = sim.clock.now() + timedelta(seconds=app.token_seconds)
    value = jwt_like(aud="https://oauth.zoom.us", uid=user_id, exp=unix(expires_at))
    token = AccessToken(value, app.client_id, user_id, account_id, list(scopes), expires_at)
    sim.state.access_tokens[value] = token
    return token
