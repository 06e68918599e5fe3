"""Settings of the site, read from the environment. The README lists every variable.

Those of mail and newsletter, the login and Wagtail stand in modules of their own and count as if they stood here.
"""

from pathlib import Path
from urllib.parse import urlsplit

from django.conf.locale import LANG_INFO

from cms import content_security, environment, schedule, storage_settings
from cms.login_settings import *  # noqa: F403
from cms.mail_settings import *  # noqa: F403
from cms.wagtail_settings import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent

# Process

DEBUG = environment.boolean("DEBUG")
SECRET_KEY = environment.secret_key(debug=DEBUG)
# Signs links in sent mails. They must outlive a change of SECRET_KEY, so older keys stay behind a comma.
TOKEN_KEYS = environment.env.list("TOKEN_KEY", default=[SECRET_KEY])
VAR_DIR = environment.directory("VAR_DIR", default=BASE_DIR / "var")
BASE_URL = WAGTAILADMIN_BASE_URL = environment.site_address("BASE_URL", default="http://localhost:8000")
HTTPS = BASE_URL.startswith("https://")
_HOST = urlsplit(BASE_URL).hostname or "localhost"
ALLOWED_HOSTS = environment.env.list(
    "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if _HOST == "localhost" else [_HOST]
)
TRUSTED_PROXIES = environment.networks("TRUSTED_PROXIES")
# Set by `make demo` only: the directory whose mails /postfach/ shows.
DEMO_OUTBOX = environment.env.str("DEMO_OUTBOX", default="")

# Applications. The order is the direction of imports: an app knows those below it only.

INSTALLED_APPS = [
    "cms",
    "newsletter",
    "archive",
    "home",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "cms.users.UsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.locales",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    # Wagtail uses its words for time ("vor 7 Sekunden"); as an app it brings them in German.
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "cms.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "cms.security.SecurityHeadersMiddleware",
    "cms.caching.CacheHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cms.languages.PathLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "cms.accounts.login.StaffMiddleware",
    "archive.viewing.ViewingMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"

_CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "wagtail.contrib.settings.context_processors.settings",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": _CONTEXT_PROCESSORS},
    },
    {
        # Plain text (mail, calendar): HTML escaping would show as &amp; there.
        "NAME": "text",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"autoescape": False},
    },
]

# Data

