from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The installation itself: it refuses to start with an unsafe setting."""

    name = "visavis.config"

    def ready(self) -> None:
        from visavis.config import checks  # noqa: F401 registers them
