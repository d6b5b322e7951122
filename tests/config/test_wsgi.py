"""What a web process loads."""

from config.fresh import run_anew

LOAD = """
import sys
import visavis.config.wsgi, visavis.config.urls
assert "visavis.notifications.sms" in sys.modules
big = {"twilio", "aiohttp", "requests", "holidays", "xlsxwriter", "django.contrib.admin"}
print(sorted(big & set(sys.modules)))
"""


def test_big_libraries_that_few_need_are_loaded_when_they_are_needed():
    loaded = run_anew(LOAD)

    assert loaded.stdout == "[]\n", loaded.stderr
