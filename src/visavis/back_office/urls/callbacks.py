"""Addresses that other systems send people back to; the same for all companies."""

from django.urls import URLPattern, path

from visavis.back_office.views import zoom

app_name = "connect"
urlpatterns: list[URLPattern] = [path("zoom/callback/", zoom.callback, name="zoom_callback")]
