"""Settings, read from the environment. `docs/settings.md` lists every variable.

Production is the default: an installation that forgets to say what it is gets the
strict checks of `visavis.config.checks`, not the loose ones.
"""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONCE, SELF
from django.core.files.utils import FileProxyMixin
from django.db.models import Field
from django.forms.models import BaseModelForm, BaseModelFormSet
from django.utils.translation import gettext_lazy as _

from visavis.config.environment import flag, number, text, words

# Lets classes be written with their types, ModelForm[Company], as django-stubs has them. Its own
# patch (django_stubs_ext) loads all of django.contrib.admin for this, at each start.
_generic: tuple[Any, ...] = (BaseModelForm, BaseModelFormSet, Field, FileProxyMixin)
for _each in _generic:
    _each.__class_getitem__ = classmethod(lambda cls, _types: cls)

PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(text("VISAVIS_HOME", str(Path.cwd() / "var")))

# --- What kind of installation this is -----------------------------------------
DEVELOPMENT = text("VISAVIS_ENV", "production") == "development"
DEBUG = flag("VISAVIS_DEBUG", default=False)
# Too short for production, where `visavis.config.checks` says so and what to set.
SECRET_KEY = text("VISAVIS_SECRET_KEY") or "not-secret-development-only"
ENCRYPTION_KEYS = words("VISAVIS_ENCRYPTION_KEYS")
BASE_URL = text("VISAVIS_BASE_URL", "http://localhost:8000" if DEVELOPMENT else "").rstrip("/")
_base = urlsplit(BASE_URL)
# This machine's own names as well: health checks come by them.
ALLOWED_HOSTS = [
    *(words("VISAVIS_ALLOWED_HOSTS") or [_base.hostname or "localhost"]),
    "localhost",
    "127.0.0.1",
    "[::1]",
]
# Header by which a reverse proxy says that the visitor came by https, when there is one.
TRUSTED_PROXIES = number("VISAVIS_TRUSTED_PROXIES", 0)

# --- The product ------------------------------------------------------------------
# How long a seat is held while a client fills in the form; 0 holds none.
HOLD_MINUTES = number("VISAVIS_HOLD_MINUTES", 10)
SIGN_UP_OPEN = flag("VISAVIS_SIGN_UP_OPEN", default=True)
ZOOM_CLIENT_ID = text("VISAVIS_ZOOM_CLIENT_ID")
ZOOM_CLIENT_SECRET = text("VISAVIS_ZOOM_CLIENT_SECRET")
# With an account the app is a Server-to-Server one, for the company with this address.
ZOOM_ACCOUNT_ID = text("VISAVIS_ZOOM_ACCOUNT_ID")
ZOOM_ACCOUNT_COMPANY = text("VISAVIS_ZOOM_ACCOUNT_COMPANY")
ZOOM_WEBHOOK_SECRET = text("VISAVIS_ZOOM_WEBHOOK_SECRET")
ZOOM_OAUTH_URL = text("VISAVIS_ZOOM_OAUTH_URL", "https://zoom.us").rstrip("/")
ZOOM_API_URL = text("VISAVIS_ZOOM_API_URL", "https://api.zoom.us").rstrip("/")
ZOOM_INSTALLED_APPS_URL = text(
    "VISAVIS_ZOOM_INSTALLED_APPS_URL", "https://marketplace.zoom.us/user/installed"
)
JITSI_URL = text("VISAVIS_JITSI_URL", "https://meet.jit.si").rstrip("/")
TWILIO_ACCOUNT_SID = text("VISAVIS_TWILIO_ACCOUNT_SID")
TWILIO_AUTH_TOKEN = text("VISAVIS_TWILIO_AUTH_TOKEN")
TWILIO_FROM = text("VISAVIS_TWILIO_FROM")
TWILIO_API_URL = text("VISAVIS_TWILIO_API_URL", "https://api.twilio.com").rstrip("/")
# The most texts of one company in 24 hours, whatever it sets itself.
SMS_DAY_LIMIT = number("VISAVIS_SMS_DAY_LIMIT", 1000)
# Whether gateways of companies may stand beside this server, as a phone in the same house does.
SMS_PRIVATE_ADDRESSES = flag("VISAVIS_SMS_PRIVATE_ADDRESSES", default=DEVELOPMENT)
# In the demo, a page that shows the mail an SMTP sink received.
MAILBOX_DIRECTORY = text("VISAVIS_MAILBOX_DIRECTORY")
HEARTBEAT_LIMIT_SECONDS = number("VISAVIS_HEARTBEAT_LIMIT_SECONDS", 60)

