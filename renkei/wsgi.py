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
# A page of thousands of persons makes a hundred thousand small things that it drops itself; Python
# would look through them 140 times on the way.
gc.set_threshold(50_000, 20, 20)
