"""The line that names who contributes to a part of the programme."""

from home.events.contributors import contributor_lines
from home.events.models import ProgrammeSpeaker
from home.people import Person


def speaker(name="", organisation="", part="speaker"):
    person = Person(name=name, organisation=organisation) if name else None
    return ProgrammeSpeaker(person=person, organisation="" if name else organisation, part=part)


def test_people_of_one_organisation_share_its_name():
    speakers = [speaker("Ada", "Landkreis Harz"), speaker("Bo", "Landkreis Harz"), speaker("Cem")]

    assert contributor_lines(speakers) == ["Ada und Bo (Landkreis Harz)", "Cem"]


def test_moderation_comes_last_and_says_so():
    speakers = [speaker("Ada", "IKOE", "moderation"), speaker("Bo", "IKOE")]

    assert contributor_lines(speakers) == ["Bo (IKOE)", "Moderation: Ada (IKOE)"]


def test_organisation_without_a_person_stands_for_itself():
    assert contributor_lines([speaker(organisation="Investitionsbank")]) == ["Investitionsbank"]


def test_nobody_is_no_line():
    assert contributor_lines([]) == []


def test_three_names_are_listed():
    assert contributor_lines([speaker(name, "X") for name in "ABC"]) == ["A, B und C (X)"]
