# SPDX-License-Identifier: Apache-2.0
"""Django's settings, from the environment of the installation; there is no debug mode in service."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO

from hamkor.agencies.signing_in import *  # noqa: F403 - settings of the libraries of sign-in, kept in their room
from hamkor.agencies.signing_in import provider_origins, provider_settings
from hamkor.common.i18n import LOCALE_DIR
from hamkor.config.environment import read_environment, read_secret_key
from hamkor.config.installation import find_running
from hamkor.config.logs import logging_settings
from hamkor.config.mail import mail_settings

ENVIRONMENT = read_environment()
PACKAGE_DIR = Path(__file__).parent.parent

DEBUG = False
SECRET_KEY = read_secret_key(ENVIRONMENT.data_dir)
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
ROOT_URLCONF = "hamkor.config.urls"
ASGI_APPLICATION = "hamkor.config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def database_settings(url: str) -> dict[str, object]:
    """Returns what Django wants to know of a database given as a PostgreSQL URL."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {**options, "pool": {"min_size": 1, "max_size": 16, "timeout": 10}},
        # A database that was started again leaves dead connections in the pool: they are found before they are used.
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": "hamkor_test"},
    }


_RUNNING = None if ENVIRONMENT.database_url else find_running(ENVIRONMENT.data_dir)
DATABASE_URL = _RUNNING.database_url if _RUNNING is not None else ENVIRONMENT.database_url
DATABASES = {"default": database_settings(DATABASE_URL)}

INSTALLED_APPS = [
    "hamkor.pages",
    "hamkor.agencies",
    "hamkor.scenarios",
    "hamkor.workspace",
    "hamkor.console",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "pghistory",
    "pgtrigger",
    "procrastinate.contrib.django",
]
MIDDLEWARE = [
    "hamkor.pages.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hamkor.pages.middleware.Language",
    "hamkor.pages.middleware.Refusals",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hamkor.pages.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "hamkor.pages.templatetags.hamkor",
                "hamkor.workspace.templatetags.plan_words",
            ],
        },
    }
]

# Languages. Django knows no Uzbek in Cyrillic letters: say what it is called, and where our own texts are.
LANG_INFO.setdefault(
    "uz-cyrl", {"bidi": False, "code": "uz-cyrl", "name": "Uzbek (Cyrillic)", "name_local": "Ўзбекча"}
)
LANGUAGE_CODE = "uz"
LANGUAGES = [("uz", "Oʻzbekcha"), ("uz-cyrl", "Ўзбекча"), ("ru", "Русский"), ("en", "English")]
LOCALE_PATHS = [LOCALE_DIR]
LANGUAGE_COOKIE_NAME = "hamkor_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
USE_I18N = True
USE_TZ = True
TIME_ZONE = ENVIRONMENT.time_zone

# Who is who.
AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# Cookies and transport. Behind TLS everything is bound to it.
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = ENVIRONMENT.https
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "hamkor.pages.views.csrf_failed"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ENVIRONMENT.hosts] if ENVIRONMENT.https else []
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if ENVIRONMENT.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = ENVIRONMENT.https
SECURE_SSL_REDIRECT = ENVIRONMENT.https
# Asked by machines inside the installation, which do not pass the proxy.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.proxies else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *provider_origins(ENVIRONMENT.oidc_url)],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_PERMISSIONS = 0o600

STATIC_URL = "static/"
SERVESTATIC_USE_FINDERS = True
SERVESTATIC_MAX_AGE = 3600

LOGGING = logging_settings()
PROCRASTINATE_IMPORT_PATHS = ["hamkor.config.tasks"]
globals().update(mail_settings(ENVIRONMENT))

# Sign-in: the settings of its libraries are kept in their room; only what depends on the environment is set here.
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT.proxies
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if ENVIRONMENT.https else "http"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENVIRONMENT.https
SOCIALACCOUNT_PROVIDERS = provider_settings(
    ENVIRONMENT.oidc_url,
    name=ENVIRONMENT.oidc_name,
    client=ENVIRONMENT.oidc_client,
    secret=ENVIRONMENT.oidc_secret,
)
