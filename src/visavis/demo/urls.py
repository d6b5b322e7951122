"""The demo's own pages."""

from django.urls import path

from visavis.demo import views

app_name = "demo"
urlpatterns = [
    path("mailbox/", views.inbox, name="inbox"),
    path("mailbox/<slug:name>/", views.mail, name="mail"),
    path("mailbox/<slug:name>/html/", views.mail_html, name="mail_html"),
]
