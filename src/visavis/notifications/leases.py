"""For how long a worker holds a message, and how long one waits that was not taken."""

from datetime import timedelta

LEASE = timedelta(minutes=5)
# Pauses between tries; after the last one a message is given up and shown as failed.
# Together more than three days, so that a mail server may be down over a weekend.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440, 1440))
