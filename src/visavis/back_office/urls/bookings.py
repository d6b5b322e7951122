"""Calendar, bookings and clients."""

from django.urls import path

from visavis.back_office.views import (
    bookings,
    bookings_ending,
    bookings_moving,
    bookings_new,
    calendar,
    client_texts,
    clients,
    waiting,
    why_not,
)

urlpatterns = [
    path("<slug:company>/calendar/", calendar.calendar, name="calendar"),
    path("<slug:company>/calendar/events/", calendar.calendar_events, name="calendar_events"),
    path("<slug:company>/why-not/", why_not.why_not, name="why_not"),
    path("<slug:company>/bookings/pending/", bookings.pending, name="pending"),
    path("<slug:company>/bookings/new/", bookings_new.new_booking, name="new_booking"),
    path("<slug:company>/bookings/<str:code>/", bookings.booking, name="booking"),
    path(
        "<slug:company>/bookings/<str:code>/move/",
        bookings_moving.move_booking,
        name="move_booking",
    ),
    path(
        "<slug:company>/bookings/<str:code>/cancel/",
        bookings_ending.cancel_booking,
        name="cancel_booking",
    ),
    path(
        "<slug:company>/bookings/<str:code>/approve/",
        bookings.approve_booking,
        name="approve_booking",
    ),
    path(
        "<slug:company>/bookings/<str:code>/decline/",
        bookings_ending.decline_booking,
        name="decline_booking",
    ),
    path(
        "<slug:company>/bookings/<str:code>/complete/",
        bookings.complete_booking,
        name="complete_booking",
    ),
    path(
        "<slug:company>/bookings/<str:code>/no-show/",
        bookings.no_show_booking,
        name="no_show_booking",
    ),
    path(
        "<slug:company>/bookings/<str:code>/note/",
        bookings.edit_booking_note,
        name="edit_booking_note",
    ),
    path("<slug:company>/appointments/<int:pk>/", bookings.appointment, name="appointment"),
    path("<slug:company>/appointments/<int:pk>/waiting/", waiting.who_waits, name="who_waits"),
    path(
        "<slug:company>/appointments/<int:pk>/move/",
        bookings_moving.move_appointment,
        name="move_appointment",
    ),
    path(
        "<slug:company>/appointments/<int:pk>/cancel/",
        bookings_ending.cancel_appointment,
        name="cancel_appointment",
    ),
    path("<slug:company>/clients/", clients.clients, name="clients"),
    path("<slug:company>/clients/new/", clients.new_client, name="new_client"),
    path("<slug:company>/clients/<int:pk>/", clients.client, name="client"),
    path("<slug:company>/clients/<int:pk>/texts/", client_texts.client_texts, name="client_texts"),
    path("<slug:company>/clients/<int:pk>/edit/", clients.edit_client, name="edit_client"),
    path(
        "<slug:company>/clients/<int:pk>/send-link/",
        clients.send_client_link,
        name="send_client_link",
    ),
]
