import pytest

pytestmark = pytest.mark.django_db
PRESSED_ONLY = "/willow/release/"


def test_a_reader_of_an_address_that_is_only_pressed_is_told_so(client, company):
    response = client.get(PRESSED_ONLY, headers={"accept": "text/html"})

    assert response.status_code == 405
    assert "POST" in response["Allow"]
    assert "what a button sends" in response.content.decode()


def test_programs_get_the_bare_refusal(client, company):
    response = client.get(PRESSED_ONLY, headers={"accept": "application/json"})

    assert (response.status_code, response.content) == (405, b"")
