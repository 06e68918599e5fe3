"""Composition root: settings, URLs, Celery application, users, roles and the demo."""

from cms.celery import app as celery_app

__all__ = ["celery_app"]
