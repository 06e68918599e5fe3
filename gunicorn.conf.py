"""Settings of gunicorn, which reads this file by itself: `gunicorn cms.wsgi`. Workers: WEB_CONCURRENCY."""

import gc
import os

from gunicorn.http import message

# The site is loaded before the workers are made: a wrong variable ends the server with status 1 and one sentence
# (else gunicorn starts workers for ever), and the workers share the memory of the code.
preload_app = True


def pre_fork(server: object, worker: object) -> None:
    """What was loaded is never thrown away. Looked through each time, it made a search of the archive 0.1 s slower."""
    gc.freeze()


# Addresses with tokens must not reach a log; the proxy in front writes the access log without them.
accesslog = None

# Nobody uses the control interface, and its default place is the home directory, which a container may lack.
control_socket_disable = True

# Ten thousand letters in a search are 60,000 bytes once umlauts are encoded, and get a page of ours instead of a bare
# English error. Gunicorn knows nothing between 8,190 bytes and no limit at all.
message.MAX_REQUEST_LINE = limit_request_line = 65_536

# A sync worker gives no sign of life while it sends, so the default of 30 seconds cuts off every download that takes
# longer: at 50 Mbit/s that is a file of 180 MB. Where the proxy sends the bytes, no answer takes long; with the files
# of a bucket it cannot do that.
in_bucket = os.environ.get("S3_URL") or os.environ.get("S3_URL_FILE")
timeout = 30 if os.environ.get("ACCEL_PREFIX") and not in_bucket else 1800

# What gunicorn itself says has the form of everything else, and no token either: it names the address of a request that
# ends in the middle.
formatter = {"json": "cms.logs.JsonFormatter"}.get(os.environ.get("LOG_FORMAT", ""), "cms.logs.LineFormatter")
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"said": {"()": formatter}},
    "handlers": {"said": {"class": "logging.StreamHandler", "formatter": "said"}},
    "root": {"level": "INFO", "handlers": ["said"]},
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": ["said"], "propagate": False}},
}
