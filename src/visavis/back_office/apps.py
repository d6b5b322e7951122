from django.apps import AppConfig


class BackOfficeConfig(AppConfig):
    name = "visavis.back_office"
