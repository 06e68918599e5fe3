"""The site's own settings for worker processes of the fault tests, with leases that a test can wait for."""

from cms.settings import *  # noqa: F403

MAIL_LEASE_SECONDS = 6
EMAIL_TIMEOUT = 2
