"""Production: refuses to start with a missing or default secret, or without https."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from renkei.settings import environment
from renkei.settings.base import *  # noqa: F403

DEMO = False
MINIMUM_SECRET_LENGTH = 50
MINIMUM_SECRET_CHARACTERS = 10

for _name, _secret in (("SECRET_KEY", SECRET_KEY), ("FILE_KEY", FILE_KEY)):
    if (
        len(_secret) < MINIMUM_SECRET_LENGTH
        or len(set(_secret)) < MINIMUM_SECRET_CHARACTERS
        or any(word in _secret.lower() for word in ("change", "example", "only-for"))
    ):
        raise ImproperlyConfigured(f"{_name} には50文字以上のでたらめな値を設定してください。")
if FILE_KEY == SECRET_KEY:
    raise ImproperlyConfigured("FILE_KEY には SECRET_KEY と違う値を設定してください。")
if "postgresql" not in environment.text("DATABASE_URL"):
    raise ImproperlyConfigured("DATABASE_URL を設定してください。")

environment.text("ALLOWED_HOSTS")  # no default here: links in mails are built from it
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS には、実際のホスト名だけを設定してください。")
SITE_URL = environment.text("SITE_URL", f"https://{ALLOWED_HOSTS[0]}/")
if OIDC_ISSUER and not OIDC_ISSUER.startswith("https://"):
    # The token comes straight from the provider; https is what proves it.
    raise ImproperlyConfigured("OIDC_ISSUER は https:// で始まる値にしてください。")

# Rate limits count by the address the proxy saw; a wrong number lets people forge it.
ALLAUTH_TRUSTED_PROXY_COUNT = environment.number("TRUSTED_PROXY_COUNT", 1)
SECURE_SSL_REDIRECT = environment.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
