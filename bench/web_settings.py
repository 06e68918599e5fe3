"""The site without any cache: every page and everything around it is made anew for every request."""

from cms.settings import *  # noqa: F403
from cms.settings import CACHES

NONE = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
CACHES = CACHES | {"template_fragments": NONE, "pages": NONE}
