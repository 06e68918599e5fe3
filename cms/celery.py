"""The Celery application: `celery -A cms worker -Q mail,default,intake,pdf` and `celery -A cms beat`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")

app = Celery("cms")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(
    ["archive.documentation", "archive.notices", "home.feedback", "home.upkeep", "newsletter.bounces"]
)
