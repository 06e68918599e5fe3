"""The settings of the tests, as a site in production: nothing is recorded for debugging, and the frame is kept."""

from tests.settings import *  # noqa: F403
from tests.settings import CACHES

DEBUG = False
CACHES = CACHES | {
    "template_fragments": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "frame"}
}
