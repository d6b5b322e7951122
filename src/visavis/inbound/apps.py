from django.apps import AppConfig


class InboundConfig(AppConfig):
    name = "visavis.inbound"
