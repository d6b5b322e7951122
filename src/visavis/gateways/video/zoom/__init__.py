"""Zoom: OAuth, the REST API and webhooks, as one gateway.

`ZoomApp` (oauth) obtains and gives up grants, `ZoomClient` (client) makes single calls,
`users` and `meetings` name the calls we need, `ZoomGateway` (gateway) puts them behind the
interface of all platforms, and `webhooks` understands what Zoom tells us by itself.
"""

from visavis.gateways.video.zoom.client import ZoomClient
from visavis.gateways.video.zoom.gateway import ZoomGateway
from visavis.gateways.video.zoom.oauth import Grant, ZoomApp, new_verifier
from visavis.gateways.video.zoom.transport import Patience, http_client
from visavis.gateways.video.zoom.users import SharedAccess, ZoomUser

__all__ = [
    "Grant",
    "Patience",
    "SharedAccess",
    "ZoomApp",
    "ZoomClient",
    "ZoomGateway",
    "ZoomUser",
    "http_client",
    "new_verifier",
]
