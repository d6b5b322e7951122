"""Reports and their exports."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
