"""The Zoom simulator as another process, and the people at the other end of it."""

import os
import select
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

from visavis.gateways.video.zoom import ZoomApp, ZoomClient, ZoomGateway

CLIENT_ID = "visavis-demo"
CLIENT_SECRET = "visavis-demo-secret"
OWNER = "DemoOwner000000000001A"
LIAM = "DemoLicensed0000000002"
LENA = "DemoLicensed0000000003"
ACCOUNT = "DemoPracticeAccount01"
OTHER_ADMIN = "SecondAdmin0000000006B"


def start():
    """Start the simulator; returns the process and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "zoom_simulator", "--port", "0", "--no-rate-limits"],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": "src"},
        text=True,
    )
    ready, _, _ = select.select([process.stdout], [], [], 15)
    line = process.stdout.readline() if ready else ""
    if " ready on " not in line:
        stop(process)
        raise RuntimeError(f"the simulator did not start: {line!r}")
    return process, line.split()[-1]


def stop(process):
    process.terminate()
    process.wait(10)
    process.stdout.close()


class Zoom:
    """What people and Zoom's own machinery do; and our client, given tokens."""

    def __init__(self, url, http):
        self.url = url
        self.http = http
        self.tokens = {}
        self.asked = []
        self.pauses = []

    def steer(self, method, path, /, **body):
        answer = self.http.request(method, f"{self.url}/_sim{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def fault(self, kind, /, **aims):
        return self.steer("POST", "/faults", kind=kind, **aims)

    def add_scopes(self, *scopes):
        known = self.steer("GET", "/apps")["apps"][0]["scopes"]
        self.steer("PUT", f"/apps/{CLIENT_ID}", scopes=[*known, *scopes])

    def calls(self, method="", path=""):
        answer = self.http.get(f"{self.url}/_sim/calls", params={"method": method, "path": path})
        return answer.json()["calls"]

    def meetings(self):
        return self.steer("GET", "/meetings")["meetings"]

    def app(self, **changes):
        values = {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "http": self.http,
            "oauth_url": self.url,
            "api_url": self.url,
        }
        return ZoomApp(**values | changes)

    def authorise(self, url, user=OWNER, **choices):
        """Do on the consent page what a person does; returns what the callback receives."""
        asked = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
        answer = self.steer("POST", "/authorization", user=user, **asked, **choices)
        back = urlsplit(answer["redirect_to"])
        return {key: values[0] for key, values in parse_qs(back.query).items()}

    def install(self, user=OWNER, *, shared_access=True):
        """Install the app without a browser, and keep its tokens."""
        self.tokens = self.steer(
            "POST", "/grants", client_id=CLIENT_ID, user=user, shared_access=shared_access
        )

    def token(self, force):
        """Be the caller who keeps the tokens."""
        self.asked.append(force)
        if force:
            grant = self.app().refresh(self.tokens["refresh_token"])
            self.tokens |= {
                "access_token": grant.access_token,
                "refresh_token": grant.refresh_token,
            }
        return self.tokens["access_token"]

    def client(self, **changes):
        return ZoomClient(
            self.url, self.token, changes.pop("http", self.http), self.pauses.append, **changes
        )

    def gateway(self, **changes):
        return ZoomGateway(self.client(**changes))
