"""The settings of the site as tests see them: files in a directory that goes away, and nothing outside is needed."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

VAR_DIRECTORY = tempfile.mkdtemp(prefix="ikoe-tests-")
atexit.register(shutil.rmtree, VAR_DIRECTORY, ignore_errors=True)
Path(VAR_DIRECTORY, "static").mkdir()  # WhiteNoise warns about a missing directory.

for name in [
    name
    for name in os.environ
    if name.startswith(("EMAIL_URL", "REDIS_URL", "MEDIA_ROOT", "ARCHIVE_ROOT", "SENTRY_DSN"))
]:
    del os.environ[name]
os.environ |= {
    "DEBUG": "1",  # pytest-django switches it off again; here it only stands for "no production environment".
    "SECRET_KEY": "tests-only-key-that-protects-nothing-at-all-0000000000000000",
    "BASE_URL": "http://testserver",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "VAR_DIR": VAR_DIRECTORY,
    "STAFF_MFA": "optional",
    # Nobody listens there: a test that needs a broker asks for the fixture `broker`.
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp://127.0.0.1:1",
}
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")

from cms.settings import *  # noqa: E402, F403
from cms.settings import DATABASES, LOGGING, STORAGES  # noqa: E402

# A database of the server that is migrated already (tests/__main__.py).
if os.environ.get("TEST_TEMPLATE"):
    DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ["TEST_TEMPLATE"]}

# A cache of its own for every test process; `cms.cache` has tests with a real server.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # What a test changes it wants to see at once; tests/home/test_queries.py has the real one.
    "template_fragments": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
    "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}
# Real hashing takes a quarter of a second a login.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Manifest names need collectstatic.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# A client of the tests is a server that starts anew: it would look through all static files before its first answer.
WHITENOISE_AUTOREFRESH = True
# As in production. Whatever a library says for debugging, pytest writes into two reports, every missing variable of a
# template with its traceback.
LOGGING["root"]["level"] = "INFO"  # type: ignore[index]
