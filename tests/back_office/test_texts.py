import re
from datetime import timedelta

import pytest
from django.utils import timezone

from back_office.staff import book, sign_in
from factories import make_provider, make_service
from visavis.bookings import messages, replanning
from visavis.bookings.samples import sample_values
from visavis.companies import features
from visavis.companies.models import Company
from visavis.gateways.mail.memory import MemorySender
from visavis.meetings.models import JoinLink
from visavis.notifications.editing import switches
from visavis.notifications.models import (
    Message,
    ReminderTime,
    SmsAccount,
    SmsNumber,
    Template,
)
from visavis.notifications.texts import default_text
from visavis.worker import mail

pytestmark = pytest.mark.django_db
PAGE = "/office/willow/texts/"
TEXT = f"{PAGE}confirmed/client/en/"
REMINDERS = f"{PAGE}reminders/"


@pytest.fixture
def member(client, company):
    return sign_in(client, company, "scheduling_administrator")


def text(response):
    return response.content.decode()


def typed(body="Hello [client]", subject="Booked: [service]", **more):
    return {"subject": subject, "body": body, **more}


def written():
    return [(one.language, one.subject, one.body) for one in Template.objects.all()]


def test_every_kind_of_message_is_listed_for_its_readers(client, member):
    page = text(client.get(PAGE))

    assert 'name="confirmed-client"' in page
    assert 'name="confirmed-provider"' in page
    assert 'name="follow_up-client"' in page
    assert 'name="follow_up-provider"' not in page


def test_kinds_of_message_are_switched_on_and_off_together(client, member, company):
    client.post(PAGE, {"confirmed-client": "on", "reminder-provider": "on"})

    now_on = {key for key, on in switches(company, "email").items() if on}
    assert now_on == {("confirmed", "client"), ("reminder", "provider")}


def test_a_kind_that_is_switched_off_is_not_sent(client, member, service):
    client.post(PAGE, {})

    book(service)

    assert not Message.objects.filter(event="confirmed").exists()


def test_the_editor_begins_with_the_default_text(client, member):
    default = default_text("confirmed", "client", "fr")

    page = text(client.get(f"{PAGE}confirmed/client/fr/"))

    assert default.subject in page
    assert "Default text" in page


def test_a_text_is_written_for_one_language(client, member):
    response = client.post(TEXT, typed())

    assert response.url == TEXT
    assert written() == [("en", "Booked: [service]", "Hello [client]")]


def test_line_ends_of_browsers_become_those_of_messages(client, member):
    client.post(TEXT, typed("One\r\n\r\nTwo"))

    assert Template.objects.get().body == "One\n\nTwo"


def test_a_changed_text_is_marked(client, member):
    client.post(TEXT, typed())

    assert "changed EN" in text(client.get(PAGE))
    assert "Reset to default" in text(client.get(TEXT))


def test_writing_the_default_again_is_no_change(client, member):
    default = default_text("confirmed", "client", "en")
    client.post(TEXT, typed())

    client.post(TEXT, {"subject": default.subject, "body": default.body})

    assert written() == []


def test_resetting_brings_the_default_back(client, member):
    client.post(TEXT, typed())

    response = client.post(f"{TEXT}reset/")

    assert response.url == TEXT
    assert written() == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("Hello [clint]", "[clint] is not a variable. Did you mean [client]?"),
        ("Hello [Client]", "[Client] is not a variable. Did you mean [client]?"),
        ("[xyzzy]", "[xyzzy] is not a variable. See the list"),
        ("[équipe]", "[équipe] is not a variable. See the list"),
        ("[2nd]", "[2nd] is not a variable. See the list"),
        ("[_client]", "[_client] is not a variable. Did you mean [client]?"),
        ("Hello [client", "“client” is not closed. Did you mean [client]?"),
        ("Hello [client\nand you]", "“client” is not closed. Did you mean [client]?"),
        ("[client [service]", "“client” is not closed. Did you mean [client]?"),
        ("[xyzzy, hello", "“xyzzy” is not closed."),
        ("Hello {client}", "{client} is not a variable. Did you mean [client]?"),
        ("Hello {{ client }}", "{{ client }} is not a variable. Did you mean [client]?"),
        ("[if place]Here", "[if place] has no [end]."),
        ("[if place]a[if note]b[end][end]", "[if note] stands inside another"),
        ("[if plase]x[end]", "Did you mean [if place]?"),
        ("[online_meeting_provider_link]", "Use [online_meeting_link]."),
    ],
)
def test_a_text_with_a_mistake_is_refused_and_kept(client, member, wrong, says):
    response = client.post(TEXT, typed(wrong))

    assert response.status_code == 422
    assert says in text(response)
    assert f">\n{wrong}</textarea>" in text(response)
    assert written() == []


