"""All settings. Everything a host decides comes from the environment, with a safe default or a plain refusal."""

import re
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from missions import logs

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def kept_in(path):
    """Return what a file holds that keeps a secret; nothing if none is named, or it is not there."""
    return Path(path).read_text().strip() if path and Path(path).is_file() else ""


def secret_key():
    """Return the secret key from PEACEOPS_SECRET_KEY or from the file PEACEOPS_SECRET_KEY_FILE."""
    if key := env.str("PEACEOPS_SECRET_KEY", "") or kept_in(env.str("PEACEOPS_SECRET_KEY_FILE", "")):
        return key
    raise ImproperlyConfigured(
        "No secret key: set PEACEOPS_SECRET_KEY, or PEACEOPS_SECRET_KEY_FILE to a file that holds one "
        "(`make run` makes such a file by itself)."
    )


def checked_key(key):
    """Return a key for a site that others reach: long enough to be drawn at random, and none from an example."""
    if len(key) < 50 or len(set(key)) < 10 or re.search("insecure|change.?me|example|password|secret", key, re.I):
        raise ImproperlyConfigured(
            "The secret key is too short or is one from an example. Make one of 64 random bytes: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"
        )
    return key


def there(directory):
    """Return a directory, made if it was not there: without it SQLite only says that it cannot open a file."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The data directory {directory} cannot be made: {error.strerror}. "
            "Make it, or name another in PEACEOPS_DATA_DIR."
        ) from error
    return directory


DATA_DIR = there(Path(env.str("PEACEOPS_DATA_DIR", str(BASE_DIR / "var"))).resolve())
HTTPS = env.bool("PEACEOPS_HTTPS", True)
BEHIND_PROXY = env.bool("PEACEOPS_BEHIND_PROXY", False)
TWO_FACTOR = env.bool("PEACEOPS_TWO_FACTOR", True)
if HTTPS and not TWO_FACTOR:
    raise ImproperlyConfigured(
        "PEACEOPS_TWO_FACTOR=false is for a trial on one's own machine, with PEACEOPS_HTTPS=false. Remove it here."
    )

SECRET_KEY, SECRET_KEY_FALLBACKS = secret_key(), env.list("PEACEOPS_SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("PEACEOPS_DEBUG", False)
if HTTPS:
    checked_key(SECRET_KEY)
    for former in SECRET_KEY_FALLBACKS:
        checked_key(former)
if HTTPS and DEBUG:
    raise ImproperlyConfigured(
        "PEACEOPS_DEBUG=true shows code and settings to everyone. It is for one's own machine, with "
        "PEACEOPS_HTTPS=false. Remove it here."
    )
ALLOWED_HOSTS = env.list("PEACEOPS_ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("PEACEOPS_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "missions.apps.EditorsSideConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "corsheaders",
    "csp",
    "django_filters",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "reversion",
    "missions.apps.MissionsConfig",
]

MIDDLEWARE = [
    "missions.middleware.HeadHasNoBody",
    "missions.health.Health",
    "missions.logs.LogRequests",
    "missions.metrics.Measure",
    "missions.middleware.FromReplica",
    "missions.pagecache.PageCache",  # so far out that what is kept passes through nothing else
    "missions.middleware.Language",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "missions.middleware.Isolation",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "missions.middleware.GuardPublicSide",
    "missions.middleware.Theme",
    "django.middleware.gzip.GZipMiddleware",
    "missions.pagecache.Tag",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "peaceops.urls"
WSGI_APPLICATION = "peaceops.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "missions.context.site",
            ],
        },
    },
]


def database(url):
    """Return the settings of the database at an address such as DATABASE_URL."""
    told = environ.Env.db_url_config(url)
    told["CONN_MAX_AGE"] = 600
    told["CONN_HEALTH_CHECKS"] = True  # after a restart of PostgreSQL no request meets a dead connection
    if told["ENGINE"].endswith("sqlite3"):
        # On a full disk an open connection still reads, and a new one cannot be opened: so it is kept.
        told["CONN_MAX_AGE"] = None
        # IMMEDIATE with WAL is what keeps concurrent writers from "database is locked"; WAL alone does not.
        told["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA temp_store=MEMORY;",
        }
    else:
        told.setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)  # seconds, of a host that is silent
    return told


def replica(url, main):
    """Return the settings of the database that follows the main one: read only, and given up early."""
    told = database(url)
    if told["ENGINE"] != main["ENGINE"]:
        raise ImproperlyConfigured(
            "DATABASE_REPLICA_URL is of another kind than DATABASE_URL: a replica is a copy of the same database."
        )
    if told["ENGINE"].endswith("sqlite3"):
        told["NAME"] = f"{Path(told['NAME']).resolve().as_uri()}?mode=rw"  # a file that is missing is not made
        told["OPTIONS"]["init_command"] += "PRAGMA query_only=1;"
        told["OPTIONS"]["transaction_mode"] = "DEFERRED"  # the other begins as one that writes
    else:
        told["OPTIONS"] |= {"connect_timeout": 2, "tcp_user_timeout": 3000}  # the main database is there instead
    return told


# The address of a database holds its password, so it may lie in a file, as the secret key may.
DATABASE_URL = env.str("DATABASE_URL", "") or kept_in(env.str("DATABASE_URL_FILE", ""))
DATABASES = {"default": database(DATABASE_URL or f"sqlite:///{DATA_DIR / 'peaceops.sqlite3'}")}
if REPLICA_URL := env.str("DATABASE_REPLICA_URL", "") or kept_in(env.str("DATABASE_REPLICA_URL_FILE", "")):
    DATABASES["replica"] = replica(REPLICA_URL, DATABASES["default"])
    DATABASE_ROUTERS = ["missions.databases.Router"]
REDIS_URL = env.str("REDIS_URL", "")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
PAGE_CACHE_MB = env.int("PEACEOPS_PAGE_CACHE_MB", 64)  # of memory for public answers, in each process; 0 keeps none
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL, LOGIN_REDIRECT_URL = "admin:login", "admin:index"
OTP_TOTP_ISSUER = "Peace Operations Knowledge Base"
OTP_TOTP_SYNC = False  # phones keep time: half a minute either way is enough, and does not wander with what was typed

AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # by name alone, anyone could lock anyone out
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(hours=1)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "missions.clients.client_address"
AXES_LOCKOUT_CALLABLE = "missions.login.lockout.locked_out"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "csrfmiddlewaretoken", "next"]
AXES_DISABLE_ACCESS_LOG = True  # who edited what stands in the history of the entry
AXES_ENABLE_ADMIN = AXES_VERBOSE = False

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "missions.login.passwords.NotOurWords"},
]

PASSWORD_RESET_TIMEOUT = 24 * 60 * 60  # seconds in which a member uses the link that an administrator made for him

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("fr", "Français"), ("ar", "العربية")]  # each by its own name, for the menu
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["peaceops.formats"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# Everything below these addresses is public and takes no cookie, so pages of other sites may read it.
CORS_URLS_REGEX = r"^/(api|data)/"
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = ["accept", "if-none-match"]
CORS_EXPOSE_HEADERS = ["etag", "link", "retry-after", "deprecation", "sunset"]


def checked_rate(rate):
    """Return how often one address may ask the API, such as 600/min; empty means as often as it likes."""
    if rate and not re.fullmatch(r"[1-9][0-9]{0,8}/(second|min|hour|day)", rate):
        raise ImproperlyConfigured(
            f"PEACEOPS_API_RATE is “{rate}”. Use a number and second, min, hour or day, such as 600/min, or nothing."
        )
    return rate


API_RATE = checked_rate(env.str("PEACEOPS_API_RATE", "600/min"))
# All else stands with the one view that the others are made from: `missions.api.base.ApiView`.
REST_FRAMEWORK = {"UNAUTHENTICATED_USER": None}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "Peace Operations Knowledge Base",
    "VERSION": "1",
    "DESCRIPTION": "Everything published here, read-only and without a key. Unknown parameters are refused.",
    "LICENSE": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
    "POSTPROCESSING_HOOKS": ["missions.api.schema.add_components"],
    "SORT_OPERATIONS": False,
    "SORT_OPERATION_PARAMETERS": False,
}

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # the other makes a cookie of its own
THEME_COOKIE_NAME = "theme"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
if HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    THEME_COOKIE_NAME = "__Host-theme"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("PEACEOPS_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^api/(?!v1/docs/)"]  # programs are refused by `middleware.GuardPublicSide`
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if BEHIND_PROXY:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a mission with all its fact rows is one form


def log_form(form):
    """Return the form of the logs."""
    if form not in ("json", "text"):
        raise ImproperlyConfigured(f"PEACEOPS_LOG is “{form}”. Use json or text.")
    return form


LOGGING = logs.configuration(log_form(env.str("PEACEOPS_LOG", "json")))


def metrics_token(path):
    """Return the token that the figures for Prometheus are asked for with, or nothing where they are not given."""
    if not path:
        return ""
    token = Path(path).read_text().strip() if Path(path).is_file() else ""
    if not re.fullmatch(r"[!-~]{32,200}", token):
        raise ImproperlyConfigured(
            f"PEACEOPS_METRICS names {path}, which holds no token of 32 to 200 letters, digits and marks. "
            "Make one with `openssl rand -hex 32`, or leave the setting out."
        )
    return token


METRICS_TOKEN = metrics_token(env.str("PEACEOPS_METRICS", ""))
BACKUPS = env.int("PEACEOPS_BACKUPS", 14)
if BACKUPS < 1:
    raise ImproperlyConfigured(f"PEACEOPS_BACKUPS is {BACKUPS}. At least one backup is kept.")
