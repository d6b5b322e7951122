"""Custom features, online video meetings, the connection to Zoom."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
