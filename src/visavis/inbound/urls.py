"""Addresses that other programs call."""

from django.conf import settings
from django.urls import path

from visavis.inbound import mail, zoom

app_name = "inbound"
urlpatterns = [
    path("zoom/", zoom.receive, name="zoom"),
    path("zoom/<str:address>/", zoom.receive, name="zoom_own"),
]
if settings.MAIL_RELAY:
    urlpatterns += [path("mail/", mail.receive, name="mail")]
