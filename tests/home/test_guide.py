"""The guide for editors, and the words beside the fields that every page has."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse

from home.models import ContentPage
from home.roles import Role


@pytest.fixture
def editor(site, client):
    user = get_user_model().objects.create_user("person@example.org")
    user.groups.add(Group.objects.get(name=Role.EDITOR))
    client.force_login(user)
    return user


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
