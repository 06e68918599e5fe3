"""The manuals tell the truth: what they name exists, and what exists is named."""

import re

import pytest
from django.core.management import get_commands

from tests.manuals import APPS, ARCHITECTURE, ROOT, rooms, written_anew

SECURITY = (ROOT / "tests" / "security").glob("*.md")
MANUALS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "tests").glob("*.md"), *SECURITY])
# Tools of those who change the code; the README names them where they are needed.
FOR_DEVELOPERS = {"check_messages", "rebuild_vocabulary"}
README = (ROOT / "README.md").read_text()


def names_of(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


def links_of(manual):
    """Each link to a file of ours: as it is written, the file, and the heading in it ("" for none)."""
    for link in re.findall(r"\]\(([^)\s]+)\)", manual.read_text()):
        if "://" not in link:
            path, _hash, place = link.partition("#")
            yield link, manual.parent / path if path else manual, place


def linked_from(manual):
    return {target.resolve() for _link, target, _place in links_of(manual)}


def places_of(manual):
    """The names of its headings in addresses, as forges make them: small letters, hyphens for spaces."""
    headings = re.findall(r"^#+ (.+)$", manual.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


def code_in(text):
    """What stands between backticks or in indented lines."""
    return [*re.findall(r"`([^`\n]+)`", text), *re.findall(r"^ {4}(\S.*)$", text, re.MULTILINE)]


def test_generated_parts_of_the_architecture_are_up_to_date():
    text = ARCHITECTURE.read_text()

    assert written_anew(text) == text, "python -m tests.manuals writes them anew"


@pytest.mark.parametrize("app", APPS)
def test_every_room_says_what_belongs_into_it(app):
    assert [name for name, says in rooms(app) if not says] == []


@pytest.mark.parametrize("manual", MANUALS, ids=names_of(MANUALS))
def test_manual_names_only_files_that_exist(manual):
    tops = {path.name for path in ROOT.iterdir()} - {"var"}
    named = {word for piece in code_in(manual.read_text()) for word in piece.split()}
    paths = {word.rstrip(',;:"').partition(":")[0] for word in named if word.split("/")[0] in tops and "/" in word}

    missing = {path for path in paths if not re.search(r"[<…*$]", path) and not (ROOT / path).exists()}

    assert missing == set()


@pytest.mark.parametrize("manual", MANUALS, ids=names_of(MANUALS))
def test_manual_links_only_to_what_exists(manual):
    assert [link for link, target, _place in links_of(manual) if not target.exists()] == []


@pytest.mark.parametrize("manual", MANUALS, ids=names_of(MANUALS))
def test_manual_links_only_to_headings_that_exist(manual):
    to_places = [link for link in links_of(manual) if link[2] and link[1].suffix == ".md"]

    assert [link for link, target, place in to_places if place not in places_of(target)] == []


def test_every_manual_is_reached_from_the_index():
    index = ROOT / "docs" / "README.md"

    assert {path.resolve() for path in (ROOT / "docs").rglob("*.md")} - linked_from(index) == {index.resolve()}
    assert index.resolve() in linked_from(ROOT / "README.md")


def test_every_picture_is_shown_in_a_manual_and_all_are_light():
    pictures = {path for path in (ROOT / "docs" / "img").iterdir() if path.suffix != ".md"}
    shown = set().union(*map(linked_from, MANUALS))

    assert {path.resolve() for path in pictures} - shown == set(), (
        "python -m tests.browser.screenshots takes the pictures that manuals show"
    )
    assert sum(path.stat().st_size for path in pictures) < 1_500_000


@pytest.mark.parametrize("manual", MANUALS, ids=names_of(MANUALS))
def test_manual_names_only_targets_of_make_that_exist(manual):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {name for piece in code_in(manual.read_text()) for name in re.findall(r"^make ([a-z][a-z-]*)", piece)}

    assert named - targets == set()


def own_commands():
    return {name for name, app in get_commands().items() if app in APPS}


def test_readme_names_every_command_for_operators():
    assert own_commands() - FOR_DEVELOPERS - {name for piece in code_in(README) for name in piece.split()} == set()


@pytest.mark.parametrize("manual", MANUALS, ids=names_of(MANUALS))
def test_manual_names_only_commands_that_exist(manual):
    named = {name for piece in code_in(manual.read_text()) for name in re.findall(r"manage\.py ([a-z_]+)", piece)}

    assert named - set(get_commands()) == set()


def test_readme_names_every_variable_of_the_environment():
    read = re.compile(r'(?:(?:environment|environ|env)\.\w+|\bread)\(\s*"([A-Z][A-Z0-9_]+)"')
    sources = [path for path in (ROOT / "cms").rglob("*.py") if "demo" not in path.relative_to(ROOT).parts]
    asked = {name for path in sources for name in read.findall(path.read_text())}
    table = {
        name for row in re.findall(r"^\| (`[A-Z].*?) \|", README, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    }

    assert asked - table - {"DJANGO_SETTINGS_MODULE"} == set()
    assert table - asked - {"WEB_CONCURRENCY", "SECRET_KEY"} == set()
