"""What a web process loads."""

import os
import subprocess
import sys

LOAD = """
import sys
import visavis.config.wsgi, visavis.config.urls
assert "visavis.notifications.sms" in sys.modules
big = {"twilio", "aiohttp", "requests", "holidays", "xlsxwriter", "django.contrib.admin"}
print(sorted(big & set(sys.modules)))
"""


def test_big_libraries_that_few_need_are_loaded_when_they_are_needed():
    ours = {"DJANGO_SETTINGS_MODULE": "visavis.config.settings", "VISAVIS_ENV": "development"}

    loaded = subprocess.run(
        [sys.executable, "-c", LOAD],
        check=False,
        env=os.environ | ours,
        capture_output=True,
        text=True,
    )

    assert loaded.stdout == "[]\n", loaded.stderr
