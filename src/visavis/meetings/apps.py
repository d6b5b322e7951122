from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "visavis.meetings"

    def ready(self) -> None:
        from visavis.connections import signals
        from visavis.meetings import forgetting

        signals.ended.connect(forgetting.forget)
        signals.users_listed.connect(forgetting.recognise)
