"""The test run: fast hashing of nothing, real PostgreSQL, mail kept in memory."""

from __future__ import annotations

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)
os.environ.setdefault("FILE_KEY", "only-for-tests-" + "y" * 40)

from renkei.settings.base import *  # noqa: F403

DEMO = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
DATABASES["default"]["OPTIONS"] = {}
DATABASE_OWNER = None
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# whitenoise warns, and a warning is an error, when nothing was collected yet.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
# Kept files go with the run.
STORAGES["papers"] = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
