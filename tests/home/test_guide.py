"""The guide for editors, and the words beside the fields that every page has."""

import pytest
from django.urls import reverse
from wagtail.admin.panels import FieldPanel, get_edit_handler
from wagtail.images.forms import get_image_form
from wagtail.models import Page

from home.blocks import BodyBlock
from home.models import ContentPage, CoordinationOffice, EditionPage, ProgrammeItem, ProgrammeSpeaker, SiteImage

# Fields that say it all with their name, their choices or their place in a form.
CLEAR = {"title", "slug", "seo_title", "search_description", "person", "part", "go_live_at", "expire_at", "comments"}


def test_help_menu_leads_to_the_guide(client, editor):
    address = reverse("home_guide")

    desk = client.get(reverse("wagtailadmin_home")).content.decode()
    guide = client.get(address).content.decode()

    assert address in desk
    assert all(f'id="{part}"' in guide for part in ("bericht", "ausgabe", "dokumente", "newsletter", "rollen"))


def test_guide_is_closed_to_visitors(site, client):
    assert client.get(reverse("home_guide")).status_code == 302


def test_page_says_what_its_address_and_titles_are_for(client, site, editor):
    page = site.root_page.add_child(instance=ContentPage(title="Projekt", slug="projekt"))

    html = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()

    assert "Wer die Adresse ändert, lässt eine Weiterleitung zurück." in html
    for label in ("Adresse der Seite", "Titel für Suchmaschinen", "Beschreibung für Suchmaschinen und Vorschauen"):
        assert label in html
    assert "domain.com" not in html


def test_an_edition_is_not_offered_to_menus_that_never_show_it():
    fields = EditionPage.get_edit_handler().get_form_options()["fields"]

    assert "slug" in fields
    assert "show_in_menus" not in fields


def silent_fields(panel) -> set[str]:
    """Names of the fields of a form without a word beside them."""
    found = set()
    for child in getattr(panel, "children", ()):
        found |= silent_fields(child)
    if isinstance(panel, FieldPanel) and not (panel.help_text or panel.db_field.help_text):
        found.add(panel.field_name)
    return found - CLEAR


@pytest.mark.parametrize("model", [EditionPage, ProgrammeItem, ProgrammeSpeaker, CoordinationOffice])
def test_fields_of_an_edition_and_an_office_say_what_goes_in(model):
    handler = model.get_edit_handler() if issubclass(model, Page) else get_edit_handler(model)

    assert silent_fields(handler) == set()


def test_image_form_says_what_a_note_on_consent_is(db):
    assert "Erklärung" in get_image_form(SiteImage)().fields["consent_note"].help_text


@pytest.mark.parametrize("name", ["gallery", "figures"])
def test_blocks_of_several_parts_say_what_goes_in(name):
    assert BodyBlock().child_blocks[name].meta.help_text
