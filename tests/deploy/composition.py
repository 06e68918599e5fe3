"""The compose file as data, for tests that hold it against manual, README and units."""

from __future__ import annotations

import re
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
# They end by themselves.
ONCE = {"migrate"}


def composition():
    return YAML(typ="safe").load(COMPOSE)


def running_our_code():
    """The services that run the program of the site; the others are nginx, PostgreSQL and Redis."""
    services = composition()["services"]
    return {
        name: service for name, service in services.items() if service["image"].startswith(("ikoe:", "ikoe-intake:"))
    }


def kept_running():
    """Those of them that are there all the time."""
    return {name: service for name, service in running_our_code().items() if name not in ONCE}


def environment_of(name, **chosen):
    """What a container of this service finds in its environment if `chosen` stands in .env."""

    def value(match):
        variable, colon, default = match.groups()
        unset = variable not in chosen or (colon and not chosen[variable])
        return default if unset else chosen[variable]

    given = composition()["services"][name]["environment"]
    return {key: re.sub(r"\$\{(\w+)(:?)-([^}]*)\}", value, str(text)) for key, text in given.items()}