@pytest.mark.parametrize(
    "prose",
    [
        "As said before [1]: [client]",
        "Hello […] again [...]",
        "Between [0, 1) and 5 [",
        "{hello you} and {xyzzy}",
        "[This is a whole sentence that somebody wants to stand in brackets, as it is.]",
    ],
)
def test_brackets_that_are_plainly_prose_stay(client, member, prose):
    client.post(TEXT, typed(prose))

    assert [body for _language, _subject, body in written()] == [prose]


def test_a_mistake_in_the_subject_is_refused_too(client, member):
    response = client.post(TEXT, typed(subject="[servise]"))

    assert response.status_code == 422
    assert "Did you mean [service]?" in text(response)


def test_the_providers_link_may_stand_in_messages_to_providers(client, member):
    response = client.post(
        f"{PAGE}confirmed/provider/en/", typed("Go: [online_meeting_provider_link]")
    )

    assert response.status_code == 302


def test_the_clients_link_may_not(client, member):
    response = client.post(f"{PAGE}confirmed/provider/en/", typed("Go: [online_meeting_link]"))

    assert response.status_code == 422
    assert "Use [online_meeting_provider_link]." in text(response)


def test_only_variables_for_these_readers_are_offered(client, member):
    page = text(client.get(TEXT))

    assert 'data-insert="[online_meeting_link]"' in page
    assert 'data-insert="[online_meeting_provider_link]"' not in page


def test_a_preview_is_filled_in_with_made_up_values(client, member):
    response = client.post(
        f"{TEXT}preview/", typed("Hello [client]!"), headers={"HX-Request": "true"}
    )

    assert response.status_code == 200
    assert "Hello Camille Sample!" in text(response)
    assert "<form" not in text(response)


def test_a_preview_is_filled_in_with_a_booking_ahead(client, member, service):
    booking = book(service, name="Grace Demo")

    response = client.post(
        f"{TEXT}preview/",
        typed("[client], [service], [code]", example=booking.code),
        headers={"HX-Request": "true"},
    )

    assert f"Grace Demo, First talk, {booking.code}" in text(response)


@pytest.mark.parametrize(
    ("where", "told"),
    [("confirmed/client", True), ("cancelled/client", False), ("cancelled/provider", False)],
)
def test_a_preview_leads_to_the_meeting_only_where_the_mail_does(client, member, where, told):
    page = text(client.get(f"{PAGE}{where}/en/"))

    assert ("/meet/" in page) == ("/rescheduling/" in page) == told


def test_a_preview_takes_the_code_as_people_type_it(client, member, service):
    booking = book(service, name="Grace Demo")

    page = text(client.get(TEXT, {"example": f" {booking.code.lower()} "}))

    assert "Grace Demo" in page
    assert "No booking has this code" not in page


def test_a_code_that_no_booking_of_the_company_has_is_named(client, member, service):
    response = client.post(
        f"{TEXT}preview/", typed("[client]", example="NOSUCH"), headers={"HX-Request": "true"}
    )

    assert "No booking has this code: these are made-up values." in text(response)
    assert "Camille Sample" in text(response)


def test_a_test_leaves_as_the_companys_own_mail_with_a_way_out(client, member, company):
    client.post(f"{PAGE}reminder/client/en/test/", typed("Hello [client]", "Trying"))

    line = MemorySender()
    mail.send_due(line, clock=timezone.now)

    (sent,) = line.sent
    assert "Willow Practice" in sent.message["From"]
    assert "office@willow.example" in sent.message["Reply-To"]
    assert "No more reminders:" in sent.message.get_body(("plain",)).get_content()


