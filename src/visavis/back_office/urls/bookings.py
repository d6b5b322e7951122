"""Calendar, bookings and clients."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
