"""Settings of a server whose guard is off, to see that the races would be lost without it.

Bookings ask what is free and then write, with neither a lock nor a transaction around, as
many programs do. Only this file can do that: nothing in the product knows of it.
"""

from contextlib import nullcontext
from types import SimpleNamespace

from django.apps import AppConfig

from visavis.config.settings import *  # noqa: F403
from visavis.config.settings import INSTALLED_APPS


class Unguarded(AppConfig):
    name = "races.unguarded"
    label = "unguarded"

    def ready(self):
        from visavis.bookings import locks, transactions

        cannot_lock = SimpleNamespace(has_select_for_no_key_update=False)
        locks.connection = SimpleNamespace(features=cannot_lock)
        transactions.transaction = SimpleNamespace(atomic=nullcontext)


INSTALLED_APPS += ["races.unguarded.Unguarded"]
