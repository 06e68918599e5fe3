"""What Prometheus gets to see, and that every alert speaks of figures that exist."""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import redis
import urllib3
import yaml
from celery import shared_task
from django.contrib.auth import authenticate
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from archive.models import Document, DocumentVersion
from cms.monitoring import collecting
from cms.monitoring.collecting import SiteCollector
from newsletter.models import Delivery, Mailing, NewsletterIndexPage, Subscriber
from tests.basic_content import ensure_legal_pages
from tests.contents import made_once
from tests.newsletter.conftest import add_issue
from tests.newsletter.mixed_mailing import mixed_mailing

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy" / "prometheus" / "ikoe.rules.yml"


@made_once
def issue(site):
    ensure_legal_pages(site.root_page)
    people = (Subscriber(email=f"leser{one}@example.org", state=Subscriber.State.ACTIVE) for one in range(6))
    Subscriber.objects.bulk_create(people)
    return add_issue(site.root_page.add_child(instance=NewsletterIndexPage(title="Newsletter", slug="newsletter")))


def scrape(collector=None) -> dict[tuple, float]:
    """(name, value of each label …) -> value."""
    registry = CollectorRegistry()
    registry.register(collector or SiteCollector())
    text = generate_latest(registry).decode()
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@shared_task
def goes_wrong():
    raise ValueError("erika")


@shared_task
def goes_well():
    return None


def test_an_empty_site_has_figures_and_says_that_the_broker_is_away(site):
    found = scrape()

    assert found["ikoe_up", "database"] == 1
    assert found["ikoe_up", "broker"] == 0
    assert found["ikoe_oldest_waiting_delivery_seconds",] == 0
    assert found["ikoe_documentation_builds", "failed"] == 0
    assert ("ikoe_queue_length", "mail") not in found


def test_queues_are_as_long_as_the_broker_says(site, broker):
    with redis.Redis.from_url(broker) as client:
        client.lpush("mail", "a", "b")

        found = scrape()

    lengths = {queue: found["ikoe_queue_length", queue] for queue in ("mail", "default", "intake", "pdf")}
    assert lengths == {"mail": 2, "default": 0, "intake": 0, "pdf": 0}


def test_a_mailing_shows_its_mails_and_how_long_the_oldest_waits(issue):
    mailing = mixed_mailing(issue)
    Mailing.objects.update(state=Mailing.State.SENDING)
    Delivery.objects.update(not_before=timezone.now() - datetime.timedelta(minutes=5))

    found = scrape()

    shown = {state: found["ikoe_mailing_deliveries", str(mailing.pk), state] for state in Delivery.State.values}
    counted = {state: mailing.deliveries.filter(state=state).count() for state in Delivery.State.values}
    assert shown == counted
    assert found["ikoe_mailings", "sending"] == 1
    assert 300 <= found["ikoe_oldest_waiting_delivery_seconds",] < 400
    assert found["ikoe_waiting_deliveries",] == 1


def test_counting_a_large_mailing_takes_a_tenth_of_the_time_at_most(issue, monkeypatch):
    mixed_mailing(issue)
    Mailing.objects.update(state=Mailing.State.SENDING)
    monkeypatch.setattr(collecting, "COUNTING_SHARE", 1e-9)
    collector = SiteCollector()
    first = scrape(collector)
    Delivery.objects.update(state=Delivery.State.SENT)

    assert scrape(collector)["ikoe_waiting_deliveries",] == first["ikoe_waiting_deliveries",]


def test_documents_and_documentations_that_wait_or_are_damaged_are_counted(site):
    document = Document.objects.create(title="A")
    long_ago = timezone.now() - datetime.timedelta(hours=1)
    for number, damage in enumerate(("", "missing"), 1):
        DocumentVersion.objects.create(
            document=document, number=number, file="x", original_name="x.pdf", sha256="0" * 64, size=1,
            media_type="application/pdf", damage=damage, extraction_since=long_ago,
        )  # fmt: skip

    found = scrape()

    assert found["ikoe_document_versions", "waiting"] == 2
    assert found["ikoe_damaged_files",] == 1
    assert found["ikoe_oldest_waiting_extraction_seconds",] > 3500


def test_failures_and_successes_of_tasks_and_logins_are_counted_for_all_processes(site, broker):
    goes_wrong.apply()
    goes_wrong.apply()
    goes_well.apply()
    authenticate(None, email="erika@example.org", password="falsch")

    found = scrape()

    assert found["ikoe_failed_tasks_total", goes_wrong.name] == 2
    assert found["ikoe_task_last_success_timestamp_seconds", goes_well.name] > 1_700_000_000
    assert found["ikoe_login_failures_total",] == 1
    assert "erika" not in repr(found)


def test_counting_is_in_nobodys_way_without_a_broker(site, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/9"

    goes_wrong.apply()

    assert scrape()["ikoe_up", "broker"] == 0


def test_every_alert_speaks_of_figures_that_exist_and_says_what_to_do(issue, broker):
    mixed_mailing(issue)
    goes_wrong.apply()
    goes_well.apply()
    known = {name for name, *_labels in scrape()}
    groups = yaml.safe_load(RULES.read_text())["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    recorded = {rule["record"] for rule in rules if "record" in rule}
    alerts = [rule for rule in rules if "alert" in rule]

    used = {name for rule in rules for name in re.findall(r"\bikoe[_:]\w+", rule["expr"])}

    assert used - known - recorded == set()
    assert len(alerts) >= 8
    assert all(rule["annotations"].keys() == {"summary", "description"} for rule in alerts)
    manual = (ROOT / "docs" / "ueberwachung.md").read_text()
    assert [rule["alert"] for rule in alerts if rule["alert"] not in manual] == []


def test_the_command_serves_the_figures_on_its_own_port(tmp_path):
    environment = os.environ | {
        "DEBUG": "1", "VAR_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3",
        "DJANGO_SETTINGS_MODULE": "cms.settings",
    }  # fmt: skip
    command = [sys.executable, "-W", "ignore", "manage.py", "serve_metrics", "--bind", "127.0.0.1:0"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        url = process.stdout.readline().partition(": ")[2].strip()
        text = urllib3.request("GET", url, timeout=20).data.decode()
        process.terminate()

    assert process.returncode == 0
    # Its database has no tables: that is told, and the process goes on.
    assert 'ikoe_up{part="database"} 0.0' in text


@pytest.mark.parametrize("bind", ["", "9808", "localhost:x", "localhost:99999"])
def test_a_port_that_makes_no_sense_is_refused(bind):
    from django.core.management import CommandError, call_command

    with pytest.raises(CommandError, match="ADRESSE:PORT"):
        call_command("serve_metrics", bind=bind)
