"""Signs of life of the worker processes, for `/healthz` and the dashboard."""

from django.db import models


class Heartbeat(models.Model):
    """When a worker process was last seen."""

    name = models.CharField(max_length=100, unique=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
