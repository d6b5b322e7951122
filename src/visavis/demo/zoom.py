"""Walking the set-up of online meetings for the visitor: `make demo ZOOM=connected`."""

import re
from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import httpx2
from django.conf import settings
from django.urls import reverse

from visavis.bookings.actors import by_staff
from visavis.bookings.online import switch_online
from visavis.companies import features
from visavis.companies.models import Company, User
from visavis.connections import authorising, zoom
from visavis.gateways.video.zoom.oauth import new_verifier
from visavis.meetings.models import MeetingProvider, Platform


def connect(company: Company, owner: User, *, clock: Callable[[], datetime]) -> None:
    """Switch the feature on, authorise at the simulator, map providers, go online."""
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    redirect_uri = settings.BASE_URL + reverse("connect:zoom_callback")
    verifier = new_verifier()
    app = zoom.app(authorising.required(company))
    address = app.authorise_url(redirect_uri=redirect_uri, state="demo", verifier=verifier)
    connection = authorising.complete_authorisation(
        company,
        code=_consent(address),
        verifier=verifier,
        redirect_uri=redirect_uri,
        by=owner,
        clock=clock,
    )
    hosts = list(connection.users.filter(licensed=True, active=True).order_by("name"))
    for provider, host in zip(company.providers.order_by("position"), hosts, strict=False):
        MeetingProvider.objects.update_or_create(
            provider=provider,
            defaults={
                "platform": Platform.ZOOM,
                "host_id": host.external_id,
                "host_name": host.name,
            },
        )
    for offering in company.offerings.exclude(slug="in-the-practice"):
        switch_online(offering, on=True, by=by_staff(owner), now=clock())


def _consent(address: str) -> str:
    """Sign in at the simulator as its first person, allow everything, and return the code."""
    asked = urlsplit(address)
    with httpx2.Client(base_url=settings.ZOOM_OAUTH_URL) as browser:
        chooser = browser.get(address, follow_redirects=True).text
        person = re.search(r'name="user" value="([^"]+)"', chooser)
        if person is None:
            raise RuntimeError("the Zoom simulator shows nobody to sign in as")
        browser.post("/signin", data={"user": person[1], "next": "/"})
        asked_for = {name: values[0] for name, values in parse_qs(asked.query).items()}
        allow = {**asked_for, "shared_access": "on", "decision": "allow"}
        answer = browser.post("/oauth/authorize", data=allow)
        return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
