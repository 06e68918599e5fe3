"""WSGI entry point: `gunicorn cms.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")

site = get_wsgi_application()

from django.urls import get_resolver  # noqa: E402  needs the settings

from cms.checks import require_database  # noqa: E402
from cms.head_requests import WithoutBodyForHead  # noqa: E402
from cms.page_memory import PageMemory  # noqa: E402

# Else each worker loads all views with its first request, which somebody waits for, into memory of its own.
_ = get_resolver().url_patterns
require_database()
application = PageMemory(WithoutBodyForHead(site))
