import pytest

from back_office.staff import book, sign_in
from factories import make_provider, make_service
from visavis.companies import features
from visavis.companies.models import Company
from visavis.notifications.models import Template

pytestmark = pytest.mark.django_db
PAGE = "/office/willow/texts/flexible/"


@pytest.fixture
def member(client, company):
    features.switch(company, features.FLEXIBLE_NOTIFICATIONS, on=True)
    return sign_in(client, company, "scheduling_administrator")


def text(response):
    return response.content.decode()


def place(scope, event="confirmed", audience="client", language="en"):
    return f"{PAGE}{scope}/{event}/{audience}/{language}/"


def write(client, scope, body="For [client]", **where):
    return client.post(place(scope, **where), {"subject": "Booked", "body": body})


def new(client, **chosen):
    return client.get(f"{PAGE}new/", {f"new-{name}": value for name, value in chosen.items()})


def asked(client, **chosen):
    return text(client.get(PAGE, {f"ask-{name}": value for name, value in chosen.items()}))


def test_without_texts_the_page_says_what_is_used_instead(client, member):
    assert "No flexible text yet" in text(client.get(PAGE))


def test_choosing_a_place_leads_to_its_editor(client, member, service, provider):
    response = new(
        client, offering=service.pk, provider=provider.pk, event="confirmed", audience="client"
    )

    assert response.url == place(f"o{service.pk}-p{provider.pk}")


def test_a_place_for_everything_is_the_general_text(client, member):
    response = new(client, event="confirmed", audience="client")

    assert response.status_code == 422
    assert "Choose a service or class" in text(response)


def test_a_message_that_providers_never_get_has_no_text_for_them(client, member, service):
    response = new(client, offering=service.pk, event="follow_up", audience="provider")

    assert response.status_code == 422
    assert "goes to clients only" in text(response)


def test_a_service_of_another_company_cannot_be_chosen(client, member):
    other = Company.objects.create(slug="birch", name="Birch", time_zone="Europe/Paris")
    theirs = make_service(other, "Talk", [make_provider(other, "Eve Demo")])

    response = new(client, offering=theirs.pk, event="confirmed", audience="client")

    assert response.status_code == 422
    assert client.get(place(f"o{theirs.pk}")).status_code == 404


def test_a_text_is_written_for_a_service(client, member, service):
    write(client, f"o{service.pk}")

    template = Template.objects.get()
    assert (template.offering, template.provider, template.body) == (service, None, "For [client]")


def test_a_text_is_written_for_a_pair(client, member, service, provider):
    write(client, f"o{service.pk}-p{provider.pk}")

    template = Template.objects.get()
    assert (template.offering, template.provider) == (service, provider)


def test_the_editor_begins_with_what_is_used_now(client, member, service, provider):
    write(client, f"o{service.pk}", "Bring a towel, [client]")

    page = text(client.get(place(f"o{service.pk}-p{provider.pk}")))

    assert "Bring a towel, [client]" in page
    assert "Not written yet" in page


def test_written_texts_are_listed_with_whom_they_are_for(client, member, service, provider):
    write(client, f"o{service.pk}-p{provider.pk}", language="fr")

    page = text(client.get(PAGE))

    assert "First talk · Ada Demo" in page
    assert place(f"o{service.pk}-p{provider.pk}", language="fr") in page


def test_a_deleted_text_leads_back_to_the_list(client, member, service):
    write(client, f"o{service.pk}")

    response = client.post(f"{place(f'o{service.pk}')}reset/")

    assert response.url == PAGE
    assert not Template.objects.exists()


def test_mistakes_are_refused_here_too(client, member, service):
    response = write(client, f"o{service.pk}", "[clint]")

    assert response.status_code == 422
    assert "Did you mean [client]?" in text(response)


def test_the_page_answers_which_text_a_booking_uses(client, member, service, provider):
    question = {
        "offering": service.pk,
        "provider": provider.pk,
        "event": "confirmed",
        "audience": "client",
    }
    answers = [asked(client, **question)]
    for scope in (f"p{provider.pk}", f"o{service.pk}", f"o{service.pk}-p{provider.pk}"):
        write(client, scope)
        answers.append(asked(client, **question))

    expected = (
        "The default text",
        "The text for Ada Demo",
        "The text for First talk",
        "The text for First talk with Ada Demo",
    )
    for answer, words in zip(answers, expected, strict=True):
        assert f">{words}</a>" in answer


def test_while_the_feature_is_off_the_general_text_is_used(client, member, service, company):
    write(client, f"o{service.pk}")
    features.switch(company, features.FLEXIBLE_NOTIFICATIONS, on=False)

    page = asked(client, offering=service.pk, event="confirmed", audience="client")

    assert ">The default text</a>" in page
    assert "Flexible notifications are switched off" in page


@pytest.mark.parametrize("wrong", ["x", "999999", "-1", ""])
def test_a_wrong_question_is_answered_by_the_form(client, member, wrong):
    page = asked(client, offering=wrong, event="confirmed", audience="nobody")

    assert "Which text does a booking use?" in page


def test_a_text_of_an_online_service_without_the_link_is_pointed_out(client, member, service):
    service.online = True
    service.save()
    write(client, f"o{service.pk}", "No link here")

    assert "no meeting link" in text(client.get(PAGE))


def test_a_text_with_the_link_is_fine(client, member, service):
    service.online = True
    service.save()
    write(client, f"o{service.pk}", "Join: [online_meeting_link]")

    assert "no meeting link" not in text(client.get(PAGE))


@pytest.mark.parametrize("scope", ["x", "o0", "p-1", "o1-o2", "o999999", "p999999", "o" + "9" * 30])
def test_a_scope_that_does_not_exist_is_not_found(client, member, scope):
    assert client.get(place(scope)).status_code == 404


def test_the_list_needs_as_many_queries_for_three_as_for_one(
    client, member, service, django_assert_max_num_queries
):
    write(client, f"o{service.pk}")
    with django_assert_max_num_queries(16) as one:
        client.get(PAGE)
    needed = len(one)
    write(client, f"o{service.pk}", language="fr")
    write(client, f"o{service.pk}", event="cancelled")

    with django_assert_max_num_queries(needed):
        client.get(PAGE)


def of_booking(client, code, event="confirmed"):
    return text(client.get(PAGE, {"of-code": code, "of-event": event}))


def test_the_page_shows_which_texts_one_booking_uses(client, member, service, provider):
    booking = book(service)
    write(client, f"o{service.pk}-p{provider.pk}")

    page = of_booking(client, booking.code.lower())

    assert "The text for First talk with Ada Demo" in page
    assert f"{place(f'o{service.pk}-p{provider.pk}')}?example={booking.code}" in page
    assert page.count(f"?example={booking.code}") == 6


def test_a_message_for_clients_by_mail_alone_has_one_text(client, member, service):
    booking = book(service)

    assert of_booking(client, booking.code, "follow_up").count("?example=") == 1


def test_a_code_of_no_booking_is_refused(client, member):
    assert "There is no booking with this code." in of_booking(client, "NOSUCH")


def test_the_booking_leads_to_its_texts(client, member, service):
    booking = book(service)

    page = text(client.get(f"/office/willow/bookings/{booking.code}/"))

    assert f"{PAGE}?of-code={booking.code}#booking" in page
