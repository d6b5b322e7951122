"""Custom features, online video meetings, the connection to Zoom."""

from django.urls import URLPattern, path

from visavis.back_office.views import features, meetings, zoom, zoom_setup

_meetings = "<slug:company>/online-meetings/"

urlpatterns: list[URLPattern] = [
    path("<slug:company>/features/", features.all_features, name="features"),
    path("<slug:company>/features/<slug:key>/on/", features.switch_on, name="feature_on"),
    path("<slug:company>/features/<slug:key>/off/", features.switch_off, name="feature_off"),
    path(_meetings, meetings.platforms, name="online_meetings"),
    path(f"{_meetings}providers/", meetings.providers, name="meeting_providers"),
    path(f"{_meetings}start/", meetings.rules, name="meeting_rules"),
    path(f"{_meetings}zoom/authorise/", zoom.authorise, name="zoom_authorise"),
    path(f"{_meetings}zoom/reconnect/", zoom.reconnect, name="zoom_reconnect"),
    path(f"{_meetings}zoom/disconnect/", zoom.disconnect, name="zoom_disconnect"),
    path(f"{_meetings}zoom/users/", zoom.refresh_users, name="zoom_refresh_users"),
    path(f"{_meetings}zoom/app/", zoom_setup.setup, name="zoom_setup"),
    path(f"{_meetings}zoom/app/remove/", zoom_setup.remove, name="zoom_app_remove"),
    path(f"{_meetings}zoom/check/", zoom_setup.check, name="zoom_check"),
]
