"""Reports and their exports."""

from django.urls import path

from visavis.back_office.views import reports_bookings, reports_meetings, reports_messages

urlpatterns = [
    path(
        "<slug:company>/reports/bookings/", reports_bookings.booking_report, name="booking_report"
    ),
    path(
        "<slug:company>/reports/bookings/export/",
        reports_bookings.booking_report_export,
        name="booking_report_export",
    ),
    path(
        "<slug:company>/reports/meetings/", reports_meetings.meeting_report, name="meeting_report"
    ),
    path(
        "<slug:company>/reports/meetings/export/",
        reports_meetings.meeting_report_export,
        name="meeting_report_export",
    ),
    path(
        "<slug:company>/reports/meetings/<int:pk>/try-again/",
        reports_meetings.try_meeting_again,
        name="try_meeting_again",
    ),
    path(
        "<slug:company>/reports/messages/", reports_messages.message_report, name="message_report"
    ),
    path(
        "<slug:company>/reports/messages/send-failed-again/",
        reports_messages.send_failed_again,
        name="send_failed_again",
    ),
    path("<slug:company>/reports/messages/<int:pk>/", reports_messages.message, name="message"),
    path(
        "<slug:company>/reports/messages/<int:pk>/send-again/",
        reports_messages.send_message_again,
        name="send_message_again",
    ),
    path(
        "<slug:company>/reports/messages/<int:pk>/cancel/",
        reports_messages.cancel_message,
        name="cancel_message",
    ),
]
