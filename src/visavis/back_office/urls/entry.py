"""Getting in: choosing or making a company, invitations, the overview."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
