"""The product's own help, for everybody."""

from django.urls import path

from visavis.help import views

app_name = "help"
urlpatterns = [
    path("", views.index, name="index"),
    path("online-meetings/", views.online_meetings, name="online_meetings"),
]
