"""What a documentation says of an edition of which not everything is known, and how it is set."""

import pytest

from archive.access import Level
from archive.documentation.gather import gather
from archive.documentation.layout import document_source
from archive.documentation.wording import unbroken
from home.events.models import EditionPage, Participation
from home.identity import SiteIdentity
from tests.documents.editions import text_of, write_once


def gathered_again(edition):
    return gather(EditionPage.objects.get(pk=edition.pk), Level.PUBLIC)


def test_attendance_says_how_much_is_not_on_record(edition):
    assert gathered_again(edition).attendance_words == (
        "2 von 14 Koordinierungsstellen (12 nicht erfasst), mindestens 6 Personen"
    )


def test_attendance_of_all_offices_is_no_estimate(edition, offices):
    for office in offices[1:11] + offices[12:]:
        Participation.objects.create(page=edition, office=office, attended=False)

    assert gathered_again(edition).attendance_words == "2 von 14 Koordinierungsstellen, 6 Personen"


@pytest.mark.parametrize(("state", "words"), [("documented", "nicht überliefert"), ("announced", "noch offen")])
def test_date_that_is_not_known(edition, state, words):
    EditionPage.objects.filter(pk=edition.pk).update(start_date=None, end_date=None, state=state)

    assert gathered_again(edition).period_words == words


def test_cover_names_the_host_unless_it_is_the_town(edition):
    EditionPage.objects.filter(pk=edition.pk).update(place="Wernigerode")
    elsewhere = gathered_again(edition)
    EditionPage.objects.filter(pk=edition.pk).update(place="Landkreis Stelle HAL")

    assert elsewhere.hosts_beside_place == ("Landkreis Stelle HAL",)
    assert "Gastgeberin: Landkreis Stelle HAL" in document_source(elsewhere).html
    assert gathered_again(edition).hosts_beside_place == ()


def test_two_hosts_are_two(edition, offices):
    Participation.objects.create(page=edition, office=offices[3], hosted=True)

    documentation = gathered_again(edition)

    assert documentation.hosts_heading == "Gastgeberinnen"
    assert documentation.map_title == (
        "Karte der Koordinierungsstellen. Gastgeberinnen: Landkreis Stelle HAL und Landkreis Stelle MD. "
        "Die Namen aller Stellen stehen unter „Wer dabei war“."
    )


@pytest.mark.parametrize(("publisher", "sentence"), [("Verein e. V.", "Verein e. V."), ("Verein", "Verein.")])
def test_publisher_ends_with_one_full_stop(edition, publisher, sentence):
    identity = SiteIdentity.load()
    identity.organisation = publisher
    identity.save()

    assert gathered_again(edition).imprint.publisher_sentence == sentence


def test_lines_do_not_break_where_din_5008_forbids_it():
    markup = '<svg viewBox="0 0 -3 -3"></svg><p title="21. November">Am 21. November, § 16, e. V.</p>'

    assert unbroken(markup) == (
        '<svg viewBox="0 0 -3 -3"></svg><p title="21. November">Am 21.\u00a0November, §\u00a016, e.\u00a0V.</p>'
    )


def test_head_of_a_page_does_not_repeat_the_heading_below_it(edition):
    text = text_of(write_once(document_source(gather(edition, Level.PUBLIC))))

    # In the contents and as the heading.
    assert text.count("Auf einen Blick") == 2
