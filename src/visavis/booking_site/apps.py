from django.apps import AppConfig


class BookingSiteConfig(AppConfig):
    name = "visavis.booking_site"