def test_a_preview_holds_nobodys_own_way_in(client, member, company, service):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    service.online = True
    service.save()
    booking = book(service)

    response = client.post(
        f"{TEXT}preview/",
        typed("[online_meeting_link] [my_bookings_link]", example=booking.code),
        headers={"HX-Request": "true"},
    )

    assert "/meet/made-up-" in text(response)
    assert booking.client.token not in text(response)
    assert JoinLink.objects.exists()
    assert not [one for one in JoinLink.objects.all() if one.token in text(response)]


def test_made_up_links_are_as_long_as_real_ones(company, service, client, member):
    features.switch(company, features.ONLINE_MEETINGS, on=True)
    service.online = True
    service.save()
    booking = book(service)

    for audience in ("client", "provider"):
        message = Message(event="confirmed", audience=audience, time_zone="UTC", language="en")
        real = messages.variables(message, booking)
        made_up = sample_values(
            company, event="confirmed", audience=audience, language="en", now=timezone.now()
        )
        links = [name for name in real if name.endswith("link") and real[name]]
        assert "booking_link" in links
        assert [len(made_up[one]) for one in links] == [len(real[one]) for one in links]


def test_a_booking_of_another_company_is_no_example(client, member):
    other = Company.objects.create(slug="birch", name="Birch", time_zone="Europe/Paris")
    theirs = book(make_service(other, "Talk", [make_provider(other, "Eve Demo")]))

    response = client.post(
        f"{TEXT}preview/", typed("[client]", example=theirs.code), headers={"HX-Request": "true"}
    )

    assert "Camille Sample" in text(response)


def test_without_scripts_a_preview_is_a_page_that_keeps_what_was_typed(client, member):
    response = client.post(f"{TEXT}preview/", typed("Not saved, [client]"))

    assert ">\nNot saved, [client]</textarea>" in text(response)
    assert "Not saved, Camille Sample" in text(response)
    assert written() == []


def test_what_a_client_typed_is_never_markup_in_a_preview(client, member, service):
    booking = book(service, name="<script>alert(1)</script>")

    response = client.post(
        f"{TEXT}preview/", typed("[client]", example=booking.code), headers={"HX-Request": "true"}
    )

    # Escaped once for the mail, and once more to stand in the frame's attribute.
    assert "&amp;lt;script&amp;gt;" in text(response)
    assert "<script>alert" not in text(response)


def test_a_test_is_mailed_to_whoever_asks(client, member, settings):
    settings.EMAIL_BACKEND = "visavis.notifications.mail_backend.OutboxBackend"

    response = client.post(f"{TEXT}test/", typed("Hello [client]", "Trying [service]"))

    message = Message.objects.get()
    assert response.status_code == 200
    assert message.recipient == member.user.email
    assert message.subject == "[Test] Trying Sample service"
    assert "Hello Camille Sample" in message.text
    assert "Hello Camille Sample" in message.html


def test_a_test_saves_nothing_and_keeps_what_was_typed(client, member):
    response = client.post(f"{TEXT}test/", typed("Just trying"))

    assert ">\nJust trying</textarea>" in text(response)
    assert written() == []


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        (f"{TEXT}test/", typed("Just trying")),
        (f"{TEXT}preview/", typed("Just trying")),
        (f"{PAGE}sms/gateway/test/", {"phone": "nonsense"}),
        (f"{REMINDERS}timing/", {"quiet_starts": "nonsense"}),
    ],
)
def test_what_was_tried_out_is_saved_from_there(client, company, path, sent):
    sign_in(client, company, "owner")
    SmsAccount.objects.create(company=company, via="http", url="https://sms.example/")

    page = text(client.post(path, sent))

    forms = re.findall(r"<form[^>]*>", page)
    first = next(one for one in forms if "text-editor" in one or "form card" in one)
    assert f'action="{path.rsplit("/", 2)[0]}/"' in first


def test_a_text_with_a_mistake_is_not_mailed(client, member, mailoutbox):
    response = client.post(f"{TEXT}test/", typed("[clint]"))

    assert response.status_code == 422
    assert mailoutbox == []


