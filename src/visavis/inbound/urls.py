"""Addresses that other programs call."""

from django.urls import path

from visavis.inbound import zoom

app_name = "inbound"
urlpatterns = [
    path("zoom/", zoom.receive, name="zoom"),
    path("zoom/<str:address>/", zoom.receive, name="zoom_own"),
]
