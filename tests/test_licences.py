"""The licences of everything that the site imports: listed in docs/lizenzen.md, and none that would bind the site.

`python -m tests.test_licences` writes the list anew.
"""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
LIST = ROOT / "docs" / "lizenzen.md"
HEAD = """# Lizenzen der Abhängigkeiten

Alles, was die Website im Betrieb einbindet, mit allem, was es selbst mitbringt. Die Liste entsteht aus den Angaben
der installierten Pakete (`python -m tests.test_licences`); ein Test hält sie auf dem Stand und lässt keine GPL oder
AGPL zu, außer wo ein Paket eine andere Lizenz zur Wahl stellt.
Eigener Code: BSD-3-Clause (`LICENSE`). Schrift Fira Sans: SIL Open Font License (`home/static/fonts/OFL.txt`).

| Paket | Lizenz |
| --- | --- |
"""
# Packages that say it in their repository only.
SAID_ELSEWHERE = {"mrml": "MIT"}
BINDING = re.compile(r"\b(?:A?GPL|GNU (?:Affero )?General Public)", re.IGNORECASE)
LESSER = re.compile(r"LGPL|Lesser|Library General Public", re.IGNORECASE)


def name_of(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()


def imported() -> set[str]:
    """The names of the dependencies of the site and of theirs, as far as they are installed."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    found: set[str] = set()
    open_names = [(name_of(one), set(re.findall(r"\[([^\]]*)\]", one)[:1])) for one in wanted]
    while open_names:
        name, extras = open_names.pop()
        if name in found:
            continue
        try:
            requires = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        found.add(name)
        for requirement in requires:
            extra = re.search(r"extra == ['\"]([^'\"]+)", requirement)
            if extra is None or any(extra[1] in given for given in extras):
                open_names.append((name_of(requirement), set(re.findall(r"\[([^\]]*)\]", requirement)[:1])))
    return found


def licence_of(name: str) -> str:
    about = metadata.metadata(name)
    classifiers = [
        value.rpartition(" :: ")[2] for value in about.get_all("Classifier", []) if value.startswith("License ::")
    ]
    plain = about.get("License-Expression") or ", ".join(one for one in classifiers if one != "OSI Approved")
    text = plain or (about.get("License") or "").strip().splitlines()[:1] or SAID_ELSEWHERE.get(name, "")
    return text if isinstance(text, str) else text[0]


def written() -> str:
    return HEAD + "".join(f"| {name} | {licence_of(name)} |\n" for name in sorted(imported()))


def test_every_dependency_says_its_licence():
    assert {name for name in imported() if not licence_of(name)} == set()


def test_no_dependency_binds_the_site_to_its_licence():
    bound = {}
    for name in imported():
        # A list of classifiers, and OR, let one choose.
        choices = re.split(r",\s|\sOR\s", licence_of(name))
        if all(BINDING.search(LESSER.sub("", choice)) for choice in choices):
            bound[name] = licence_of(name)

    assert bound == {}


def test_list_is_up_to_date():
    """Another version of Wagtail brings fewer or other packages, so the list may hold more than is installed."""
    listed = set(LIST.read_text().splitlines())

    assert [line for line in written().splitlines() if line not in listed] == [], "run python -m tests.test_licences"


if __name__ == "__main__":
    LIST.write_text(written())
