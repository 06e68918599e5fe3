"""Settings of the site, read from the environment. The README lists every variable."""

from pathlib import Path
from urllib.parse import urlsplit

from django.conf.locale import LANG_INFO

from cms import content_security, environment, schedule, storage_settings

BASE_DIR = Path(__file__).resolve().parent.parent

# Process

DEBUG = environment.boolean("DEBUG")
SECRET_KEY = environment.secret_key(debug=DEBUG)
# Signs links in sent mails. They must outlive a change of SECRET_KEY, so older keys stay behind a comma.
TOKEN_KEYS = environment.env.list("TOKEN_KEY", default=[SECRET_KEY])
VAR_DIR = environment.directory("VAR_DIR", default=BASE_DIR / "var")
BASE_URL = environment.site_address("BASE_URL", default="http://localhost:8000")
HTTPS = BASE_URL.startswith("https://")
_HOST = urlsplit(BASE_URL).hostname or "localhost"
ALLOWED_HOSTS = environment.env.list(
    "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if _HOST == "localhost" else [_HOST]
)
TRUSTED_PROXIES = environment.networks("TRUSTED_PROXIES")
STAFF_MFA = environment.choice("STAFF_MFA", default="required", allowed=("required", "optional"))
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

# Mail

EMAIL_URLS = environment.env.list("EMAIL_URL", default=["smtp://localhost:25"])
EMAIL_SERVERS = [
    environment.read(
        "EMAIL_URL",
        lambda _name, default, url=url: environment.mail_server(url),
        None,
        "expected smtp://user:password@host:port with ?weight=, &rate=, &connections=, &messages= if wanted, several "
        "separated by commas",
    )
    for url in EMAIL_URLS
]
vars().update({key: value for key, value in EMAIL_SERVERS[0].items() if key.startswith("EMAIL_")})
EMAIL_TIMEOUT = 30
# How long a worker may hold a delivery of a mailing before the sweep takes it back.
MAIL_LEASE_SECONDS = 180
# Tasks that work on a mailing at the same time, and connections to mail servers that each of them uses.
MAIL_TASKS = environment.number("MAIL_TASKS", default=2, least=1)
MAIL_SESSIONS = environment.number("MAIL_SESSIONS", default=8, least=1)
# Mails of mailings a second: all together, for one recipient domain, and for particular ones. 0: no limit.
MAIL_RATE = environment.rate("MAIL_RATE")
MAIL_DOMAIN_RATE = environment.rate("MAIL_DOMAIN_RATE")
MAIL_DOMAIN_RATES = environment.rates("MAIL_DOMAIN_RATES")
DEFAULT_FROM_EMAIL = environment.env.str("DEFAULT_FROM_EMAIL", default="IKOE <ikoe@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
BOUNCE_DOMAIN = environment.env.str("BOUNCE_DOMAIN", default="bounce.example.org")
# The mailbox of that domain, read every five minutes. Empty: bounces come in by `ingest_bounces` only.
BOUNCE_IMAP_URL = environment.mailbox("BOUNCE_IMAP_URL")

# What the newsletter deletes when (`newsletter.subscribing.retention`). Claims lapse three years after the end of the
# year in which they arose (§§ 195, 199 BGB), so a consent has to be proven for four years after it ended at most.
NEWSLETTER_UNCONFIRMED_DAYS = environment.days("NEWSLETTER_UNCONFIRMED_DAYS", default=14)
NEWSLETTER_UNSUBSCRIBED_DAYS = environment.days("NEWSLETTER_UNSUBSCRIBED_DAYS", default=30)
NEWSLETTER_PROOF_DAYS = environment.days("NEWSLETTER_PROOF_DAYS", default=4 * 365 + 1)
# Whoever wrote an issue of the newsletter does not release it.
NEWSLETTER_FOUR_EYES = environment.boolean("NEWSLETTER_FOUR_EYES", default=True)
# The name under which the mail server keeps its key for DKIM; "": not known, so it is not checked.
NEWSLETTER_DKIM_SELECTOR = environment.env.str("NEWSLETTER_DKIM_SELECTOR", default="")
# Who answers the questions of the page "Absender prüfen"; None: the resolver of the machine.
NEWSLETTER_DNS = environment.address("NEWSLETTER_DNS", scheme="dns", port=53, by_number=True)

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

# Login (allauth). Accounts are made by invitation; a coordinator may log in with a code sent by mail.

AUTH_USER_MODEL = "cms.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "cms.accounts.login.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # Mail servers that greylist take longer than allauth's three minutes.
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # A changed password or second factor is told to the owner.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "IKOE: "
# Guesses and mails are counted in the database by account and network (`cms.accounts.limits`). What is left to allauth
# counts requests of one network in the cache: a guard against load, which may fail open.
ACCOUNT_RATE_LIMITS = {"login_failed": None, "request_login_code": "20/m/ip", "reset_password": "20/m/ip"}
ACCOUNT_FORMS = {"change_password": "cms.accounts.login_forms.ChangePasswordForm"}
MFA_FORMS = {
    "authenticate": "cms.accounts.login_forms.AuthenticateForm",
    "reauthenticate": "cms.accounts.login_forms.ReauthenticateForm",
    "login_webauthn": "cms.accounts.login_forms.LoginWebAuthnForm",
    "authenticate_webauthn": "cms.accounts.login_forms.AuthenticateWebAuthnForm",
    "reauthenticate_webauthn": "cms.accounts.login_forms.ReauthenticateWebAuthnForm",
    "add_webauthn": "cms.accounts.login_forms.AddWebAuthnForm",
}
MFA_ADAPTER = "cms.accounts.login.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "IKOE"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG

# Wagtail

WAGTAIL_SITE_NAME = "IKOE"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILADMIN_PERMITTED_LANGUAGES = [("de", "Deutsch")]
WAGTAILIMAGES_IMAGE_MODEL = "home.SiteImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "home.image_forms.SiteImageForm"
WAGTAILIMAGES_RENDITION_STORAGE = "renditions"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "avif", "svg"]
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"webp": "webp", "avif": "avif"}
WAGTAILDOCS_DOCUMENT_MODEL = "archive.Document"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "archive.forms.DocumentForm"
WAGTAILDOCS_EXTENSIONS = [
    "pdf", "pptx", "docx", "xlsx", "odt", "odp", "jpg", "jpeg", "png", "txt", "mp4", "webm", "vtt",
]  # fmt: skip
WAGTAILDOCS_MAX_UPLOAD_SIZE = 100 * 1024 * 1024
WAGTAILSEARCH_BACKENDS = {
    "default": {
        "BACKEND": "wagtail.search.backends.database",
        # Words are reduced to stems before they reach the index, so both databases answer alike.
        "SEARCH_CONFIG": "simple",
    }
}
# Page titles in the admin must not tell a third party who edits what.
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# Shared passwords are kept in plain text by Wagtail.
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
# Every half second (the default) floods the history of a page. The editor says "Speichern …" from the first change
# until it has saved, so a longer interval would look as if it hung.
WAGTAIL_AUTOSAVE_INTERVAL = 8_000
# Of the whole list of Python some zones ("localtime") are unknown to browsers, and the form of the account fails.
WAGTAIL_USER_TIME_ZONES = ["Europe/Berlin", "Europe/London", "Europe/Kyiv", "Europe/Istanbul", "UTC"]
WAGTAIL_DATE_FORMAT = "%d.%m.%Y"
WAGTAIL_DATETIME_FORMAT = "%d.%m.%Y %H:%M"
# Passwords and second factors are allauth's business (see cms/urls.py); addresses are changed by the administration.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
# Who has no password logs in with a code by mail.
WAGTAILUSERS_PASSWORD_REQUIRED = False

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
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "cms.logs.JsonFormatter"},
    },
    "filters": {"without_tokens": {"()": "cms.logs.TokenFilter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["without_tokens"]}},
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
