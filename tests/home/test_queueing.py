"""Asking a worker for a task, with a broker and without one."""

from home.queueing import queue
from home.upkeep.tasks import check_external_links
from tests.queues import waiting


def test_a_task_waits_for_a_worker(broker):
    assert queue(check_external_links, only_new=True, expires=300) is True

    assert waiting(broker) == 1


def test_a_lost_broker_is_told_and_logged_and_harms_nobody(caplog):
    assert queue(check_external_links, 3) is False

    assert "home.upkeep.tasks.check_external_links (3,) not queued: OperationalError" in caplog.text
