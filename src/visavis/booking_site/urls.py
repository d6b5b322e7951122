"""Addresses of the booking sites: `/<company>/…`, and the front page of the installation."""

from django.urls import path, register_converter

from visavis.booking_site.converters import StartConverter
from visavis.booking_site.views import (
    booked,
    cancellation,
    details,
    holds,
    home,
    lost_link,
    my_bookings,
    offering,
    offerings,
    privacy,
    reminders,
    rescheduling,
    time_zone,
)

register_converter(StartConverter, "start")

BOOK = "<slug:company>/book/<slug:offering>/<start:start>/"
MINE = "<slug:company>/my-bookings/<slug:token>/"

app_name = "booking_site"
urlpatterns = [
    path("", home.home, name="home"),
    path("<slug:company>/", offerings.offerings, name="offerings"),
    path("<slug:company>/s/<slug:offering>/", offering.offering, name="offering"),
    path(BOOK, details.details, name="details"),
    path(f"{BOOK}as-typed/", details.as_typed, name="details_as_typed"),
    path(f"{BOOK}hold/", holds.hold, name="hold"),
    path("<slug:company>/release/", holds.release, name="release"),
    path("<slug:company>/booked/<str:booked>/", booked.booked, name="booked"),
    path(
        "<slug:company>/booked/<str:booked>/booking.ics",
        booked.calendar_file,
        name="booked_calendar_file",
    ),
    path("<slug:company>/my-bookings/", lost_link.lost_link, name="lost_link"),
    path(MINE, my_bookings.my_bookings, name="my_bookings"),
    path(f"{MINE}texts/", my_bookings.my_texts, name="my_texts"),
    path(f"{MINE}<slug:code>/", my_bookings.my_booking, name="my_booking"),
    path(f"{MINE}<slug:code>/cancellation/", cancellation.cancellation, name="cancellation"),
    path(f"{MINE}<slug:code>/rescheduling/", rescheduling.rescheduling, name="rescheduling"),
    path(f"{MINE}<slug:code>/booking.ics", my_bookings.calendar_file, name="calendar_file"),
    path("<slug:company>/reminders/<str:key>/", reminders.reminders, name="reminders"),
    path("<slug:company>/privacy/", privacy.privacy, name="privacy"),
    path("<slug:company>/time-zone/", time_zone.time_zone, name="time_zone"),
]