# --- Django -------------------------------------------------------------------------
INSTALLED_APPS = [
    "visavis.design",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "visavis.config",
    "visavis.companies",
    "visavis.connections",
    "visavis.catalog",
    "visavis.meetings",
    "visavis.notifications",
    "visavis.bookings",
    "visavis.booking_site",
    "visavis.back_office",
    "visavis.entrance",
    "visavis.inbound",
    "visavis.worker",
    "visavis.help",
    "visavis.demo",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "visavis.config.busy.TryAgain",
    "visavis.config.pressed_only.ExplainPressedOnly",
]
ROOT_URLCONF = "visavis.config.urls"
WSGI_APPLICATION = "visavis.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
            "builtins": ["visavis.design.templatetags.design", "django.templatetags.i18n"],
        },
    }
]
FORM_RENDERER = "visavis.design.forms.Renderer"

# --- Database -----------------------------------------------------------------------
DATABASE_URL = text("DATABASE_URL", f"sqlite:///{HOME / 'visavis.sqlite3'}")
DATABASES = {
    "default": dj_database_url.parse(DATABASE_URL, conn_max_age=None, conn_health_checks=True)
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    _options: dict[str, Any] = {
        # IMMEDIATE takes the write lock at the start: no "database is locked" half-way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # The server plans what it is asked again and again only once. A pooler between us and it must
    # know prepared statements (PgBouncer from 1.21 on, with `max_prepared_statements`).
    _options = {"server_side_binding": True, "prepare_threshold": 3}
# What the address itself asks for, such as ?sslmode=require, comes before ours.
DATABASES["default"]["OPTIONS"] = _options | DATABASES["default"].get("OPTIONS", {})
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        # It holds the counts of rate limits, a few hundred bytes each. A full cache drops a third
        # of them: of the usual 300, anybody with as many addresses could have theirs forgotten.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- People -------------------------------------------------------------------------
AUTH_USER_MODEL = "companies.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/office/"
ACCOUNT_ADAPTER = "visavis.config.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "visavis.config.accounts.SignupDetails"
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Visavis"

# --- Mail: every message becomes a row, and a worker sends it ----------------------
EMAIL_BACKEND = "visavis.notifications.mail_backend.OutboxBackend"
SMTP_URL = text("VISAVIS_SMTP_URL", "smtp://localhost:1025" if DEVELOPMENT else "")
_smtp = urlsplit(SMTP_URL)
EMAIL_HOST = _smtp.hostname or ""
EMAIL_PORT = _smtp.port or (465 if _smtp.scheme == "smtps" else 587)
EMAIL_HOST_USER = unquote(_smtp.username or "")
EMAIL_HOST_PASSWORD = unquote(_smtp.password or "")
EMAIL_USE_SSL = _smtp.scheme == "smtps"
EMAIL_USE_TLS = _smtp.scheme == "smtp+tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = text("VISAVIS_MAIL_FROM", "bookings@localhost" if DEVELOPMENT else "")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Which relay tells what becomes of mail, and how it proves who it is; `visavis.inbound.mail`.
MAIL_RELAY = text("VISAVIS_MAIL_RELAY").lower()
MAIL_WEBHOOK_SECRET = text("VISAVIS_MAIL_WEBHOOK_SECRET")
MAIL_WEBHOOK_KEY = text("VISAVIS_MAIL_WEBHOOK_KEY")
ANYMAIL = {
    "WEBHOOK_SECRET": MAIL_WEBHOOK_SECRET,
    "MAILGUN_WEBHOOK_SIGNING_KEY": MAIL_WEBHOOK_KEY,
    "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY": MAIL_WEBHOOK_KEY,
}

# --- Languages and time -------------------------------------------------------------
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = "visavis.design.formats"

# --- Files --------------------------------------------------------------------------
# A package brings the browser libraries along (`hatch_build.py`); in a checkout npm put them.
_libraries = PACKAGE / "browser_libraries"
_libraries = _libraries if _libraries.is_dir() else PACKAGE.parent.parent / "node_modules"
NODE_MODULES = Path(text("VISAVIS_NODE_MODULES", str(_libraries)))
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [
    ("vendor/htmx", NODE_MODULES / "htmx.org" / "dist"),
    ("vendor/event-calendar", NODE_MODULES / "@event-calendar" / "build" / "dist"),
]
MEDIA_URL = "/media/"
MEDIA_ROOT = HOME / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEVELOPMENT
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEVELOPMENT
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- Safety -------------------------------------------------------------------------
_https = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL else []
SECURE_HSTS_SECONDS = number("VISAVIS_HSTS_SECONDS", 31536000) if _https else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
        "base-uri": [SELF],
        "object-src": ["'none'"],
    }
}
# Folders of static files that are missing: `visavis.config.checks` says so, and what to do.
SILENCED_SYSTEM_CHECKS = ["staticfiles.W004"]

# --- Log ----------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": text("VISAVIS_LOG_LEVEL", "INFO")},
    # httpx2 logs each request with its whole address; ours may carry secrets.
    "loggers": {"httpx2": {"level": "WARNING"}, "httpcore2": {"level": "WARNING"}},
}
