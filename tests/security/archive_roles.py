"""Everybody who may ask for something of the archive, and every reason why somebody may not have it."""

from archive.access import Level
from home.roles import Role

LEVELS = {
    "anonymous": Level.PUBLIC,
    "deactivated": Level.PUBLIC,
    "without role": Level.PUBLIC,
    Role.COORDINATOR.value: Level.COORDINATION,
    Role.STEERING_GROUP.value: Level.STEERING_GROUP,
    Role.EDITOR.value: Level.EDITORS,
    Role.CHIEF_EDITOR.value: Level.EDITORS,
    Role.ADMINISTRATION.value: Level.EDITORS,
    "superuser": Level.EDITORS,
}
# Name: the level from which one may see it, how it comes to that, whether it is deleted. What is embargoed, expired or
# lacks a consent stands below that level in its own field.
DOCUMENTS = {
    "public": (Level.PUBLIC, {}, False),
    "coordination": (Level.COORDINATION, {}, False),
    "steering": (Level.STEERING_GROUP, {}, False),
    "editors": (Level.EDITORS, {}, False),
    "embargoed": (Level.EDITORS, {"level": Level.PUBLIC, "embargo_until": "2999-01-01"}, False),
    "expired": (Level.EDITORS, {"level": Level.COORDINATION, "expires_on": "2001-01-01"}, False),
    "unconsented": (Level.COORDINATION, {"level": Level.PUBLIC, "people": "named"}, False),
    "deleted public": (Level.PUBLIC, {}, True),
    "deleted internal": (Level.COORDINATION, {}, True),
    "deleted embargoed": (Level.EDITORS, {"level": Level.PUBLIC, "embargo_until": "2999-01-01"}, True),
    "deleted unconsented": (Level.COORDINATION, {"level": Level.PUBLIC, "people": "named"}, True),
    # Whatever level a protocol has, its state comes first.
    "draft": (Level.EDITORS, {"level": Level.PUBLIC, "kind": "protocol"}, False),
    "deleted draft": (Level.EDITORS, {"level": Level.PUBLIC, "kind": "protocol"}, True),
    "in review": (Level.STEERING_GROUP, {"level": Level.PUBLIC, "kind": "protocol"}, False),
    "released": (Level.COORDINATION, {"kind": "protocol"}, False),
}
STATES = {"in review": "review", "released": "released"}


def expected_status(role, name):
    """How the page of a document answers somebody."""
    level, _fields, deleted = DOCUMENTS[name]
    if LEVELS[role] >= level:
        return 410 if deleted else 200
    return 404 if role in ("anonymous", "deactivated") else 403


def visible_to(role):
    """The names of the documents that somebody may see."""
    return {name for name in DOCUMENTS if expected_status(role, name) == 200}
