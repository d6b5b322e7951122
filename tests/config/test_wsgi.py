"""What a web process loads."""

import os
import subprocess
import sys

LOAD = """
import sys
import visavis.config.wsgi, visavis.config.urls
assert "visavis.notifications.sms" in sys.modules
print(sorted({"twilio", "aiohttp", "requests"} & set(sys.modules)))
"""


def test_the_library_for_texts_is_left_to_workers():
    ours = {"DJANGO_SETTINGS_MODULE": "visavis.config.settings", "VISAVIS_ENV": "development"}

    loaded = subprocess.run(
        [sys.executable, "-c", LOAD],
        check=False,
        env=os.environ | ours,
        capture_output=True,
        text=True,
    )

    assert loaded.stdout == "[]\n", loaded.stderr
