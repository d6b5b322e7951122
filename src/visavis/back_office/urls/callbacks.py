"""Addresses that other systems send people back to; the same for all companies."""

from django.urls import URLPattern

app_name = "connect"
urlpatterns: list[URLPattern] = []
