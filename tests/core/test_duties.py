from hypothesis import given
from hypothesis import strategies as st

from visavis.core.duties import GRACE, Duty, Held, Wanted, duty

OPENS, STARTS, ENDS = 998, 1000, 1060
HOST = "zoom:ada"


def wanted(**changes):
    facts = {"wanted": True, "opens": OPENS, "ends": ENDS, "host": HOST, "provider": 1}
    return Wanted(**facts | changes)


def held(**changes):
    return Held(**{"host": HOST, "answered": True, "provider": 1} | changes)


def test_nothing_is_opened_before_the_hour():
    assert duty(wanted(), None, now=OPENS - 1) is Duty.NOTHING


def test_a_room_is_opened_when_it_is_time():
    assert duty(wanted(), None, now=OPENS) is Duty.OPEN


def test_a_provider_may_have_it_opened_earlier():
    assert duty(wanted(started=True), None, now=OPENS - 30) is Duty.OPEN


def test_nothing_is_opened_any_more_after_the_end():
    assert duty(wanted(), None, now=ENDS + GRACE - 1) is Duty.OPEN
    assert duty(wanted(), None, now=ENDS + GRACE) is Duty.NOTHING


def test_once_everybody_left_only_the_provider_has_another_one_opened():
    assert duty(wanted(over=True), None, now=STARTS) is Duty.NOTHING
    assert duty(wanted(started=True), None, now=STARTS) is Duty.OPEN


def test_a_room_whose_answer_was_lost_is_never_used():
    assert duty(wanted(), held(answered=False), now=STARTS) is Duty.WRITE_OFF
    assert duty(wanted(wanted=False), held(answered=False), now=STARTS) is Duty.WRITE_OFF


def test_the_right_room_is_left_alone():
    assert duty(wanted(), held(), now=STARTS) is Duty.NOTHING


def test_a_cancelled_appointment_keeps_no_room():
    assert duty(wanted(wanted=False), held(live=True), now=STARTS) is Duty.CLOSE_UNWANTED


def test_an_appointment_moved_to_later_keeps_no_room():
    assert duty(wanted(opens=5000, ends=5060), held(), now=STARTS) is Duty.CLOSE_UNWANTED


def test_another_host_gets_a_room_of_their_own():
    assert duty(wanted(host="zoom:bo"), held(), now=STARTS) is Duty.CLOSE_HOST_CHANGED


def test_a_provider_who_gets_another_host_in_the_middle_of_a_talk_finishes_it():
    assert duty(wanted(host="zoom:bo"), held(live=True), now=STARTS) is Duty.NOTHING


def test_another_provider_does_not_inherit_a_talk():
    owed = duty(wanted(host="zoom:bo", provider=2), held(live=True), now=STARTS)

    assert owed is Duty.CLOSE_HOST_CHANGED


def test_people_who_are_still_talking_are_not_cut_off():
    assert duty(wanted(), held(live=True), now=ENDS + GRACE) is Duty.NOTHING
    assert duty(wanted(), held(), now=ENDS + GRACE - 1) is Duty.NOTHING
    assert duty(wanted(), held(), now=ENDS + GRACE) is Duty.CLOSE_ENDED


def test_a_listed_room_follows_its_appointment():
    assert duty(wanted(plan="at 11"), held(plan="at 10"), now=STARTS) is Duty.CHANGE
    assert duty(wanted(plan="at 10"), held(plan="at 10"), now=STARTS) is Duty.NOTHING


def test_what_is_going_on_is_not_renamed():
    assert duty(wanted(plan="at 11"), held(plan="at 10", live=True), now=STARTS) is Duty.NOTHING


def test_a_room_in_no_list_is_as_good_where_listed_ones_are_wanted():
    assert duty(wanted(plan="at 10"), held(), now=STARTS) is Duty.NOTHING
    assert duty(wanted(), held(plan="at 10"), now=STARTS) is Duty.NOTHING


flags, moments = st.booleans(), st.integers(OPENS - 100, ENDS + 100)
any_wanted = st.builds(
    Wanted,
    wanted=flags,
    opens=st.just(OPENS),
    ends=st.just(ENDS),
    host=st.sampled_from([HOST, "zoom:bo"]),
    provider=st.sampled_from([1, 2]),
    plan=st.sampled_from(["", "at 10"]),
    started=flags,
    over=flags,
)
any_held = st.builds(
    Held,
    host=st.sampled_from([HOST, "zoom:bo"]),
    answered=flags,
    provider=st.sampled_from([1, 2]),
    plan=st.sampled_from(["", "at 10", "at 11"]),
    live=flags,
)


def after(owed, wanted, held):
    """Return what is held once a duty was done."""
    if owed is Duty.NOTHING:
        return held
    if owed is Duty.OPEN:
        return Held(
            host=wanted.host, answered=True, provider=wanted.provider, plan=wanted.plan, live=False
        )
    if owed is Duty.CHANGE:
        return Held(
            host=held.host, answered=True, provider=held.provider, plan=wanted.plan, live=held.live
        )
    return None


@given(any_wanted, st.none() | any_held, moments)
def test_a_few_duties_lead_to_rest(wanted, held, now):
    for _step in range(3):
        held = after(duty(wanted, held, now=now), wanted, held)

    assert duty(wanted, held, now=now) is Duty.NOTHING


@given(any_wanted, st.none() | any_held, moments)
def test_at_rest_there_is_a_room_only_if_one_is_wanted(wanted, held, now):
    for _step in range(3):
        held = after(duty(wanted, held, now=now), wanted, held)

    if not wanted.wanted:
        assert held is None
    elif held is not None and not held.live:
        assert held.host == wanted.host
