"""Company, team, texts."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
