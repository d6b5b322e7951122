"""Whether the hosts that providers meet as can be used, beside what a connection itself needs."""

from collections.abc import Iterator

from visavis.companies.models import Company
from visavis.connections import checkup, zoom
from visavis.connections.checkup import HALF, Addresses, Clock, Finding, State, What
from visavis.connections.operations import live_connection
from visavis.gateways.video import Fault, VideoError
from visavis.meetings.aliases import is_alias, name_without
from visavis.meetings.models import MeetingProvider, Platform

# Each takes up to five seconds, and somebody waits for the page.
MOST_HOSTS = 5


def examine(company: Company, addresses: Addresses, *, clock: Clock) -> list[Finding]:
    """Look at a company's whole set-up at Zoom, hosts included."""
    findings = checkup.examine(company, addresses, clock=clock)
    reached = any(one.what is What.ACCOUNT and one.state is State.FINE for one in findings)
    return [*findings, *_hosts(company, clock=clock)] if reached else findings


def _hosts(company: Company, *, clock: Clock) -> Iterator[Finding]:
    connection = live_connection(company)
    if connection is None:
        return
    chosen = MeetingProvider.objects.filter(provider__company=company, platform=Platform.ZOOM)
    names = dict(chosen.exclude(host_id="").order_by("pk").values_list("host_id", "host_name"))
    gateway = zoom.gateway(connection, clock=clock, patience=HALF)
    for host_id, name in list(names.items())[:MOST_HOSTS]:
        facts = {"name": name or name_without(host_id)}
        if is_alias(host_id):
            yield Finding(What.HOST, State.WRONG, Fault.HOST_GONE, facts)
            continue
        try:
            host = gateway.check(host_id)
        except VideoError as error:
            yield Finding(What.HOST, State.WRONG, error.fault, facts)
            if error.fault == Fault.UNREACHABLE:
                return
            continue
        if host.personal_room:
            yield Finding(What.HOST, State.NOTICE, Fault.PERSONAL_ROOM, facts)
        elif not host.licensed:
            yield Finding(What.HOST, State.NOTICE, "basic", facts)
        else:
            yield Finding(What.HOST, State.FINE, facts=facts)
    if len(names) > MOST_HOSTS:
        rest = len(names) - MOST_HOSTS
        yield Finding(What.HOST, State.NOTICE, "more", {"count": rest})
