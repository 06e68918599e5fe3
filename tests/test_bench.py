"""The benchmarks, as far as nothing has to be measured: they run rarely, and shall not be found broken then."""

from __future__ import annotations

import importlib
from subprocess import CalledProcessError

import pytest

from bench import mail_content, mail_work, peers, production, steps
from bench.__main__ import PARTS
from newsletter.sending.message import SLOTS


@pytest.mark.parametrize("part", PARTS)
def test_every_part_is_there_to_be_measured(part):
    assert callable(importlib.import_module(f"bench.{part}").measure)


def test_a_step_tells_what_stands_in_its_last_line():
    assert steps.run("-c", "print('Nebenbei'); print('[1, 2]')") == [1, 2]


def test_a_step_that_fails_is_no_result():
    with pytest.raises(CalledProcessError):
        steps.run("-c", "print('[1, 2]'); raise SystemExit(3)")


def test_a_peer_that_was_installed_by_half_is_not_taken_for_a_whole_one(tmp_path, monkeypatch):
    monkeypatch.setattr(peers, "KEPT", tmp_path)
    (tmp_path / "peer" / "half").mkdir(parents=True)

    for _time in range(2):
        with pytest.raises(peers.PeerMissing, match="peer"):
            peers.libraries("peer", str(tmp_path / "missing.whl"))
        assert list((tmp_path / "peer").iterdir()) == []


def test_a_benchmark_says_itself_what_it_is_about(monkeypatch):
    monkeypatch.setenv("DEBUG", "1")

    found = production.environment(BASE_URL="http://www.example.org")

    assert (found["DEBUG"], found["BASE_URL"]) == ("0", "http://www.example.org")


def test_the_mail_of_django_has_the_same_variables_as_ours():
    for text in (mail_content.HTML, mail_content.TEXT):
        template = mail_work.as_template(text)

        assert all(f"{{{{ {name} }}}}" in template for name in SLOTS.values())
        assert not any(marker in template for marker in SLOTS)
