"""Texts of messages, their variants for a service or a provider, and reminders."""

from django.urls import URLPattern, path

from visavis.back_office.views import flexible, mail_check, reminders, sms, text, texts
from visavis.notifications.models import Channel

_texts = "<slug:company>/texts/"
_general = f"{_texts}<slug:event>/<slug:audience>/<slug:language>/"
_flexible = f"{_texts}flexible/<slug:scope>/<slug:event>/<slug:audience>/<slug:language>/"
_sms = f"{_texts}sms/"
_SMS = {"channel": Channel.SMS}

urlpatterns: list[URLPattern] = [
    path(_texts, texts.texts, name="texts"),
    path(f"{_texts}mail/", mail_check.mail_check, name="mail_check"),
    path(_sms, texts.texts, _SMS, name="sms_texts"),
    path(f"{_sms}gateway/", sms.gateway, name="sms_gateway"),
    path(f"{_sms}gateway/test/", sms.try_gateway, name="sms_gateway_test"),
    path(f"{_texts}reminders/", reminders.reminders, name="reminders"),
    path(f"{_texts}reminders/timing/", reminders.timing, name="reminder_timing"),
    path(f"{_texts}reminders/<int:pk>/remove/", reminders.remove, name="reminder_remove"),
    path(f"{_texts}flexible/", flexible.flexible, name="flexible"),
    path(f"{_texts}flexible/new/", flexible.new, name="flexible_new"),
    # The same pages for a general text and for one of a service, a provider or both.
    *(
        path(f"{place}{page}", view, more, name=f"{prefix}{name}")
        for place, more, prefix in (
            (_general, {}, ""),
            (_flexible, {}, ""),
            (_general.replace(_texts, _sms), _SMS, "sms_"),
            (_flexible.replace(_texts, _sms), _SMS, "sms_"),
        )
        for page, view, name in (
            ("", text.text, "text"),
            ("preview/", text.show_preview, "text_preview"),
            ("test/", text.send_test, "text_test"),
            ("reset/", text.reset, "text_reset"),
        )
    ),
]
