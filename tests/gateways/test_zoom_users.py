"""The users of a Zoom account, against the simulator."""

import pytest

from visavis.gateways.video import Fault, NeedsReconnect, TellAdministrator
from visavis.gateways.video.zoom import SharedAccess, users

from .zoom_simulator import ACCOUNT, CLIENT_ID, LIAM, OTHER_ADMIN, OWNER


def test_the_one_who_authorised_is_known(zoom):
    me = users.me(zoom.client())

    assert me.id == OWNER
    assert me.name == "Olivia Owner"
    assert me.email == "olivia.owner@example.com"
    assert me.account_id == ACCOUNT
    assert me.may_host
    assert me.licensed


def test_everybody_who_is_active_is_listed(zoom):
    zoom.steer("PATCH", f"/users/{LIAM}", status="inactive")
    zoom.steer("POST", f"/accounts/{ACCOUNT}/users", email="new@example.com", status="pending")

    names = [user.name for user in users.everybody(zoom.client())]

    assert sorted(names) == ["Bea Basic", "Lena Licensed", "Luca Licensed", "Olivia Owner"]


def test_a_large_account_is_listed_page_by_page(zoom):
    people = [{"email": f"u{n}@example.com", "first_name": f"U{n}"} for n in range(650)]
    boss = {"id": "Boss", "email": "boss@example.com", "role": "owner"}
    app = {"client_id": CLIENT_ID, "client_secret": "visavis-demo-secret", "level": "admin"}
    account = {"id": "Large", "name": "Large", "users": [boss, *people]}
    zoom.steer("POST", "/reset", accounts=[account], apps=[app])
    zoom.install("Boss")

    found = users.everybody(zoom.client())

    assert len({user.id for user in found}) == len(found) == 651
    assert len(zoom.calls("GET", "/v2/users")) == 3


def test_listing_needs_its_scope_and_says_which(zoom):
    zoom.fault("missing_scope", path="/v2/users", scopes=["user:read:list_users:admin"])

    with pytest.raises(NeedsReconnect) as refusal:
        users.everybody(zoom.client())

    assert refusal.value.fault is Fault.SCOPES
    assert "user:read:list_users:admin" in refusal.value.detail


def test_shared_access_shows_in_a_look_at_somebody_else(zoom):
    assert users.probe_shared_access(zoom.client(), OWNER) is SharedAccess.YES


@pytest.mark.parametrize("listing_refused", [True, False])
def test_without_shared_access_the_look_is_refused_sooner_or_later(zoom, listing_refused):
    zoom.steer("PATCH", f"/accounts/{ACCOUNT}", listing_needs_shared_access=listing_refused)
    zoom.install(shared_access=False)

    assert users.probe_shared_access(zoom.client(), OWNER) is SharedAccess.NO


def test_alone_in_an_account_nobody_knows(zoom):
    zoom.install(OTHER_ADMIN)

    assert users.probe_shared_access(zoom.client(), OTHER_ADMIN) is SharedAccess.UNKNOWN


@pytest.mark.parametrize("path", ["/v2/users", "*/settings"])
def test_without_the_scopes_for_a_look_nobody_knows(zoom, path):
    zoom.fault("missing_scope", path=path)

    assert users.probe_shared_access(zoom.client(), OWNER) is SharedAccess.UNKNOWN


def test_a_probe_does_not_hide_other_trouble(zoom):
    zoom.steer("PATCH", f"/accounts/{ACCOUNT}", api_denied=True)

    with pytest.raises(TellAdministrator) as refusal:
        users.probe_shared_access(zoom.client(), OWNER)

    assert refusal.value.fault is Fault.APP


def test_nothing_is_changed_by_a_probe(zoom):
    users.probe_shared_access(zoom.client(), OWNER)

    assert {call["method"] for call in zoom.calls(path="/v2/")} == {"GET"}
