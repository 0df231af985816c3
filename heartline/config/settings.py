"""Django's settings, derived from the environment table and from keys kept in the data folder."""

from __future__ import annotations

from typing import Any

from heartline.config import environment
from heartline.config.database import database_settings
from heartline.config.issuers import issuers
from heartline.config.keys import secret_key
from heartline.config.mail import mail_settings

DATA_FOLDER = environment.data_folder()
DEBUG = environment.flag("HEARTLINE_DEBUG")
HTTPS = environment.flag("HEARTLINE_HTTPS")
SECRET_KEY = secret_key(DATA_FOLDER)
ALLOWED_HOSTS = environment.items("HEARTLINE_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CALLBACK_COUNTRIES = environment.items("HEARTLINE_CALLBACK_COUNTRIES")
TRUSTED_PROXIES = environment.items("HEARTLINE_TRUSTED_PROXIES")
WEBHOOK_NETWORKS = environment.networks("HEARTLINE_WEBHOOK_NETWORKS")

INSTALLED_APPS = [
    "heartline.ui",  # first: its words replace those of the libraries
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "heartline.ledger",
    "heartline.people",  # before allauth, whose pages it replaces
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "heartline.customers",
    "heartline.customers.outside",
    "heartline.conversations",
    "heartline.conversations.consultations",
    "heartline.knowledge.articles",
    "heartline.knowledge.search",
    "heartline.routing",
    "heartline.routing.controls",
    "heartline.routing.planning",
    "heartline.routing.waits",
    "heartline.promises",
    "heartline.promises.callbacks",
    "heartline.voice_of_customer",
    "heartline.insight",
    "heartline.improvement.quality",
    "heartline.service",
    "heartline.service.experts",
    "heartline.service.floor",
    "heartline.service.alerts",
    "heartline.reception",
    "heartline.channels.webchat",
    "heartline.channels.webform",
    "heartline.api",
    "heartline.api.webhooks",
    "heartline.config",
]

MIDDLEWARE = [
    "heartline.config.middleware.RequestIdentity",
    "django.middleware.security.SecurityMiddleware",
    "heartline.config.middleware.SecurityHeaders",
    "heartline.config.assets.MarkedAssets",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "heartline.api.middleware.BearerKeys",
    "heartline.people.middleware.PreferredLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "heartline.people.middleware.PermissionTable",
    "heartline.config.middleware.Refusals",
]

ROOT_URLCONF = "heartline.config.urls"
WSGI_APPLICATION = "heartline.config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "heartline.people.context.house",
            ],
        },
    }
]

DATABASES = {"default": database_settings(environment.read("HEARTLINE_DATABASE_URL"), DATA_FOLDER)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Language and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LANGUAGE_COOKIE_NAME = "heartline_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Static files and attachments
STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "heartline.config.assets.MarkedStorage"},
}
ASSET_MARK = ""  # the `web` process sets it to the fingerprint of its assets
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
ATTACHMENT_FOLDER = DATA_FOLDER / "attachments"
ATTACHMENT_LIMIT = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# Accounts
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["heartline.people.accounts.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_ADAPTER = "heartline.people.accounts.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "heartline.people.accounts.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True  # people hear of every change to how they get in
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/account/login/"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"APPS": issuers(environment.read("HEARTLINE_OIDC")), "OAUTH_PKCE_ENABLED": True}
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are given by the admin who adds the person, never by sign-up
MFA_TOTP_ISSUER = "Heartline"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers themselves allow http only on localhost

# Sessions, cookies, headers
SESSION_ENGINE = "heartline.people.sessions"
SESSION_COOKIE_NAME = "__Host-heartline" if HTTPS else "heartline_session"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "heartline.config.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and TRUSTED_PROXIES else None
X_FRAME_OPTIONS = "DENY"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
globals().update(mail_settings(environment.read("HEARTLINE_SMTP_URL"), DATA_FOLDER))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.read("HEARTLINE_MAIL_FROM", "heartline@localhost")
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# Without HTTPS (a trial on one's own machine) cookies cannot be Secure; `heartline doctor` says so in plain words.
# W005, W021: whether other names below this domain speak https too is not ours to say.
# W008: redirecting to https is the proxy's work, which alone knows the port.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
if not HTTPS:
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W012", "security.W016"]
LOGGING_CONFIG = None  # each process sets up its own log files, see heartline.config.processes.logs
