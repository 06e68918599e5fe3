"""Nothing about people is kept that is not in the processing record, and every period has somebody who keeps it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from cms.privacy import record

# What names somebody by the name of its field alone.
NAMES = {"first_name", "last_name", "person", "speakers", "phone", "user_agent", "author", "name"}
# Names of things.
THINGS = {
    "home.Topic", "home.CoordinationOffice", "home.Funder", "home.FundingPeriod", "home.EventSeries", "taggit.Tag",
    "wagtailcore.Collection", "wagtailcore.Workflow", "wagtailcore.Task", "auth.Permission", "auth.Group",
}  # fmt: skip
PEOPLE = {"cms.User", "newsletter.Subscriber"}


def personal_fields():
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if (
                isinstance(field, models.EmailField | models.GenericIPAddressField)
                or (field.is_relation and field.related_model and field.related_model._meta.label in PEOPLE)
                or (field.name in NAMES and not (field.name == "name" and model._meta.label in THINGS))
            ):
                yield model._meta.label, field.name


def test_every_field_about_people_is_in_the_record():
    assert set(personal_fields()) - set(record.named_fields()) == set()


def test_record_names_fields_that_exist():
    for model, name in record.named_fields():
        assert apps.get_model(model)._meta.get_field(name)


def test_every_period_is_a_setting_with_a_task_that_runs():
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    for processing in record.RECORD:
        assert set(processing.tasks) <= scheduled, processing.title
        assert all(getattr(settings, name) > 0 for name in processing.periods)
        assert processing.tasks or not processing.periods, processing.title


def test_every_task_that_forgets_is_in_the_record():
    forgetting = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values() if "forget" in entry["task"]}

    assert forgetting <= {name for processing in record.RECORD for name in processing.tasks}


def test_document_is_up_to_date():
    text = record.DOCUMENT.read_text()

    if text != record.rendered(text):
        pytest.fail("Run manage.py processing_record --write")