def test_an_online_service_whose_text_has_no_link_is_pointed_out(client, member, company, provider):
    make_service(company, "Talk", [provider], online=True)
    client.post(TEXT, typed("Hello [client]"))

    assert "This text has no link to the online meeting" in text(client.get(TEXT))
    assert "no meeting link" in text(client.get(PAGE))


def test_without_online_services_no_link_is_missed(client, member, service):
    client.post(TEXT, typed("Hello [client]"))

    assert "no link to the online meeting" not in text(client.get(TEXT))
    assert "no meeting link" not in text(client.get(PAGE))


@pytest.mark.parametrize(
    "place",
    ["confirmed/client/de", "confirmed/staff/en", "follow_up/provider/en", "nothing/client/en"],
)
def test_a_text_that_does_not_exist_is_not_found(client, member, place):
    assert client.get(f"{PAGE}{place}/").status_code == 404


def test_the_list_needs_as_many_queries_for_three_texts_as_for_one(
    client, member, django_assert_max_num_queries
):
    client.post(TEXT, typed())
    with django_assert_max_num_queries(12) as one:
        client.get(PAGE)
    needed = len(one)
    client.post(f"{PAGE}confirmed/client/fr/", typed())
    client.post(f"{PAGE}cancelled/client/fr/", typed())

    with django_assert_max_num_queries(needed):
        client.get(PAGE)


def test_a_reminder_is_added_and_holds_for_bookings_made_already(client, member, service):
    booking = book(service)

    response = client.post(REMINDERS, {"audience": "client", "minutes_before": "120"})
    replanning.carry_on(timezone.now())

    assert response.url == REMINDERS
    planned = Message.objects.get(event="reminder", about_id=booking.pk)
    lead = booking.appointment.starts_at - planned.due_at
    assert lead.total_seconds() == 120 * 60


def test_a_removed_reminder_is_not_sent_any_more(client, member, service):
    client.post(REMINDERS, {"audience": "client", "minutes_before": "120"})
    book(service)

    client.post(f"{REMINDERS}{ReminderTime.objects.get().pk}/remove/")
    replanning.carry_on(timezone.now())

    assert not Message.objects.filter(event="reminder", status="planned").exists()


def test_the_same_reminder_twice_is_one(client, member):
    for _time in range(2):
        client.post(REMINDERS, {"audience": "client", "minutes_before": "120"})

    assert ReminderTime.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"audience": "client", "minutes_before": "0"},
        {"audience": "client", "minutes_before": "soon"},
        {"audience": "client", "minutes_before": "99999999"},
        {"audience": "company", "minutes_before": "60"},
        {},
    ],
)
def test_a_wrong_reminder_is_refused(client, member, wrong):
    response = client.post(REMINDERS, wrong)

    assert response.status_code == 422
    assert not ReminderTime.objects.exists()


SMS_REMINDER = {"audience": "client", "minutes_before": "120", "channel": "sms"}


@pytest.fixture
def account(company):
    return SmsAccount.objects.create(company=company, via="http", url="https://sms.example/")


def test_a_reminder_by_sms_is_added_and_holds_for_bookings_made_already(
    client, member, account, company, service
):
    booking = book(service, phone="06 12 34 56 78")
    SmsNumber.objects.create(
        company=company, number="+33612345678", wanted=True, source="form", since=timezone.now()
    )

    client.post(REMINDERS, SMS_REMINDER)
    replanning.carry_on(timezone.now())

    planned = Message.objects.get(event="reminder", about_id=booking.pk)
    assert (planned.channel, planned.recipient) == ("sms", "+33612345678")


def test_a_reminder_by_sms_stands_in_the_list_beside_one_by_mail(client, member, account):
    client.post(REMINDERS, SMS_REMINDER)
    client.post(REMINDERS, {**SMS_REMINDER, "channel": "email"})

    page = text(client.get(REMINDERS))

    assert page.count('<li class="row">') == 2
    assert page.count('<span class="badge">SMS</span>') == 1


def test_reminders_by_sms_are_offered_to_whoever_has_a_gateway(client, member, company):
    assert 'name="channel"' not in text(client.get(REMINDERS))

    SmsAccount.objects.create(company=company, via="http", url="https://sms.example/")

    assert 'name="channel"' in text(client.get(REMINDERS))


