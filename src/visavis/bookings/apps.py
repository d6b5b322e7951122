from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class BookingsConfig(AppConfig):
    name = "visavis.bookings"

    def ready(self) -> None:
        from visavis.bookings import rules_version

        pre_migrate.connect(rules_version.stop_watching, sender=self)
        post_migrate.connect(rules_version.watch, sender=self)
