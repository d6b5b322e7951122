import pytest

from gateways.zoom_simulator import OWNER
from visavis.gateways.video import NotAvailable
from visavis.gateways.video.zoom import ZoomGateway
from visavis.gateways.video.zoom.scopes import (
    INVITE_LINKS,
    LIST_USERS,
    PAST_PARTICIPANTS,
    Granted,
    names,
)

WHOLE = " ".join(names(whole_account=True))
OWN = " ".join(names(whole_account=False))


@pytest.mark.parametrize("scopes", [WHOLE, OWN, ""])
def test_a_grant_with_all_that_is_asked_for_misses_nothing(scopes):
    assert Granted(scopes).missing() == []


def test_who_is_managed_by_each_user_can_never_list_users():
    own = Granted(OWN)

    assert not own.whole_account
    assert not own.has(LIST_USERS)


def test_what_is_missing_is_called_as_the_app_calls_it():
    without = WHOLE.replace("meeting:update:status:admin", "")
    own_without = OWN.replace("meeting:update:status", "")

    assert Granted(without).missing() == ["meeting:update:status:admin"]
    assert Granted(own_without).missing() == ["meeting:update:status"]


def test_the_broad_scopes_of_older_apps_are_enough():
    classic = Granted("meeting:write:admin meeting:read:admin user:read:admin")

    assert classic.missing() == []
    assert classic.has(LIST_USERS)
    assert classic.whole_account


def test_an_app_that_may_not_end_meetings_still_deletes_them(zoom):
    zoom.install()
    granted = Granted(WHOLE.replace("meeting:update:status:admin", ""))

    ZoomGateway(zoom.client(), granted).close("81234567890")

    called = [call["method"] for call in zoom.calls(path="/v2/meetings")]
    assert called == ["DELETE"]


def test_an_app_of_a_single_user_names_its_own_user_me(zoom):
    zoom.install()

    ZoomGateway(zoom.client(), Granted(OWN), own_id=OWNER).check(OWNER)

    assert {call["path"] for call in zoom.calls("GET", "/v2/")} == {
        "/v2/users/me",
        "/v2/users/me/settings",
    }


@pytest.mark.parametrize("scope", [INVITE_LINKS, PAST_PARTICIPANTS])
def test_what_is_optional_is_named_apart(scope):
    without = Granted(WHOLE.replace(f"{scope}:admin", ""))

    assert without.missing() == []
    assert without.missing(optional=True) == [f"{scope}:admin"]


def test_what_was_not_granted_is_not_asked_for(zoom):
    zoom.install()
    gateway = ZoomGateway(zoom.client(), Granted("meeting:write:meeting:admin"))

    with pytest.raises(NotAvailable):
        gateway.personal_links("81234567890", ["Grace"])
    with pytest.raises(NotAvailable):
        gateway.attendance("81234567890")

    assert zoom.calls(path="/v2/") == []
