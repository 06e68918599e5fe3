"""The demo content for tests that read much and change little."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from home import demo


@pytest.fixture(scope="module")
def demo_loaded(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The demo, loaded once a module in a transaction that is rolled back: loading it takes seconds."""
    with django_db_blocker.unblock(), transaction.atomic():
        demo.load()
        demo.publish_report()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo_pages(demo_loaded, db) -> None:
    """The public demo site; what a test changes is gone after it."""
