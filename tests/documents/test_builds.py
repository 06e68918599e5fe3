"""Builds that wait, run twice, get lost or go over a limit."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from archive.documentation import requesting
from archive.documentation.building import State, request_build, run_build
from archive.documentation.requesting import LOST, give_up_lost, overdue, take_over
from archive.documentation.tasks import queue_build, sweep_builds
from archive.models import DocumentationBuild
from home.rendering.errors import LimitExceeded
from home.rendering.limits import write_pdf_limited
from tests.documents.conftest import make_source


def too_long(source):
    """Writes no PDF, and ends the build at once: what is built is not looked at here."""
    raise LimitExceeded("Zu lang.")


def begun(build, *, ago):
    DocumentationBuild.objects.filter(pk=build.pk).update(state=State.LAYING_OUT, started_at=timezone.now() - ago)


def test_request_that_waits_is_not_doubled(edition):
    first = request_build(edition)

    assert request_build(edition) == first
    assert request_build(edition, "internal") != first


def test_request_that_runs_is_not_doubled(edition):
    first = request_build(edition)
    take_over(first)

    assert request_build(edition) == first


def test_database_lets_only_one_wait(edition):
    request_build(edition)

    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentationBuild.objects.create(edition=edition)


def test_build_runs_once(edition):
    build = request_build(edition)
    same = DocumentationBuild.objects.get(pk=build.pk)

    assert take_over(build)
    assert not take_over(same)
    assert run_build(same, write=too_long).state == State.GATHERING


def test_ended_build_can_be_requested_again(edition):
    first = run_build(request_build(edition), write=too_long)

    second = request_build(edition)

    assert first.state == State.FAILED
    assert first.reason == "Zu lang."
    assert second != first
    assert second.state == State.WAITING


def test_build_that_died_with_its_worker_is_ended_with_a_reason(edition):
    build = request_build(edition)
    begun(build, ago=requesting.LOST_AFTER + datetime.timedelta(seconds=1))

    assert give_up_lost() == 1

    build.refresh_from_db()
    assert (build.state, build.reason) == (State.FAILED, LOST)
    assert build.finished_at is not None


def test_build_that_still_runs_is_left_alone(edition):
    begun(request_build(edition), ago=datetime.timedelta(seconds=100))

    assert give_up_lost() == 0


def test_lost_build_does_not_stand_in_the_way_of_a_new_one(edition):
    lost = request_build(edition)
    begun(lost, ago=datetime.timedelta(hours=1))

    assert request_build(edition) != lost


def test_build_that_nobody_began_is_overdue(edition):
    build = request_build(edition)
    fresh = request_build(edition, "internal")
    DocumentationBuild.objects.filter(pk=build.pk).update(requested_at=timezone.now() - datetime.timedelta(minutes=2))

    assert overdue(10) == [build.pk]
    assert fresh.state == State.WAITING


def test_without_a_broker_the_build_waits(edition, settings):
    build = request_build(edition)

    assert queue_build(build) is False

    build.refresh_from_db()
    assert build.state == State.WAITING


def test_sweep_ends_what_is_lost(edition):
    begun(request_build(edition), ago=datetime.timedelta(hours=1))

    sweep_builds()

    assert DocumentationBuild.objects.get().state == State.FAILED


@pytest.mark.parametrize(
    ("body", "limits", "reason"),
    [
        ("<p>Wort</p>" * 20_000, {"seconds": 1}, "war nach 1 Sekunden noch nicht fertig"),
        (
            '<table><tr><td colspan="100000000">x</td></tr></table>',
            {"seconds": 60, "memory": 700 * 1024**2},
            "braucht zu viel Speicher",
        ),
    ],
)
def test_build_over_a_limit_fails_with_a_reason(edition, body, limits, reason):
    hostile = make_source(body)

    build = run_build(request_build(edition), write=lambda source: write_pdf_limited(hostile, **limits))

    assert build.state == State.FAILED
    assert reason in build.reason


def test_engine_that_breaks_is_no_riddle(edition):
    def broken(source):
        raise ZeroDivisionError

    build = request_build(edition)
    with pytest.raises(ZeroDivisionError):
        run_build(build, write=broken)

    build.refresh_from_db()
    assert build.state == State.FAILED
    assert "im Protokoll des Servers" in build.reason


def test_build_that_a_worker_has_to_break_off_waits_again(edition, ending_worker, monkeypatch):
    # So often a loaded machine looks whether the child is done, before it is.
    monkeypatch.setattr("home.rendering.limits.LOOK_SECONDS", 0.0)
    build = request_build(edition)

    run_build(build)

    build.refresh_from_db()
    assert (build.state, build.progress, build.started_at, build.reason) == (State.WAITING, 0, None, "")
    assert take_over(build)
