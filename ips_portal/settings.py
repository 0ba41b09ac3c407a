"""All settings, read from the environment once. A missing or wrong value ends the start with what to do.

Variables: DATABASE_URL (role bound by row-level security), OWNER_DATABASE_URL (migrations and seed), REDIS_URL,
SECRET_KEY, BASE_URL, ALLOWED_HOSTS, TRUSTED_PROXIES, DATA_DIR or S3_BUCKET, MAIL_DIR or EMAIL_URL, DEFAULT_FROM_EMAIL,
LOG_FORMAT, LOG_LEVEL, DEBUG. What each means: docs/operate.md.
"""

import sys
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()

# Commands that change the schema or load rows for many states at once run as the owner of the tables.
OWNER_COMMANDS = {"migrate", "makemigrations", "seed", "lintmigrations"}
COMMAND = sys.argv[1] if len(sys.argv) > 1 and Path(sys.argv[0]).name == "manage.py" else ""


def required(name: str, hint: str) -> str:
    value = str(env(name, default=""))
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. {hint} To try the portal without any setting, run: python3 manage.py demo"
        )
    return value


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = required("SECRET_KEY", "Give a long random text; it signs sessions and links.")
BASE_URL = required("BASE_URL", "Give the address people type, such as https://ips.example.gov.").rstrip("/")
TLS = BASE_URL.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(BASE_URL).hostname or "localhost"])
CSRF_TRUSTED_ORIGINS = [BASE_URL]
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])  # nobody's word about the visitor's address counts
for proxy in TRUSTED_PROXIES:
    try:
        ip_network("127.0.0.1" if proxy == "unix" else proxy)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"TRUSTED_PROXIES: {error}. List addresses or networks, such as 10.0.0.5,172.28.0.0/24."
        ) from None
DATA_DIR = Path(env("DATA_DIR", default=str(ROOT / ".local" / "data")))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "ips_portal",
    "agencies",
    "ips_portal.reports",
    "ips_portal.notices",
    "fidelity",
    "outcomes",
    "funding",
    "ips_portal.homes",
    "ips_portal.practice",
]

# What every answer wears comes first, so that static files, redirects and errors of the others wear it too.
MIDDLEWARE = [
    "ips_portal.proxies.ProxyMiddleware",
    "ips_portal.logs.RequestLogMiddleware",
    "ips_portal.armor.ArmorMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "agencies.access.TenantMiddleware",
]

ROOT_URLCONF = "ips_portal.urls"
WSGI_APPLICATION = "ips_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ips_portal.homes.frame.page_frame",
                "ips_portal.logs.reference",
            ],
        },
    }
]
FORM_RENDERER = "ips_portal.uswds.UswdsRenderer"

