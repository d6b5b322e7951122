"""The ways into online meetings. A link is resolved by its token alone."""

from django.urls import path

from visavis.entrance import views

app_name = "entrance"
urlpatterns = [
    path("<str:token>/", views.door, name="door"),
    path("<str:token>/state/", views.state, name="state"),
    path("<str:token>/start/", views.start, name="start"),
]
