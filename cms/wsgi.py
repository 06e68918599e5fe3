"""WSGI entry point: `gunicorn cms.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")

site = get_wsgi_application()

from cms.checks import require_database  # noqa: E402  needs the settings
from cms.page_memory import PageMemory  # noqa: E402

require_database()
application = PageMemory(site)
