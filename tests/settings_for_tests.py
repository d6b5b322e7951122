"""The product's own settings, as a development installation."""

import os

os.environ["VISAVIS_ENV"] = "development"
os.environ["VISAVIS_LOG_LEVEL"] = "ERROR"

from visavis.config.settings import *  # noqa: F403

# Hashing passwords slowly is for people who steal databases, not for tests.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Every test client would look through all static files; here they are looked up when asked for.
WHITENOISE_AUTOREFRESH = True
