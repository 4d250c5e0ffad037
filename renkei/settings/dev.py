"""The one-command installation of bin/run: embedded database, demo region, http on localhost."""

from __future__ import annotations

import os

# Only reached through bin/run, which writes a random key into var/ at the first start.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renkei.settings.dev")

from renkei.settings.base import *  # noqa: F403

DEMO = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
# Nothing is collected here; of a folder that is not there each start would warn.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
