"""A mailing under fire: nobody is lost, nobody gets it twice, and what is uncertain is named.

Everything is real: PostgreSQL, Valkey, Celery, and a mail server that records what it accepts. `make faults` runs the
same with 20,000 readers.
"""

from __future__ import annotations

import signal
import time

import pytest

from tests.faults.conftest import ON_POSTGRES, once
from tests.faults.scene import LONG, PROCESSES, READERS, SESSIONS

KILLS = 30 if LONG else 3
CRASHES = 5 if LONG else 1
CLAIM = 50
ALL_SESSIONS = PROCESSES * SESSIONS


database_with_processes = pytest.mark.skipif(
    not ON_POSTGRES, reason="SQLite has no process to kill; these faults are tried beside the tests on PostgreSQL"
)


def test_killed_workers_lose_and_double_nobody(scene):
    scene.office.seconds = 0.001 if LONG else 0.005

    for turn in range(1, KILLS + 1):
        scene.wait_for_share(turn / (KILLS + 2))
        time.sleep(scene.chance.uniform(0, 0.2))
        scene.worker.restart()

    scene.wait_for_end()
    scene.check(uncertain=KILLS * ALL_SESSIONS, words=f"{KILLS} killed workers")


def test_a_flushed_and_restarted_broker_loses_nobody(scene):
    scene.office.seconds = 0.005

    scene.wait_for_share(0.2)
    scene.broker.flush()
    scene.wait_for_share(0.4)
    scene.broker.kill()
    scene.broker.start()
    scene.wait_for_share(0.6)
    scene.broker.kill(forget=True)
    scene.broker.start()

    scene.wait_for_end()
    scene.check(uncertain=0, words="flushed and restarted broker")


@database_with_processes
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL], ids=["fast", "immediate", "killed"])
def test_a_database_that_stops_while_workers_live_leaves_nothing_uncertain(scene, how):
    scene.office.seconds = 0.005

    for turn in range(1, CRASHES + 1):
        scene.wait_for_share(turn / (CRASHES + 2))
        scene.database.stop(how)
        time.sleep(scene.chance.uniform(0, 1))
        scene.database.start()

    scene.wait_for_end()
    scene.check(uncertain=0, words=f"database stopped by {how.name}, {CRASHES} times")


@database_with_processes
def test_one_killed_process_of_the_database_leaves_nothing_uncertain(scene):
    scene.office.seconds = 0.005

    for turn in range(1, CRASHES + 1):
        scene.wait_for_share(turn / (CRASHES + 2))
        scene.database.kill_one_process()

    scene.wait_for_end()
    scene.check(uncertain=0, words=f"one process of the database killed, {CRASHES} times")


@database_with_processes
@pytest.mark.parametrize("whole", [True, False], ids=["whole", "one process"])
def test_database_and_workers_that_die_together_leave_one_claim_uncertain(scene, whole):
    scene.office.seconds = 0.005

    for turn in range(1, CRASHES + 1):
        scene.wait_for_share(turn / (CRASHES + 2))
        if whole:
            scene.database.stop(signal.SIGKILL)
            scene.worker.kill()
            scene.database.start()
        else:
            # The server goes on under the same number, and has forgotten what it had not written yet.
            scene.database.kill_one_process()
            scene.worker.kill()
        scene.worker.start(scene.worker.environment)

    scene.wait_for_end()
    scene.check(uncertain=CRASHES * CLAIM * ALL_SESSIONS, words=f"database and workers killed, {CRASHES} times")


@once
@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelined", "step by step"])
def test_a_mail_server_in_trouble_makes_uncertain_only_what_it_may_have_taken(scene, pipelining):
    scene.office.seconds, scene.office.pipelining = 0.002, pipelining
    chosen = iter(scene.chance.sample(range(READERS), READERS // 10 + 40))
    kinds = {"drop-envelope": 8, "drop-content": 8, "drop-answer": 4, "turn-away": 4, "hang": 2}
    kinds |= {"refuse": READERS // 20, "refuse-envelope": READERS // 40}
    scene.office.most_mails = 90
    for kind, number in kinds.items():
        scene.office.faults |= {f"leser{next(chosen)}@example.org": kind for _time in range(number)}

    scene.wait_for_share(0.4)
    scene.office.close()
    time.sleep(1)
    scene.office.reopen()

    scene.wait_for_end()
    # Who has sent everything cannot know where it got to; closing the server cut off what was on its way.
    faults = kinds["drop-content"] + kinds["drop-answer"] + kinds["hang"]
    scene.check(uncertain=faults + ALL_SESSIONS, words=f"mail server in trouble, pipelining {pipelining}")


@once
def test_everything_asked_for_many_times_is_sent_once(scene):
    for _time in range(10):
        scene.broker.ask("newsletter.tasks.deliver_mailing", scene.mailing)
        scene.beat()

    scene.wait_for_end()
    scene.check(uncertain=0, words="ten times at once")
