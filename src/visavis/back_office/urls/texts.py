"""Texts of messages, their variants for a service or a provider, and reminders."""

from django.urls import URLPattern, path

from visavis.back_office.views import flexible, mail_check, reminders, texts

_texts = "<slug:company>/texts/"
_general = f"{_texts}<slug:event>/<slug:audience>/<slug:language>/"
_flexible = f"{_texts}flexible/<slug:scope>/<slug:event>/<slug:audience>/<slug:language>/"

urlpatterns: list[URLPattern] = [
    path(_texts, texts.texts, name="texts"),
    path(f"{_texts}mail/", mail_check.mail_check, name="mail_check"),
    path(f"{_texts}reminders/", reminders.reminders, name="reminders"),
    path(f"{_texts}reminders/timing/", reminders.timing, name="reminder_timing"),
    path(f"{_texts}reminders/<int:pk>/remove/", reminders.remove, name="reminder_remove"),
    path(f"{_texts}flexible/", flexible.flexible, name="flexible"),
    path(f"{_texts}flexible/new/", flexible.new, name="flexible_new"),
    # The same pages for a general text and for one of a service, a provider or both.
    *(
        path(f"{place}{page}", view, name=name)
        for place in (_general, _flexible)
        for page, view, name in (
            ("", texts.text, "text"),
            ("preview/", texts.show_preview, "text_preview"),
            ("test/", texts.send_test, "text_test"),
            ("reset/", texts.reset, "text_reset"),
        )
    ),
]
