"""Addresses of the back office, one module for each part of it."""

from visavis.back_office.urls import bookings, entry, manage, meetings, reports, settings, texts

app_name = "back_office"
urlpatterns = [
    *entry.urlpatterns,
    *bookings.urlpatterns,
    *manage.urlpatterns,
    *meetings.urlpatterns,
    *reports.urlpatterns,
    *settings.urlpatterns,
    *texts.urlpatterns,
]
