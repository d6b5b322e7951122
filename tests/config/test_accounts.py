import pytest
from django.core.cache import cache

from visavis.booking_site.rate_limits import within_limit

pytestmark = pytest.mark.django_db
SIGN_IN = "/accounts/login/"
MOST = 30


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def sign_in(client, hops):
    wrong = {"login": "grace@example.com", "password": "wrong horse"}
    return client.post(SIGN_IN, wrong, headers={"X-Forwarded-For": hops})


def test_behind_a_trusted_proxy_one_address_does_not_shut_the_others_out(client, settings):
    settings.TRUSTED_PROXIES = 1
    for _n in range(MOST):
        sign_in(client, "192.0.2.1")

    same, other = sign_in(client, "192.0.2.1"), sign_in(client, "192.0.2.2")

    assert (same.status_code, other.status_code) == (429, 200)


@pytest.mark.parametrize(("proxies", "caller"), [(0, ""), (1, ", 198.51.100.1")])
def test_nobody_escapes_by_making_addresses_up(client, settings, proxies, caller):
    settings.TRUSTED_PROXIES = proxies
    for number in range(MOST):
        sign_in(client, f"192.0.2.{number}{caller}")

    assert sign_in(client, f"192.0.2.99{caller}").status_code == 429


def test_a_count_outlives_those_of_many_other_addresses(rf, settings):
    settings.TRUSTED_PROXIES = 1

    def within(address):
        request = rf.post("/", headers={"X-Forwarded-For": address})
        return within_limit("try", request, most=1, seconds=86400)

    assert within("192.0.2.1")
    for number in range(2000):
        within(f"198.51.{number // 250}.{number % 250}")

    assert not within("192.0.2.1")


def test_who_forgot_their_password_is_not_left_standing(client):
    response = client.post("/accounts/password/reset/", {"email": "grace@example.com"}, follow=True)

    assert "We have sent you a mail" in response.text
    assert f'href="{SIGN_IN}"' in response.text
