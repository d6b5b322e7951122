"""Services, classes, providers and their hours."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