DATABASES = {"default": environment.database("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    try:
        Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        environment.refuse("DATABASE_URL", "expected sqlite:///path in a directory that exists or can be made")
    # Writers wait for each other instead of failing: the lock is taken when a transaction begins, not in its middle.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["ENGINE"] = "cms.postgresql"
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Compiling a query of the admin takes PostgreSQL a second and saves some milliseconds. A URL with its own options
    # keeps those.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = environment.redis_url("REDIS_URL", default="redis://localhost:6379/0")
# The cache fails open: a lost Redis is a miss, not an error page.
CACHES = {
    "default": {
        "BACKEND": "cms.cache.FailOpenRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "ikoe",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    },
    # Parts of the frame of every page and bodies of pages, for some seconds and in each process (see home/frame.py).
    "template_fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "frame",
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
    # Whole pages for visitors, for some seconds and in each process (see cms/page_memory.py).
    "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"},
}
# Sessions survive a Redis outage.
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# Background work. Tasks carry ids only and are safe to repeat; the database is the only truth, hence no results.

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A web request must not hang when the broker is away; a periodic sweep picks up what was not queued.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_timeout": 5, "socket_connect_timeout": 2}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    # Mails that somebody waits for go before mailings, on a queue of their own.
    "newsletter.tasks.answer_sign_up": {"queue": "default"},
    "newsletter.tasks.send_settings_link": {"queue": "default"},
    "newsletter.tasks.*": {"queue": "mail"},
    "archive.tasks.forget_accesses": {"queue": "default"},
    "archive.tasks.*": {"queue": "intake"},
    # The sweep ends what died on the queue `pdf`, so it must not wait there itself.
    "archive.documentation.tasks.sweep_builds": {"queue": "default"},
    "archive.documentation.tasks.*": {"queue": "pdf"},
}
# Every hard limit stays below the visibility timeout, after which Redis would hand the task out a second time.
# The longest is the reading of a scanned document (`archive.tasks`, 24 minutes).
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
# Kilobytes after which a process is replaced when its task is done. What reads files from outside has a limit of its
# own (`archive.limited`), so that both together stay below 1.5 GB.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = schedule.SCHEDULE
CELERY_TIMEZONE = "Europe/Berlin"

# Upkeep

# Live pages that were neither changed nor reviewed for so long are listed in the report "Seiten ohne Prüfung".
PAGE_REVIEW_DAYS = 365
# So long it can be seen who read which internal document (report "Zugriffe auf interne Dokumente").
ACCESS_RECORD_DAYS = environment.days("ACCESS_RECORD_DAYS", default=180)
# So long the log names logins and stopped guesses, and who did what in the admin. After that time the entries of what
# was done stay, without the name.
LOGIN_LOG_DAYS = environment.days("LOGIN_LOG_DAYS", default=180)
ADMIN_LOG_DAYS = environment.days("ADMIN_LOG_DAYS", default=3 * 365)
# So long after a report of a barrier is settled, name and address of whoever sent it are deleted.
BARRIER_REPORT_KEEP_DAYS = 90

# Files. Documents are private; /media/ serves image renditions only.

MEDIA_ROOT = environment.directory("MEDIA_ROOT", default=VAR_DIR / "media")
MEDIA_URL = "/media/"
ARCHIVE_ROOT = environment.directory("ARCHIVE_ROOT", default=VAR_DIR / "archive")
# Internal nginx location for X-Accel-Redirect. Empty: the application sends the bytes itself.
ACCEL_PREFIX = environment.env.str("ACCEL_PREFIX", default="")
# ClamAV looks at every file before it is stored. Empty: no check.
CLAMD_URL = environment.address("CLAMD_URL", scheme="tcp", port=3310)
STATIC_ROOT = environment.directory("STATIC_ROOT", default=VAR_DIR / "static")
if ARCHIVE_ROOT.is_relative_to(MEDIA_ROOT) or ARCHIVE_ROOT.is_relative_to(STATIC_ROOT):
    environment.refuse("ARCHIVE_ROOT", "expected a directory outside of MEDIA_ROOT and STATIC_ROOT")
STATIC_URL = "/static/"
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.AppDirectoriesFinder"]
# Directories, or with S3_URL a bucket.
STORAGES = storage_settings.storages(
    private=VAR_DIR / "private", media_root=MEDIA_ROOT, media_url=MEDIA_URL, archive_root=ARCHIVE_ROOT
) | {
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = DEBUG
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # A long page with many blocks posts more than Django's 1,000.

# Language and time

LANGUAGE_CODE = "de"
# Leichte Sprache is a language of its own for readers, and German for everything Django formats.
LANG_INFO["de-simple"] = LANG_INFO["de"] | {"code": "de-simple", "name_local": "Leichte Sprache"}
LANGUAGES = [("de", "Deutsch"), ("en", "English"), ("de-simple", "Leichte Sprache")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True

# Security

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True  # Wagtail's scripts take the token from the page.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # No third cookie.

# The admin has a policy of its own, applied by `cms.security`.
CONTENT_SECURITY_POLICY = {"DIRECTIVES": content_security.PUBLIC}
ADMIN_CONTENT_SECURITY_POLICY = content_security.ADMIN

# Errors are told to Sentry, without anything personal (see cms/monitoring/errors.py). Empty: to nobody.
SENTRY_DSN = environment.sentry_dsn("SENTRY_DSN")

# Logging: one line a record with ids, no personal data.

LOG_FORMAT = environment.choice("LOG_FORMAT", default="line", allowed=("line", "json"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "cms.logs.LineFormatter"},
        "json": {"()": "cms.logs.JsonFormatter"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": "INFO" if not DEBUG else "DEBUG"},
    "loggers": {
        "django.db.backends": {"level": "INFO"},
        # Two lines for every saved page, with its title, are noise; failures are logged above this level.
        "django_tasks": {"level": "WARNING"},
        "wagtail": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "weasyprint.progress": {"level": "WARNING"},
        "PIL": {"level": "INFO"},
        # Of each request to a bucket thirty lines, with its signature.
        **{name: {"level": "INFO"} for name in ("boto3", "botocore", "s3transfer", "urllib3")},
    },
}
