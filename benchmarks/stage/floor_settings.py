"""The yardstick's settings: Django with nothing in it, on the product's database."""

import os

import dj_database_url

ALLOWED_HOSTS = ["127.0.0.1"]
SECRET_KEY = "only-for-measuring"
ROOT_URLCONF = "stage.floor"
USE_TZ = True
DATABASES = {"default": dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=None)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
