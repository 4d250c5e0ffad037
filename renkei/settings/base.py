"""What all installations share. What differs comes from the environment (.env.example)."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from renkei.settings import environment

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = Path(environment.text("RENKEI_VAR", str(ROOT / "var")))

SECRET_KEY = environment.text("SECRET_KEY")
# Earlier keys, while a new one takes over: sessions and second factors stay readable.
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS")
# Seals the keys of kept files (papers.sealing); apart from SECRET_KEY, which sessions wear out.
FILE_KEY = environment.text("FILE_KEY")
# Earlier ones, until "renkei renew-file-keys" has run.
FILE_KEY_FALLBACKS = environment.words("FILE_KEY_FALLBACKS")
# "clamd:/path/of/socket" or "command:program arguments" (the file on its input); off when empty.
VIRUS_SCANNER = environment.text("VIRUS_SCANNER", "")
DEBUG = False
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "localhost,127.0.0.1")
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "renkei.foundation.common",
    "renkei.foundation.areas",
    "renkei.foundation.audit",
    "renkei.foundation.notifications",
    "renkei.foundation.accounts",
    "renkei.foundation.papers",
    "renkei.foundation.sheets",
    "renkei.registry.facilities",
    "renkei.care.patients",
    "renkei.care.timelines",
    "renkei.care.transitions",
    "renkei.programme.indicators",
    "renkei.programme.planning",
    "renkei.gateways.portal",
    "renkei.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "renkei.foundation.accounts.middleware.ViewerMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "renkei.urls"
WSGI_APPLICATION = "renkei.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "renkei.gateways.portal.context.site",
            ],
            "builtins": [
                "renkei.foundation.common.templatetags.components",
                "renkei.foundation.common.templatetags.renkei",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Pooled connections: without a pool each request pays for a new one.
DATABASES = {
    "default": {
        **environment.database(environment.text("DATABASE_URL")),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": 8},
            # Kept queries alone are prepared (common.kept_queries); all others write values in.
            "prepare_threshold": 2,
        },
    }
}
# Migrations run as the owner of the tables (renkei setup-database), everything else does not.
_OWNER_URL = environment.text("DATABASE_OWNER_URL", "")
DATABASE_OWNER = environment.database(_OWNER_URL) if _OWNER_URL else None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:start"
ACCOUNT_ADAPTER = "renkei.foundation.accounts.adapters.AccountAdapter"
# Accounts come by invitation only; there is no page that opens one (adapters.AccountAdapter).
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login_name"
# People without mail sign in with the number printed on their invitation.
ACCOUNT_LOGIN_METHODS = {"email", "username"}
# The invitation proves the address: who has its link reads that mailbox.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 60 * 15
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    # Lock-out: five wrong passwords or codes for one account, twenty from one address.
    "login_failed": "20/5m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "invitation": "60/5m/ip",
    # The page behind the QR code of an emergency card; a fire desk has locks of its own.
    "emergency_card": "20/5m/ip",
    # A link to one document for somebody without an account; each link has a limit of its own.
    "outside_link": "20/5m/ip",
    "joining": "10/h/ip",
    "joining_status": "30/5m/ip",
    "device": "20/5m/ip",
}
_FORMS = "renkei.foundation.accounts.forms.sign_in."
ACCOUNT_FORMS = {
    "login": _FORMS + "LoginForm",
    "reauthenticate": _FORMS + "ReauthenticateForm",
    "change_password": _FORMS + "ChangePasswordForm",
    "set_password": _FORMS + "SetPasswordForm",
    "reset_password": _FORMS + "ResetPasswordForm",
    "reset_password_from_key": _FORMS + "ResetPasswordKeyForm",
}
MFA_FORMS = {
    "authenticate": _FORMS + "SecondFactorForm",
    "reauthenticate": _FORMS + "SecondFactorAgainForm",
    "activate_totp": _FORMS + "ActivateTOTPForm",
    "add_webauthn": _FORMS + "AddPasskeyForm",
    "edit_webauthn": _FORMS + "EditPasskeyForm",
}
MFA_ADAPTER = "renkei.foundation.accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Renkei"
# One step either way: clocks of old phones drift.
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True

# Sign-in by the municipality's own provider (OpenID Connect): off until an issuer is named.
OIDC_ISSUER = environment.text("OIDC_ISSUER", "")
# Whose addresses the provider may vouch for; it must not open other organisations' accounts.
OIDC_EMAIL_DOMAINS = environment.words("OIDC_EMAIL_DOMAINS")
# "amr": believe the token's amr claim; "always": the provider always asks twice; "never".
OIDC_SECOND_FACTOR = environment.text("OIDC_SECOND_FACTOR", "amr")
SOCIALACCOUNT_ADAPTER = "renkei.foundation.accounts.adapters.SocialAccountAdapter"
# The account is found by its proved address; nothing else of the provider is kept.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = False
# A link, not a form: the content policy lets forms go to our own host alone.
SOCIALACCOUNT_LOGIN_ON_GET = True
if OIDC_ISSUER:
    if not OIDC_EMAIL_DOMAINS:
        raise ImproperlyConfigured(
            "OIDC_ISSUER を使うときは、OIDC_EMAIL_DOMAINS に職員のメールアドレスの"
            "ドメインを設定してください。"
        )
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "provider",
                    "name": environment.text("OIDC_NAME", "庁内の認証基盤"),
                    "client_id": environment.text("OIDC_CLIENT_ID"),
                    "secret": environment.text("OIDC_CLIENT_SECRET"),
                    "settings": {"server_url": OIDC_ISSUER},
                }
            ],
        }
    }

LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
# 2019 is 令和元年度 ("new") or 平成31年度 ("old").
FISCAL_YEAR_ERA = environment.text("FISCAL_YEAR_ERA", "new")

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "renkei" / "static"]
# The framework's own logging stays; its lines about requests lose what is half a key.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"half_keys": {"()": "renkei.foundation.common.half_keys.HideHalfKeys"}},
    "loggers": {
        name: {"filters": ["half_keys"]}
        for name in ("django.request", "django.security.csrf", "django.server")
    },
}

STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "files", "base_url": None},
    },
    # Kept files, sealed; no address leads here.
    "papers": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": VAR / "papers",
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Uploaded registers go to disk at once; a web worker never holds a whole file in memory.
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 8
CSRF_COOKIE_HTTPONLY = True
# The live stream is a process of its own: another port here, the same origin behind a proxy.
LIVE_URL = environment.text("LIVE_URL", "/live/")
LIVE_ORIGIN = environment.text("LIVE_ORIGIN", "")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "worker-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF, *([LIVE_URL] if LIVE_URL.startswith("http") else [])],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = environment.text("EMAIL_HOST", "")
EMAIL_PORT = environment.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = environment.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = environment.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = environment.flag("EMAIL_USE_TLS", default=False)
# A server that does not answer is given up before the person at the screen gives up.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "renkei@localhost")
# What people type. The worker, which answers no request, builds the links of mails from it.
SITE_URL = environment.text("SITE_URL", "http://localhost:8000/")

# How long a device opens what it keeps for a visit without reception.
VISIT_LEASE_SECONDS = environment.number("VISIT_LEASE_SECONDS", 12 * 60 * 60)

# Where typst finds its static fonts; the front-end build copies them here.
PRINT_FONTS = ROOT / "renkei" / "static" / "dist" / "print-fonts"

# For how long a card and its PIN, or 緊急閲覧, open one person's emergency information.
EMERGENCY_CARD_HOURS = environment.number("EMERGENCY_CARD_HOURS", 4)
BREAK_GLASS_HOURS = environment.number("BREAK_GLASS_HOURS", 4)
# A link that opens one document to somebody without an account: for how long, how many wrong
# codes close it, and how often it may be opened.
OUTSIDE_LINK_HOURS = environment.number("OUTSIDE_LINK_HOURS", 72)
OUTSIDE_LINK_TRIES = environment.number("OUTSIDE_LINK_TRIES", 5)
OUTSIDE_LINK_OPENINGS = environment.number("OUTSIDE_LINK_OPENINGS", 5)
# Who may use 緊急閲覧 beside a fire department's desk.
BREAK_GLASS_PROFESSIONS = environment.words(
    "BREAK_GLASS_PROFESSIONS", "医師,歯科医師,看護師,准看護師,保健師,救急救命士"
)

# Pages of the ministry that link the half-yearly files; read only by ``renkei fetch-open-data``.
OPEN_DATA_PAGES = environment.words(
    "OPEN_DATA_PAGES",
    "https://www.mhlw.go.jp/stf/kaigo-kouhyou_opendata.html,"
    "https://www.mhlw.go.jp/stf/seisakunitsuite/bunya/kenkou_iryou/iryou/newpage_43373.html",
)
