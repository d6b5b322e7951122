"""Which browser people have, and how it is started."""

import shutil

# What distributions call it; whichever comes first.
NAMES = ("chromium", "chromium-browser", "google-chrome")
# Without these Chromium asks for hosts that are none of our business.
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    # There is none, and imitating one costs more than doing without.
    "--disable-gpu",
]


def chromium():
    """Return the path of Chromium or Chrome, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)
