"""The WSGI application that granian (or any other server) runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visavis.config.settings")

application = get_wsgi_application()
# All pages are loaded now, not while the first visitor waits. What is here to stay is then no
# garbage to be looked for again and again.
_pages = get_resolver().url_patterns
gc.freeze()
