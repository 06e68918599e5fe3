"""`publiccode.yml` is what the standard asks for, and says the same as the rest of the project.

The standard (publiccode.yml 0.4, docs.publiccode.tools) has no schema of its own; SCHEMA has its mandatory keys, limits
and closed lists, as far as they are used here.
"""

import tomllib

import yaml
from django.conf import settings
from jsonschema import Draft202012Validator

from tests.manuals import ROOT

TEXT = {"type": "string", "minLength": 1}
TEXTS = {"type": "array", "items": TEXT, "minItems": 1}
CATEGORIES = ["content-management", "document-management", "email-marketing", "event-management"]


def closed(required, optional=()):
    """An object with these keys and no others."""
    properties = {**required, **dict(optional)}
    return {"type": "object", "required": list(required), "properties": properties, "additionalProperties": False}


DESCRIPTION = closed(
    {
        "shortDescription": {"type": "string", "maxLength": 150},
        "longDescription": {"type": "string", "minLength": 150, "maxLength": 10_000},
        "features": TEXTS,
    },
    {"localisedName": TEXT, "screenshots": {"type": "array", "items": {"type": "string", "pattern": r"\.(png|jpg)$"}}},
)
DEPENDENCY = closed({"name": TEXT}, {"versionMin": TEXT, "versionMax": TEXT, "optional": {"type": "boolean"}})
SCHEMA = closed(
    {
        "publiccodeYmlVersion": {"const": "0.4"},
        "name": TEXT,
        "url": {"type": "string", "pattern": "^https://"},
        "platforms": TEXTS,
        "categories": {"type": "array", "items": {"enum": CATEGORIES}, "minItems": 1},
        "developmentStatus": {"enum": ["concept", "development", "beta", "stable", "obsolete"]},
        "softwareType": {"const": "standalone/web"},
        "description": {"type": "object", "additionalProperties": DESCRIPTION, "minProperties": 1},
        "legal": closed({"license": TEXT}, {"mainCopyrightOwner": TEXT}),
        "maintenance": closed(
            {
                "type": {"enum": ["internal", "community"]},
                "contacts": {"type": "array", "items": closed({"name": TEXT}, {"email": TEXT}), "minItems": 1},
            }
        ),
        "localisation": closed({"localisationReady": {"type": "boolean"}, "availableLanguages": TEXTS}),
    },
    {
        "softwareVersion": TEXT,
        "intendedAudience": closed({}, {"countries": TEXTS, "scope": TEXTS}),
        "dependsOn": closed({}, {"open": {"type": "array", "items": DEPENDENCY}}),
    },
)
SAID = yaml.safe_load((ROOT / "publiccode.yml").read_text())


def test_publiccode_has_what_the_standard_demands():
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(SAID)] == []


def test_publiccode_agrees_with_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert SAID["softwareVersion"] == project["version"]
    assert SAID["legal"]["license"] == project["license"]
    assert settings.LANGUAGE_CODE in SAID["localisation"]["availableLanguages"]


def test_publiccode_shows_pictures_that_exist():
    pictures = [path for text in SAID["description"].values() for path in text.get("screenshots", [])]

    assert pictures
    assert [path for path in pictures if not (ROOT / path).exists()] == []