# --- Database -------------------------------------------------------------------------------------------------
required("DATABASE_URL", "Give the address of the role that row-level security binds, postgres://...")
DATABASES = {"default": env.db("OWNER_DATABASE_URL" if COMMAND in OWNER_COMMANDS else "DATABASE_URL")}
DATABASES["default"] |= {
    "ENGINE": "ips_portal.postgres",
    "HOST": unquote(
        DATABASES["default"]["HOST"]
    ),  # a unix socket is written as libpq does: postgres://role@%2Frun%2F.../name
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    "ATOMIC_REQUESTS": False,  # agencies.access.TenantMiddleware opens the one transaction of a request
    "OPTIONS": {
        "connect_timeout": 2,  # a server that hangs is said to be away in time
        # What is asked again is planned once for a connection, whatever its values (plan_cache_mode): with the
        # policies of its tables a statement takes longer to plan than to run.
        "server_side_binding": True,
        "prepare_threshold": 2,
        **DATABASES["default"].get("OPTIONS", {}),
        # Compiling such a statement (jit) takes longer still, and is done anew each time it runs.
        "options": "-c plan_cache_mode=force_generic_plan -c jit=off"
        " -c lock_timeout=2s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s"
        if COMMAND not in OWNER_COMMANDS
        # A migration that waits for a lock makes everybody wait behind it: it gives up first, and is tried again.
        else f"-c lock_timeout={'1s' if COMMAND == 'migrate' else '10s'}",
    },
}
OWNER_DATABASE_URL = env("OWNER_DATABASE_URL", default="")
BACKUP_DATABASE_URL = env("BACKUP_DATABASE_URL", default="")  # sees every row: for the command `backup` alone
APP_DATABASE_ROLE = urlsplit(env("DATABASE_URL")).username or "ips_app"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People and sign-in ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "agencies.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "agencies.identity.InvitationOnlyAdapter"
ACCOUNT_FORMS = {"login": "ips_portal.sign_in.SignInForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation proves the address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "IPS portal: "  # without one allauth writes the host of the request there
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
FAILED_OF_ACCOUNT, FAILED_OF_ADDRESS = (5, 300), (10, 60)  # sign-ins that may fail, in so many seconds
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "{}/{}s/ip,{}/{}s/key".format(*FAILED_OF_ADDRESS, *FAILED_OF_ACCOUNT),
    "reset_password": "20/m/ip,5/m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "IPS portal"
MFA_FORMS = {
    "authenticate": "agencies.forms.codes.CodeForm",
    "reauthenticate": "agencies.forms.codes.CodeAgainForm",
}
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "ips_portal.views.csrf_failure"
if TLS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # only trusted proxies can send it
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
SECURE_REDIRECT_EXEMPT = [r"^health(/|$)"]  # asked inside the machine, where nothing speaks TLS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Queue, cache, mail, files --------------------------------------------------------------------------------
REDIS_URL = required("REDIS_URL", "Give the address of the Redis or Valkey server, redis://... or unix://...")
CACHES = {
    "default": {
        "BACKEND": "ips_portal.caching.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {
            "serializer": "ips_portal.caching.JSONSerializer",
            "socket_timeout": 2,
            "socket_connect_timeout": 1,
        },
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="IPS portal <no-reply@localhost>")
EMAIL_TIMEOUT = 20
MAIL_DIR = env("MAIL_DIR", default="")
if MAIL_DIR:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = MAIL_DIR
else:
    try:
        vars().update(env.email("EMAIL_URL", default="smtp://localhost:25"))
    except (ImproperlyConfigured, KeyError, ValueError):
        raise ImproperlyConfigured(
            "EMAIL_URL cannot be read. Write smtp+tls://user:password@mail.example.gov:587, with %-signs for special "
            "characters (%40 for @)."
        ) from None

STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(ROOT / ".local" / "static")))
STATICFILES_DIRS = [path for path in (ROOT / "static" / "site", ROOT / "static" / "build") if path.is_dir()]
WHITENOISE_USE_FINDERS = env.bool("WHITENOISE_USE_FINDERS", default=False)
S3_BUCKET = env("S3_BUCKET", default="")
S3_SECRET_ACCESS_KEY = env("S3_SECRET_ACCESS_KEY", default="")
ON_DISK = {
    "BACKEND": "ips_portal.reports.storage.WholeFileStorage",
    "OPTIONS": {"location": DATA_DIR / "files", "base_url": None},
}
IN_BUCKET = {
    "BACKEND": "ips_portal.reports.bucket.PrivateBucket",
    "OPTIONS": {
        "bucket_name": S3_BUCKET,
        "endpoint_url": env("S3_ENDPOINT_URL", default="") or None,
        "region_name": env("S3_REGION", default="") or None,
        "access_key": env("S3_ACCESS_KEY_ID", default="") or None,
        "secret_key": S3_SECRET_ACCESS_KEY or None,
    },
}
STORAGES = {
    "default": IN_BUCKET if S3_BUCKET else ON_DISK,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if WHITENOISE_USE_FINDERS
        else "ips_portal.collected.CollectedFiles"
    },
}

LANGUAGE_CODE = "en-us"
USE_I18N = False
TIME_ZONE = "UTC"
USE_TZ = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

LOG_FORMAT = env("LOG_FORMAT", default="json")
if LOG_FORMAT not in ("json", "text"):
    raise ImproperlyConfigured("LOG_FORMAT is json (one object a line) or text (for a terminal).")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "ips_portal.logs.JSONLines"},
        "text": {"()": "ips_portal.logs.ReadableLines"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},  # its own would print in DEBUG, and mail the admins
        "django.request": {
            "handlers": ["nowhere"],
            "propagate": False,
        },  # ips_portal.requests has a line for each
        "fontTools": {"level": "WARNING"},
    },
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "ips_portal.api.identity.Admitted"
    ],  # the gate has identified whoever asks
    "DEFAULT_PERMISSION_CLASSES": [],  # and asked the permission table
    "DEFAULT_PARSER_CLASSES": ["ips_portal.api.parsing.StrictJSON"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "ips_portal.api.parsing.OneForm",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "ips_portal.api.schema.EndpointSchema",
    "EXCEPTION_HANDLER": "ips_portal.api.problems.answer",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "IPS portal",
    "DESCRIPTION": "Everything a page of the portal shows or does, for programs: the same rights, rules and words.",
    "VERSION": "1",
    "LICENSE": {"name": "Apache-2.0"},
    "SERVERS": [{"url": BASE_URL}],
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "POSTPROCESSING_HOOKS": ["ips_portal.api.schema.close"],
}