def test_without_a_gateway_a_reminder_goes_by_mail(client, member):
    client.post(REMINDERS, SMS_REMINDER)

    assert ReminderTime.objects.get().channel == "email"


def test_a_reminder_by_sms_that_lost_its_gateway_is_pointed_out(client, member, company):
    ReminderTime.objects.create(company=company, minutes_before=60, channel="sms")

    page = text(client.get(REMINDERS))

    assert "SMS need a gateway, and none is set up." in page
    assert "Remove" in page


def test_reminders_by_sms_that_are_switched_off_are_pointed_out(client, member, account):
    client.post(REMINDERS, {**SMS_REMINDER, "audience": "provider"})

    page = text(client.get(REMINDERS))

    assert "Reminders to providers by SMS are switched off." in page
    assert "Reminders to providers are switched off." not in page


def test_reminders_that_are_switched_off_are_pointed_out(client, member):
    client.post(REMINDERS, {"audience": "provider", "minutes_before": "60"})

    assert "Reminders to providers are switched off." in text(client.get(REMINDERS))


def test_a_reminder_of_another_company_is_not_found(client, member):
    other = Company.objects.create(slug="birch", name="Birch", time_zone="Europe/Paris")
    theirs = ReminderTime.objects.create(company=other, audience="client", minutes_before=60)

    assert client.post(f"{REMINDERS}{theirs.pk}/remove/").status_code == 404
    assert ReminderTime.objects.filter(pk=theirs.pk).exists()


OFFICE_PAGES = (PAGE, TEXT, REMINDERS, f"{PAGE}flexible/")


@pytest.mark.parametrize("page", OFFICE_PAGES)
@pytest.mark.parametrize("role", ["receptionist", "provider", "viewer"])
def test_roles_without_the_permission_are_refused(client, company, page, role):
    sign_in(client, company, role)

    assert client.get(page).status_code == 403


@pytest.mark.parametrize("page", OFFICE_PAGES)
def test_a_stranger_finds_nothing(client, company, page):
    other = Company.objects.create(slug="birch", name="Birch", time_zone="Europe/Paris")
    sign_in(client, other, "owner")

    assert client.get(page).status_code == 404


@pytest.mark.parametrize("page", OFFICE_PAGES)
def test_who_is_not_signed_in_is_asked_to(client, company, page):
    assert "/accounts/login/" in client.get(page).url


TIMING = f"{REMINDERS}timing/"


def test_quiet_hours_hold_for_bookings_made_already(client, member, company, service):
    booking = book(service)
    client.post(REMINDERS, {"audience": "client", "minutes_before": "120"})

    response = client.post(
        TIMING, {"quiet_starts": "20:00", "quiet_ends": "09:00", "follow_up_minutes": "60"}
    )
    replanning.carry_on(timezone.now())

    assert response.url == REMINDERS
    planned = Message.objects.get(event="reminder", about_id=booking.pk)
    assert booking.appointment.starts_at - planned.due_at == timedelta(hours=1)
    assert 'value="20:00"' in text(client.get(REMINDERS))


def test_quiet_hours_are_taken_back(client, member, company):
    client.post(TIMING, {"quiet_starts": "20:00", "quiet_ends": "9:00", "follow_up_minutes": "60"})

    client.post(TIMING, {"quiet_starts": "", "quiet_ends": "", "follow_up_minutes": "60"})

    assert company.message_timing.quiet_hours is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"quiet_starts": "20:00", "quiet_ends": "", "follow_up_minutes": "60"},
        {"quiet_starts": "", "quiet_ends": "08:00", "follow_up_minutes": "60"},
        {"quiet_starts": "late", "quiet_ends": "08:00", "follow_up_minutes": "60"},
        {"quiet_starts": "", "quiet_ends": "", "follow_up_minutes": "-1"},
    ],
)
def test_wrong_quiet_hours_are_refused_and_not_lost(client, member, company, wrong):
    response = client.post(TIMING, wrong)

    assert response.status_code == 422
    assert not hasattr(company, "message_timing")
    assert all(value in text(response) for value in wrong.values())


def test_follow_ups_that_are_switched_off_are_pointed_out(client, member):
    assert "Follow-ups are switched off." in text(client.get(REMINDERS))
