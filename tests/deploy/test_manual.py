"""What the manual for operators tells to type fits the files that it is about."""

from __future__ import annotations

import re

from tests.deploy.composition import ROOT, kept_running

MANUAL = (ROOT / "docs/operations.md").read_text()
RESTORE = MANUAL.partition("### Zurückspielen\n")[2].partition("\n## ")[0]


def test_restoring_begins_with_stopping_all_that_runs_our_code():
    (stopped,) = re.findall(r"docker compose stop (.*)", RESTORE)

    assert set(stopped.split()) == set(kept_running())


def test_archive_is_handed_to_the_account_that_restores_it():
    """A backup has mode 0600 and belongs to root once it is copied to the host; in a container nobody is root."""
    account = re.findall(r"^USER (\d+):\d+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[0]

    handed = re.search(r"^    install -o (\d+) -m 400 \S+ (\S+)$", RESTORE, re.MULTILINE)

    assert handed and handed[1] == account
    assert f'-v "$PWD/{handed[2]}:' in RESTORE


def test_every_service_of_ours_is_named():
    services = MANUAL.partition("\nDienste: ")[2].partition("\n\n")[0]

    assert {f"`{name}`" for name in kept_running()} - set(re.findall(r"`[\w-]+`", services)) == set()
