"""WSGI entry for the web process (granian)."""

import gc

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

application = get_wsgi_application()
# Loads every address, so that all code is there before the first request.
_ = get_resolver().url_patterns
# What was loaded stays for ever: a full collection that walks it costs a page 150 ms.
gc.collect()
gc.freeze()
