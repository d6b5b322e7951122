"""The hour comes, and nobody presses anything: the waiting pages lead everybody to one room."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from journeys.people import Person, Reader
from journeys.stack import links_in
from journeys.visitors import Visitor

# Who opens a room when several would is shown on every database in tests/meetings and tests/worker.
pytestmark = pytest.mark.any_database

NAMES = ("Uma", "Vic", "Wim")
COUNTDOWN_UNHEARD = """
window.addEventListener("countdown:over", (event) => event.stopImmediatePropagation(), true)
"""


def test_the_hour_takes_a_class_of_three_and_its_provider_to_one_room(stack, browser_for, picture):
    doors = [books_for(stack, name) for name in NAMES]
    assert len(set(doors)) == 3
    to_provider = stack.mail(to="bruno@demo-practice.example", subject=f"{NAMES[0]} Sample")
    hosts_door = links_in(to_provider, "/meet/")[0]
    host, *clients = (
        Person(browser_for(), stack, Reader("en")).opens(door) for door in (hosts_door, *doors)
    )
    # The host's other page learns of the hour by its next look, not by the countdown.
    looking = Person(browser_for(), stack, Reader("en"))
    looking.page.add_init_script(COUNTDOWN_UNHEARD)
    looking.opens(hosts_door)
    everybody = (host, looking, *clients)
    for one in everybody:
        one.page.locator("time[data-countdown]").wait_for()
    picture(host.page, "host-waits")
    picture(clients[0].page, "client-waits")

    begins_in_seconds(stack, doors[0])
    host.sees("Start now")
    for one in everybody:
        one.page.wait_for_url(f"{stack.zoom}/**", timeout=40000)

    for one, name in zip(clients, NAMES, strict=True):
        one.goes_in_as(f"{name} Sample")
        host.sees(f"{name} Sample")
    rooms = {re.search(r"Meeting ID ([\d ]+)", one.text)[1] for one in everybody}
    assert len(rooms) == 1

    host.presses("End meeting")
    host.sees("This meeting is over")


def books_for(stack, name):
    """Let somebody book a class of some weeks ahead; return their way in."""
    tuesday = datetime.now(UTC) + timedelta(days=21)
    tuesday += timedelta(days=(1 - tuesday.weekday()) % 7)
    email = f"{name.lower()}@client.example"
    Visitor(stack).books(
        f"/demo-practice/s/gentle-yoga/?day={tuesday:%Y-%m-%d}", name=f"{name} Sample", email=email
    )
    return links_in(stack.mail(to=email), "/meet/")[0]


def begins_in_seconds(stack, door, seconds=20):
    """Let a meeting begin soon. Its provider's calendar stays as it was, for other journeys."""
    token = door.rstrip("/").rsplit("/", 1)[-1]
    stack.shell(
        f"""
from datetime import timedelta
from django.utils import timezone
from visavis.meetings.models import Meeting
now = timezone.now()
start = now + timedelta(seconds={seconds})
Meeting.objects.filter(links__token="{token}").update(
    starts_at=start, ends_at=start + timedelta(minutes=45), look_at=now
)
"""
    )
